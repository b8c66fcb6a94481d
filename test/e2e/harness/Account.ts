import { BaseError, decodeErrorResult, decodeEventLog, encodeFunctionData, parseAbi } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import * as calldata from '../../../src/compiler/calldata.js'
import { contractArtifact } from '../../../src/evm/artifacts.js'
import { executeCalldata, runtimeCalldata } from '../../../src/evm/accountCalldata.js'
import { readError } from '../../../src/evm/moduleErrors.js'
import { authorization, userOpSignature } from '../../../src/evm/testAccount.js'
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

const entryPoint: Address = '0x0000000071727de22e5e9d8baf0edac6f37da032'
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

  /** Installs the module and grants a session, by the owner's transactions. */
  async install(module: Address, entityId: number, grant: Hex): Promise<void> {
    const firstOwner = this.anvil.funded(this.#owner).address.toLowerCase() as Address
    await this.asOwner(calldata.installValidation(module, { entityId, firstOwner, textGrants: true }))
    await this.asOwner(executeCalldata([{ to: module, value: 0n, data: calldata.grant(grant) }]))
  }

  /** Sends calls of a session through the EntryPoint, signed by the key (a funded account's); `rules` name the leaf of each call. */
  async send(
    session: { readonly module: Address; readonly entityId: number; readonly grant: Hex; readonly key: number },
    calls: readonly Call[],
    rules: readonly number[],
  ): Promise<Sent> {
    const client = this.anvil.client()
    const { module, entityId, grant } = session
    const { timestamp } = await client.getBlock()
    const proof = witness(load(grant), { time: Number(timestamp), rules: [...rules] })
    const sequence = await client.readContract({
      address: entryPoint,
      abi: parseAbi(['function getNonce(address, uint192) view returns (uint256)']),
      functionName: 'getNonce',
      args: [this.address, nonceKey({ entityId })],
    })
    const unsigned = packUserOp({
      sender: this.address,
      nonce: nonceOf({ entityId, sequence: sequence & (2n ** 64n - 1n) }),
      callData: executeCalldata(calls),
      fees,
      signature: '0x',
    })
    if (unsigned === undefined) throw new Error('an operation that cannot be packed')
    const hash = userOpHash(unsigned, entryPoint, this.anvil.chainId)
    const signed = await this.anvil
      .funded(session.key)
      .sign({ hash: digest({ userOpHash: hash, module, entityId, witness: proof }) })
    return this.#bundle({ ...unsigned, signature: userOpSignature(`${proof}${signed.slice(2)}`) })
  }

  /** Carries one operation to the EntryPoint, as a bundler would. */
  async #bundle(op: PackedUserOperation): Promise<Sent> {
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
