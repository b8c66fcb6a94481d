import type { Command } from 'commander'
import { getAddresses } from 'viem/actions'
import { ChainFault } from '../../account/ChainFault.js'
import type { OwnerSigner, OwnerTransaction } from '../../account/OwnerSigner.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { address } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { asked } from './asked.js'
import { confirm } from './confirm.js'
import { nameOf, type Connection } from './connect.js'
import { ownerAddress, ownerOf, type SignerFlags } from './owner.js'
import { settle, transact } from './transaction.js'

/** Who carries to the chain, and pays for, what another has signed: anyone with some ether. */
export type CarrierFlags = Pick<SignerFlags, 'passwordFile' | 'fromKeystore' | 'fromUnlocked' | 'fromPasswordFile'> & {
  readonly yes?: true
}

/** Adds the flags of the carrier to a command that has --password-file already. */
export const carrierOptions = (command: Command): Command =>
  command
    .option('--from-keystore <path>', 'the encrypted keystore file of who pays for carrying what was signed')
    .option('--from-unlocked <address>', 'the same, by an address whose key the node itself holds', address)
    .option('--from-password-file <path>', 'the first line is the password of --from-keystore, where it is another one')

/** Whether anybody is named to carry it. */
export const hasCarrier = ({ fromKeystore, fromUnlocked }: CarrierFlags): boolean =>
  fromKeystore !== undefined || fromUnlocked !== undefined

/** The carrier's flags and no others: the owner's device has no part in carrying. */
const own = ({ passwordFile, fromKeystore, fromUnlocked, fromPasswordFile }: CarrierFlags): SignerFlags => ({
  ...(passwordFile !== undefined && { passwordFile }),
  ...(fromKeystore !== undefined && { fromKeystore }),
  ...(fromUnlocked !== undefined && { fromUnlocked }),
  ...(fromPasswordFile !== undefined && { fromPasswordFile }),
})

/** The carrier's address. */
export const carrierAddress = (io: Io, flags: CarrierFlags): Promise<Address> => ownerAddress(io, own(flags), 'from')

/**
 * Ends the command where the carrier could not pay for the smallest transaction, or the node holds no key of an unlocked one. To be called before an
 * owner is asked to sign what would then not be carried.
 */
export const expectPayer = async (io: Io, flags: CarrierFlags, { client, chainId }: Connection): Promise<void> => {
  const address = await carrierAddress(io, flags)
  if (flags.fromUnlocked !== undefined) {
    const held = await asked(getAddresses(client))
    if (!held.some((one) => one.toLowerCase() === address))
      throw new CliError(
        ExitCode.environment,
        `the node holds no key of the payer ${address}`,
        'give --from-unlocked an address that the node holds (eth_accounts), or say --from-keystore FILE',
      )
  }
  const [balance, gasPrice] = await Promise.all([asked(client.getBalance({ address })), asked(client.getGasPrice())])
  if (balance < gasPrice * smallestGas)
    throw new ChainFault(
      'insufficient-funds',
      `the payer ${address} has too little ether for a transaction on ${nameOf(chainId)}`,
      'send ether to that address, or name another payer',
    )
}

/** Gas of a transaction that does nothing. */
const smallestGas = 21_000n

/** What is to be carried. */
export type Carried = OwnerTransaction & {
  /** Asked before it is sent; the carrier's address is put in for `$`. */
  readonly question: string
  /** Whether it is done already: looked at again when no earlier transaction of the carrier is on its way. */
  readonly isDone: () => Promise<boolean>
}

/**
 * Sends it and waits until it is in a block; its hash, or undefined where it was done by then. It is tried first, so that what would revert is not
 * sent. Ends the command with a ChainFault.
 */
export const carry = async (
  io: Io,
  flags: CarrierFlags,
  connection: Connection,
  { question, isDone, ...transaction }: Carried,
): Promise<Hex | undefined> => {
  const carrier: OwnerSigner = await ownerOf(io, own(flags), connection, 'from')
  await settle(io, connection, carrier.address)
  if (await isDone()) return undefined
  await asked(connection.client.call({ ...transaction, account: carrier.address }))
  await confirm(io, flags, question.replace('$', carrier.address))
  try {
    return await transact(io, connection, carrier, transaction)
  } catch (error) {
    // Anyone may carry it: somebody else may have been faster.
    if (await isDone()) return undefined
    throw error
  }
}
