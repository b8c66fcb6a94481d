import { type Chain, type Client, parseEventLogs, type Transport } from 'viem'
import type { BundlerClient } from 'viem/account-abstraction'
import { call, estimateFeesPerGas, getChainId, waitForTransactionReceipt } from 'viem/actions'
import { getAction } from 'viem/utils'
import { runtimeCalldata } from '../evm/accountCalldata.js'
import type { Address, Hex } from '../policy/Hex.js'
import { accountAddress, hasCode } from './accountAddress.js'
import type { AccountKind, EntryPointVersion } from './AccountKind.js'
import { ChainFault } from './ChainFault.js'
import { entryPoints } from './entryPoints.js'
import { explainFault } from './explainFault.js'
import { ownerAccount } from './ownerAccount.js'
import type { OwnerSigner, OwnerTransaction } from './OwnerSigner.js'

/** How the owner's word reaches the account: by a transaction of the owner's address, or signed, in a UserOperation that a bundler carries. */
export type Via = 'transaction' | { readonly bundler: BundlerClient; readonly entryPoint: EntryPointVersion }

export type OwnerActOptions = {
  /** Reads the chain. */
  readonly client: Client<Transport, Chain | undefined>
  readonly kind: AccountKind
  readonly account: Address
  readonly owner: OwnerSigner
  readonly via: Via
  /** Where the account has no code yet, the salt of which the kind's factory makes it; it is deployed first, or with the UserOperation. */
  readonly salt?: bigint
  /** Told the hash of what was sent (a transaction's, or a UserOperation's) as soon as there is one. */
  readonly onSent?: (hash: Hex) => void
}

/** An act of the owner that was included. */
export type Acted = {
  /** The transaction that carried it. */
  readonly hash: Hex
  readonly block: bigint
  /** Where a UserOperation did. */
  readonly userOpHash?: Hex
  /** The transaction that made the account, where that was one of its own. */
  readonly deployedBy?: Hex
}

/** The transaction by which the owner's address has the account run calldata to itself. */
export const ownerTransaction = (kind: AccountKind, account: Address, data: Hex): OwnerTransaction => ({
  to: account,
  data: runtimeCalldata(data, kind.owner.authorization()),
})

/** The transaction by which anyone makes the account of an owner and a salt; undefined where no factory of the kind is known. */
export const deployTransaction = (kind: AccountKind, owner: Address, salt: bigint): OwnerTransaction | undefined =>
  kind.deployment && { to: kind.deployment.factory, data: kind.deployment.create(owner, salt) }

/**
 * Has the account run `data`, calldata to itself, on its owner's authority, and resolves when that was included and did not revert. It is tried
 * first, so that what would revert is not sent. Rejects ChainFault.
 */
export async function ownerAct(options: OwnerActOptions, data: Hex): Promise<Acted> {
  try {
    const { client, account, via } = options
    const deployed = await hasCode(client, account)
    if (!deployed) await expectAccount(options)
    if (via !== 'transaction') return await byOperation(options, via, data)
    const deployedBy = deployed ? undefined : await deploy(options)
    return { ...(await byTransaction(options, data)), ...(deployedBy && { deployedBy }) }
  } catch (error) {
    throw explainFault(error)
  }
}

async function byTransaction(options: OwnerActOptions, data: Hex): Promise<Acted> {
  const { kind, account } = options
  return send(options, ownerTransaction(kind, account, data))
}

async function deploy(options: OwnerActOptions): Promise<Hex | undefined> {
  const { kind, owner, salt } = options
  const transaction = salt === undefined ? undefined : deployTransaction(kind, owner.address, salt)
  return transaction && (await send({ ...options, onSent: () => undefined }, transaction)).hash
}

async function send({ client, owner, onSent }: OwnerActOptions, transaction: OwnerTransaction): Promise<Acted> {
  await getAction(client, call, 'call')({ ...transaction, account: owner.address })
  const hash = await owner.sendTransaction(transaction)
  onSent?.(hash)
  const wait = getAction(client, waitForTransactionReceipt, 'waitForTransactionReceipt')
  const { status, blockNumber } = await wait({ hash })
  if (status !== 'success')
    throw new ChainFault(
      'transaction-reverted',
      `the owner’s transaction ${hash} was included and reverted`,
      'something changed between the trial and the inclusion: look at the account with `writ status`, then try again',
    )
  return { hash, block: blockNumber }
}

async function byOperation(
  { client, kind, account, owner, salt, onSent }: OwnerActOptions,
  { bundler, entryPoint }: Exclude<Via, 'transaction'>,
  data: Hex,
): Promise<Acted> {
  const chainId = client.chain?.id ?? (await getAction(client, getChainId, 'getChainId')({}))
  const speaker = { client, chainId, kind, address: account, owner, entryPoint, ...(salt !== undefined && { salt }) }
  const smartAccount = await ownerAccount(speaker)
  // From the node: a bundler need not serve what a node does.
  const fees = await getAction(
    client,
    estimateFeesPerGas,
    'estimateFeesPerGas',
  )({ chain: client.chain, type: 'eip1559' })
  const prepared = await bundler.prepareUserOperation({ account: smartAccount, callData: data, ...fees })
  // A stub signature costs an account's validation less than one that is the owner's, by how much is the account's affair.
  const verificationGasLimit = prepared.verificationGasLimit + prepared.verificationGasLimit / 4n
  const userOpHash = await bundler.sendUserOperation({
    account: smartAccount,
    callData: data,
    nonce: prepared.nonce,
    ...fees,
    callGasLimit: prepared.callGasLimit,
    preVerificationGas: prepared.preVerificationGas,
    verificationGasLimit,
  })
  onSent?.(userOpHash)
  const { receipt } = await bundler.waitForUserOperationReceipt({ hash: userOpHash })
  return { ...(await expectIncluded(client, entryPoint, receipt.transactionHash, userOpHash)), userOpHash }
}

/** Asks the node, not the bundler, whether the transaction carried the operation, and whether the operation went through. */
async function expectIncluded(client: Client, version: EntryPointVersion, hash: Hex, userOpHash: Hex): Promise<Acted> {
  const wait = getAction(client, waitForTransactionReceipt, 'waitForTransactionReceipt')
  const { logs, blockNumber } = await wait({ hash })
  const { address, abi } = entryPoints[version]
  const events = parseEventLogs({
    abi,
    eventName: 'UserOperationEvent',
    logs: logs.filter((log) => log.address.toLowerCase() === address),
  })
  const event = events.find(({ args }) => args.userOpHash === userOpHash)
  if (event === undefined)
    throw new ChainFault(
      'operation-dropped',
      `the bundler says that transaction ${hash} carried the operation ${userOpHash}, and the chain says that it did not`,
      'use another bundler, and look at the account with `writ status` before you try again',
    )
  if (!event.args.success)
    throw new ChainFault(
      'transaction-reverted',
      `the owner’s operation ${userOpHash} was included, and the account’s call reverted`,
      'something changed between the trial and the inclusion: look at the account with `writ status`, then try again',
    )
  return { hash, block: blockNumber }
}

/** What has no code must at least be what the factory will make. */
async function expectAccount({ client, kind, account, owner, salt }: OwnerActOptions): Promise<void> {
  if (salt === undefined || kind.deployment === undefined)
    throw new ChainFault(
      'account-missing',
      `there is no account at ${account}`,
      'look whether this is the right chain; an account of Modular Account v2 can be made here, with --salt',
    )
  const made = await accountAddress(client, kind, owner.address, salt)
  if (made === account) return
  throw new ChainFault(
    'account-missing',
    `there is no account at ${account}, and the factory makes that of ${owner.address} and salt ${salt} at ${made}`,
    `name the owner and the salt that it was planned with, or use the account ${made}`,
  )
}
