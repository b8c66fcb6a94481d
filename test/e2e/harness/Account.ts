import { BaseError, concat, decodeErrorResult, decodeEventLog, encodeFunctionData, pad, parseAbi } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import type { EntryPointVersion, HookSegment } from '../../../src/account/AccountKind.js'
import { entryPoints } from '../../../src/account/entryPoints.js'
import { test as kind } from '../../../src/account/kinds/test.js'
import * as calldata from '../../../src/compiler/calldata.js'
import { contractArtifact } from '../../../src/evm/artifacts.js'
import { executeCalldata, executeUserOpCalldata, runtimeCalldata } from '../../../src/evm/accountCalldata.js'
import { readError } from '../../../src/evm/moduleErrors.js'
import { authorization } from '../../../src/evm/testAccount.js'
import { nonceKey, nonceOf, packUserOp, userOpHash, type PackedUserOperation } from '../../../src/evm/userOp.js'
import { digest, load, witness } from '../../../src/evaluator/index.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { Call } from '../../../src/policy/Operation.js'
import type { Anvil } from './Anvil.js'
import { deploy } from './deploy.js'

/** What became of an operation that was sent through the EntryPoint. */
export type Sent =
  | { readonly kind: 'included'; readonly success: boolean }
  /** The EntryPoint's words, and the module's error where it is one. */
  | { readonly kind: 'refused'; readonly reason: string; readonly error?: string }

/** A session of the account: which validation, and which of the node's funded accounts is its key. */
export type Session = {
  readonly module: Address
  readonly entityId: number
  readonly grant: Hex
  readonly key: number
}

/** What an operation may carry besides its calls. */
export type Shape = {
  readonly entryPoint?: EntryPointVersion
  readonly hooks?: readonly HookSegment[]
  /** The prefix of `executeUserOp`, for hooks around the execution. */
  readonly prefixed?: boolean
  readonly paymasterAndData?: Hex
  /** Unix seconds that the witness claims; the last block's where it is not given. */
  readonly time?: number
  readonly verificationGasLimit?: bigint
  readonly initCode?: Hex
  /** The nonce says that a deferred action comes with the operation. */
  readonly deferred?: boolean
  /** What stands before the witness, which the key does not sign. */
  readonly activation?: Hex
}

const fees = {
  callGasLimit: 400_000n,
  verificationGasLimit: 300_000n,
  preVerificationGas: 60_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
  paymasterAndData: '0x',
} as const

/** The account for tests on a development node, owned by one of its funded accounts. */
export class Account {
  readonly anvil: Anvil
  readonly address: Address
  readonly #owner: number

  private constructor(anvil: Anvil, address: Address, owner: number) {
    this.anvil = anvil
    this.address = address
    this.#owner = owner
  }

  /** Deploys it, with some ether, for the funded account number `owner`. */
  static async deploy(anvil: Anvil, owner: number): Promise<Account> {
    const { abi, bytecode } = contractArtifact('TestAccount')
    const address = await deploy(anvil, { abi, bytecode }, [anvil.funded(owner).address], 10n ** 19n)
    return new Account(anvil, address, owner)
  }

  /** The owner's address calls something of the account itself, or by the account. */
  async asOwner(data: Hex): Promise<void> {
    const hash = await this.anvil
      .wallet(this.#owner)
      .sendTransaction({ to: this.address, data: runtimeCalldata(data, authorization(0, '0x')) })
    const { status } = await this.anvil.client().waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error('the owner’s transaction reverted')
  }

  /** Puts it at an address of choice, with some ether, for the funded account number `owner`. */
  static async place(anvil: Anvil, address: Address, owner: number): Promise<Account> {
    const client = anvil.client()
    const account = new Account(anvil, address, owner)
    await client.setCode({ address, bytecode: contractArtifact('TestAccount').deployedBytecode })
    await client.setStorageAt({ address, index: 0, value: pad(account.owner) })
    await client.setBalance({ address, value: 10n ** 19n })
    return account
  }

  /** One that stands at this address, or will, once its factory was called. */
  static at(anvil: Anvil, address: Address, owner: number): Account {
    return new Account(anvil, address, owner)
  }

  /** The owner's address. */
  get owner(): Address {
    return this.anvil.funded(this.#owner).address.toLowerCase() as Address
  }

  /** Installs the module and grants a session, by the owner's transactions; `hooks` of other modules come with it (HookConfig). */
  async install(module: Address, entityId: number, grant: Hex, hooks: readonly Hex[] = []): Promise<void> {
    const install = { entityId, firstOwner: this.owner, textGrants: true }
    await this.asOwner(calldata.installValidation(module, install))
    if (hooks.length > 0) await this.asOwner(addHooks(module, entityId, hooks))
    await this.asOwner(executeCalldata([{ to: module, value: 0n, data: calldata.grant(grant) }]))
  }

  /** Sends calls of a session through the EntryPoint, signed by the key (a funded account's); `rules` name the leaf of each call. */
  async send(session: Session, calls: readonly Call[], rules: readonly number[], shape: Shape = {}): Promise<Sent> {
    return this.bundle(await this.sign(session, calls, rules, shape), shape.entryPoint)
  }

  /** Makes calls of a session by a transaction of the key itself, or of another funded account, without EntryPoint and bundler. */
  async direct(
    session: Session,
    calls: readonly Call[],
    rules: readonly number[],
    { hooks, from = session.key, value = 0n }: { hooks?: readonly HookSegment[]; from?: number; value?: bigint } = {},
  ): Promise<Sent> {
    // The block tells the time there, so the witness claims none.
    const proof = witness(load(session.grant), { time: 0, rules: [...rules] })
    const authorization = kind.validation.authorization(session, proof, hooks)
    return this.transact(from, this.address, runtimeCalldata(executeCalldata(calls), authorization), value)
  }

  /** A transaction of a funded account to anyone; where it would revert it is not sent, and the contract's error is told. */
  async transact(from: number, to: Address, data: Hex, value = 0n): Promise<Sent> {
    const client = this.anvil.client()
    try {
      await client.call({ account: this.anvil.funded(from).address, to, data, value })
    } catch (error) {
      const reverted = error instanceof BaseError ? revertData(error) : undefined
      if (reverted === undefined) throw error
      const known = readError(reverted)
      return { kind: 'refused', reason: 'reverted', ...(known && { error: known.name }) }
    }
    const hash = await this.anvil.wallet(from).sendTransaction({ to, data, value })
    const { status } = await client.waitForTransactionReceipt({ hash })
    return { kind: 'included', success: status === 'success' }
  }

  /** The operation that `send` sends. */
  async sign(
    session: Session,
    calls: readonly Call[],
    rules: readonly number[],
    shape: Shape = {},
  ): Promise<PackedUserOperation> {
    const { module, entityId, grant } = session
    const time = shape.time ?? Number((await this.anvil.client().getBlock()).timestamp)
    const proof = witness(load(grant), { time, rules: [...rules] })
    const callData = executeCalldata(calls)
    const unsigned = await this.unsigned(shape.prefixed ? executeUserOpCalldata(callData) : callData, entityId, shape)
    const userOpHash = await this.#hash(unsigned, shape.entryPoint)
    const signed = await this.anvil
      .funded(session.key)
      .sign({ hash: digest({ userOpHash, module, entityId, witness: proof }) })
    const checked = concat([shape.activation ?? '0x', proof, signed])
    return { ...unsigned, signature: kind.validation.userOpSignature({ module, entityId }, checked, shape.hooks) }
  }

  /** An operation that the owner signs; with `initCode` it may deploy the account. */
  async signAsOwner(callData: Hex, shape: Shape = {}): Promise<PackedUserOperation> {
    const unsigned = await this.unsigned(callData, 0, shape)
    const raw = await this.#hash(unsigned, shape.entryPoint)
    const signature = await this.anvil.funded(this.#owner).signMessage({ message: { raw } })
    return { ...unsigned, signature: kind.owner.userOpSignature(signature) }
  }

  /** An operation of a validation with nothing signed yet. */
  async unsigned(callData: Hex, entityId: number, shape: Shape = {}): Promise<PackedUserOperation> {
    const { address: entryPoint } = entryPoints[shape.entryPoint ?? '0.7']
    const options = shape.deferred ? 2 : 0
    const sequence = await this.anvil.client().readContract({
      address: entryPoint,
      abi: parseAbi(['function getNonce(address, uint192) view returns (uint256)']),
      functionName: 'getNonce',
      args: [this.address, nonceKey({ entityId, options })],
    })
    const unsigned = packUserOp({
      sender: this.address,
      nonce: nonceOf({ entityId, options, sequence: sequence & (2n ** 64n - 1n) }),
      callData,
      fees: {
        ...fees,
        paymasterAndData: shape.paymasterAndData ?? '0x',
        verificationGasLimit: shape.verificationGasLimit ?? fees.verificationGasLimit,
      },
      signature: '0x',
    })
    if (unsigned === undefined) throw new Error('an operation that cannot be packed')
    return { ...unsigned, initCode: shape.initCode ?? '0x' }
  }

  /** As the EntryPoint itself hashes it; in version 0.8 that is EIP-712. */
  async #hash(op: PackedUserOperation, version: EntryPointVersion = '0.7'): Promise<Hex> {
    const { address } = entryPoints[version]
    if (version === '0.7') return userOpHash(op, address, this.anvil.chainId)
    const { abi } = entryPoints['0.8']
    return this.anvil.client().readContract({ address, abi, functionName: 'getUserOpHash', args: [op] })
  }

  /** Carries one operation to the EntryPoint, as a bundler would. */
  async bundle(op: PackedUserOperation, version: EntryPointVersion = '0.7'): Promise<Sent> {
    const { address: entryPoint } = entryPoints[version]
    const beneficiary = this.anvil.funded(11).address
    const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args: [[op], beneficiary] })
    const client = this.anvil.client()
    try {
      await client.call({ account: beneficiary, to: entryPoint, data })
    } catch (error) {
      return refusal(error)
    }
    const transaction = await this.anvil.wallet(11).sendTransaction({ to: entryPoint, data })
    const { logs } = await client.waitForTransactionReceipt({ hash: transaction })
    for (const { address, topics, data: event } of logs) {
      if (address !== entryPoint) continue
      const found = decodeEventLog({ abi: entryPoint07Abi, topics, data: event })
      if (found.eventName === 'UserOperationEvent') return { kind: 'included', success: found.args.success }
    }
    throw new Error('the EntryPoint ran the bundle but reported no operation')
  }
}

/** Adds hooks to a validation that is installed, which its module is not told. */
function addHooks(module: Address, entityId: number, hooks: readonly Hex[]): Hex {
  const config = concat([calldata.moduleEntity({ module, entityId }), '0x01'])
  const abi = parseAbi(['function installValidation(bytes25 config, bytes4[] selectors, bytes data, bytes[] hooks)'])
  return encodeFunctionData({ abi, args: [config, [], '0x', [...hooks]] })
}

function refusal(error: unknown): Sent {
  const data = error instanceof BaseError ? revertData(error) : undefined
  if (data === undefined) throw error
  const failed = decodeErrorResult({ abi: entryPoint07Abi, data })
  const [, reason = '', inner] = (failed.args ?? []) as readonly [bigint, string?, Hex?]
  const module = inner === undefined ? undefined : readError(inner)
  return { kind: 'refused', reason: String(reason), ...(module && { error: module.name }) }
}

function revertData(error: BaseError): Hex | undefined {
  const found = error.walk((each) => 'data' in (each as object) && typeof (each as { data: unknown }).data === 'string')
  return (found as { data?: Hex } | null)?.data
}
