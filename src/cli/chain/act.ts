import { Option, type Command } from 'commander'
import { type Acted, deployTransaction, ownerAct, ownerTransaction, type Via } from '../../account/ownerAct.js'
import { ownerAccount } from '../../account/ownerAccount.js'
import type { OwnerSigner } from '../../account/OwnerSigner.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { hasDevice } from '../device/deviceOptions.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import { asked } from './asked.js'
import { chainOptions, type ChainFlags, type Without } from './chainOptions.js'
import { connect, type Connection, type Need } from './connect.js'
import { ownerAddress, ownerOf, ownerOptions, type SignerFlags } from './owner.js'
import type { Planned } from './planned.js'
import { settle } from './transaction.js'
import { waiting } from './waiting.js'

/** How a command has an account do something on its owner's authority. */
export type ActFlags = ChainFlags & SignerFlags & { readonly via?: Way }

/** How the owner's word travels. By text only where a device signs it. */
export type Way = 'transaction' | 'bundler' | 'text'

/** What the account is to do. */
export type Order = {
  /** A clause, such as `grants the session 0x…`. */
  readonly what: string
  readonly account: Address
  /** Calldata to the account itself. */
  readonly data: Hex
  /** Where the account has no code yet: it is made first. */
  readonly salt?: bigint
}

/** Adds the flags of commands that act as the owner. */
export const actOptions = (command: Command, without: readonly Without[] = []): Command =>
  ownerOptions(
    viaOption(
      chainOptions(command, without),
      ['transaction', 'bundler'],
      'a transaction of the owner, or a UserOperation (default: transaction)',
    ),
  )

/** `actOptions` of commands whose order a device can sign as text too. */
export const textActOptions = (command: Command, without: readonly Without[] = []): Command =>
  ownerOptions(
    viaOption(
      chainOptions(command, without),
      ['transaction', 'bundler', 'text'],
      'a transaction of the owner, a UserOperation, or text that a device signs and anyone carries (default: transaction; with a device: text)',
    ),
  )

const viaOption = (command: Command, ways: readonly Way[], what: string): Command =>
  command.addOption(new Option('--via <way>', `how the owner's word travels: ${what} `).choices(ways))

/** `connect`, and to the bundler too where the owner's word goes through one. */
export const connectToAct = (io: Io, flags: ActFlags, needs: readonly Need[]): Promise<Connection> => {
  if (flags.via !== 'bundler') return connect(io, flags, needs)
  if (hasDevice(flags))
    throw new CliError(
      ExitCode.usage,
      'a UserOperation is a bare hash on a device, which nobody can compare with anything',
      'use --via transaction, or for grant and revoke text, which the device shows whole (leave --via out)',
    )
  return connect(io, flags, [...needs, 'bundler'])
}

/** Exactly what `perform` would send, in order. */
export const plan = async (
  io: Io,
  flags: ActFlags,
  connection: Connection,
  order: Order,
): Promise<readonly Planned[]> => {
  const { client, kind } = connection
  const { what, account, data, salt } = order
  const from = await ownerAddress(io, flags)
  if (connection.bundler !== undefined) return [await planOperation(connection, from, order)]
  const there = (await asked(client.getCode({ address: account }))) !== undefined
  const making = salt === undefined || there ? undefined : deployTransaction(kind, from, salt)
  return [
    ...(making ? [{ what: `makes the account ${account}`, from, ...making }] : []),
    { what, from, ...ownerTransaction(kind, account, data) },
  ]
}

/** The owner, once no earlier transaction of theirs is on its way: what it does may be what is about to be done. */
export const settledOwner = async (io: Io, flags: ActFlags, connection: Connection): Promise<OwnerSigner> => {
  const owner = await ownerOf(io, flags, connection)
  if (connection.bundler === undefined) await settle(io, connection, owner.address)
  return owner
}

/** Has the account do it, and waits until that is in a block. Ends with a ChainFault. */
export const perform = async (io: Io, connection: Connection, owner: OwnerSigner, order: Order): Promise<Acted> => {
  const { client, kind, entryPoint, bundler } = connection
  const { account, data, salt, what } = order
  const via: Via = bundler === undefined ? 'transaction' : { bundler, entryPoint }
  const options = { client, kind, account, owner, via, ...(salt !== undefined && { salt }) }
  return waiting(io, what, asked(ownerAct(options, data)))
}

/** A UserOperation before it is signed. Gas and fees are those of this moment. */
const planOperation = async (connection: Connection, from: Address, order: Order): Promise<Planned> => {
  const { client, chainId, kind, entryPoint, bundler } = connection
  const { what, account: address, data, salt } = order
  const silent = (): Promise<never> => Promise.reject(new Error('a plan is not signed'))
  const owner: OwnerSigner = { address: from, sendTransaction: silent, signMessage: silent }
  const speaker = { client, chainId, kind, address, owner, entryPoint, ...(salt !== undefined && { salt }) }
  const account = await asked(ownerAccount(speaker))
  const fees = await asked(client.estimateFeesPerGas({ type: 'eip1559' }))
  const prepared = await asked(
    (bundler as NonNullable<typeof bundler>).prepareUserOperation({ account, callData: data, ...fees }),
  )
  const { factory, factoryData } = await asked(account.getFactoryArgs())
  const { nonce, callGasLimit, verificationGasLimit, preVerificationGas } = prepared
  return {
    what,
    from: address,
    to: address,
    data,
    operation: {
      signer: from,
      nonce,
      callGasLimit,
      verificationGasLimit,
      preVerificationGas,
      maxFeePerGas: fees.maxFeePerGas,
      maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
      ...(factory !== undefined && factoryData !== undefined && { factory, factoryData }),
    },
  }
}
