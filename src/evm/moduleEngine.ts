import { concat, encodeFunctionData, keccak256, numberToHex, parseAbi } from 'viem'
import { encode } from '../compiler/encode.js'
import { grant as grantCalldata, installData, installValidation } from '../compiler/calldata.js'
import { rootOf } from '../compiler/root.js'
import { load, type Session } from '../evaluator/index.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Operation, OperationFees } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { State } from '../policy/State.js'
import { entryPointAddress } from './entryPoint.js'
import { Evm, type Outcome, type Snapshot } from './Evm.js'
import type { Machine } from './Machine.js'
import { readError } from './moduleErrors.js'
import { placeModule } from './placeModule.js'
import { readSession, writeMeters, writeTag, type SessionStorage } from './sessionStorage.js'
import { placeTestAccount, userOpSignature } from './testAccount.js'
import { nonceOf, packUserOp, userOpHash, type PackedUserOperation } from './userOp.js'
import { readValidationData, type Verdict } from './Verdict.js'

export { moduleDecide, type ModuleDecision } from './moduleDecide.js'
export type { Verdict } from './Verdict.js'

export type ModuleEngineOptions = {
  /** Runtime bytecode to judge in place of the shipped module's. */
  readonly moduleCode?: Hex
  /** Call the module as the account would, without the account: faster, and nothing but the module judges. */
  readonly direct?: boolean
}

/**
 * Who signs an operation: the session key (by a forged `ecrecover`, so that its private key is not needed), a dummy (as for gas
 * estimation: everything is checked, and a failure of the signature alone counts as allowed), or `r ‖ s ‖ v` over the digest.
 */
export type Signer = 'key' | 'dummy' | Hex

/**
 * One granted policy on a chain of its own: the module's bytecode and the account for tests stand at the policy's addresses, installed and
 * granted by the very bytes that an owner would grant.
 */
export class ModuleEngine<Mark = Snapshot> {
  readonly evm: Machine<Mark>
  readonly policy: Policy
  readonly binding: Binding
  readonly grant: Hex
  readonly root: Hex
  readonly session: Session
  readonly #direct: boolean

  private constructor(evm: Machine<Mark>, policy: Policy, binding: Binding, grant: Hex, direct: boolean) {
    this.evm = evm
    this.policy = policy
    this.binding = binding
    this.grant = grant
    this.root = rootOf(grant)
    this.session = load(grant)
    this.#direct = direct
  }

  /** Throws where installation or grant are refused: a policy that is encodable must be grantable. */
  static async create(policy: Policy, binding: Binding, options: ModuleEngineOptions = {}): Promise<ModuleEngine> {
    const evm: Machine<Snapshot> = await Evm.create({ chainId: policy.chainId, time: policy.from })
    return ModuleEngine.on(evm, policy, binding, options)
  }

  /** The same on a machine that is there already, whose chain id must be the policy's. */
  static async on<Mark>(
    evm: Machine<Mark>,
    policy: Policy,
    binding: Binding,
    options: ModuleEngineOptions = {},
  ): Promise<ModuleEngine<Mark>> {
    const engine = new ModuleEngine(evm, policy, binding, encode(policy, binding), options.direct ?? false)
    await placeModule(evm, binding.module, options)
    await writeTag(evm, binding.module, policy.account, binding.tag)
    await engine.#install()
    succeed('grant', await evm.call({ ...engine.#asAccount, data: grantCalldata(engine.grant) }))
    return engine
  }

  /** Validates a UserOperation as the EntryPoint would in a block of that time. A step without fees has zero gas fields and no paymaster. */
  async validate(operation: Operation, witness: Hex, signer: Signer, time: number): Promise<Verdict> {
    const { policy, binding, evm } = this
    const unsigned = packUserOp({
      sender: policy.account,
      nonce: nonceOf({ entityId: binding.entityId }),
      callData: operation.callData,
      fees: operation.fees ?? noFees,
      signature: '0x',
    })
    if (!unsigned) return { outcome: 'deny', reason: 'unpackable', gasUsed: 0n }
    const hash = userOpHash(unsigned, entryPointAddress, policy.chainId)
    const op = { ...unsigned, signature: concat([witness, this.#sign(hash, witness, signer)]) }
    const before = await evm.snapshot()
    const judged = await (this.#direct ? this.#askModule(op, hash, time) : this.#askAccount(op, hash, time))
    const verdict = verdictOf(judged, signer === 'dummy', time)
    if (verdict.outcome === 'deny') {
      await evm.revert(before)
      // The account refuses some operations (calls to itself, calldata that it cannot read) before the module sees them, in words of its own.
      if (!this.#direct && verdict.reason === 'reverted' && verdict.error?.code === undefined) {
        const again = await evm.snapshot()
        const module = verdictOf(await this.#askModule(op, hash, time), signer === 'dummy', time)
        await evm.revert(again)
        if (module.outcome === 'deny') return { ...verdict, ...(module.error ? { error: module.error } : {}) }
      }
    }
    evm.forgeries?.clear()
    return verdict
  }

  /** Validates a call that the session key (or `sender`) makes to the account itself, in a block of that time. The call is not run. */
  async validateRuntime(operation: Operation, witness: Hex, time: number, sender?: Address): Promise<Verdict> {
    const { policy, binding, evm } = this
    const outcome = await evm.call({
      ...this.#asAccount,
      data: encodeFunctionData({
        abi: moduleAbi,
        functionName: 'validateRuntime',
        args: [policy.account, binding.entityId, sender ?? policy.key, 0n, operation.callData, witness],
      }),
      time,
    })
    if (!outcome.success) return refusal(outcome)
    return { outcome: 'allow', validFrom: time, validUntil: time + 1, dummySignature: false, gasUsed: outcome.gasUsed }
  }

  /** Status and meters as the chain has them. */
  state(): Promise<State> {
    return readSession(this.evm, this.#storage)
  }

  /** Puts meters on the chain as if they had been charged. */
  setMeters(meters: State['meters']): Promise<void> {
    return writeMeters(this.evm, this.#storage, meters)
  }

  async snapshot(): Promise<Mark> {
    return this.evm.snapshot()
  }

  async restore(mark: Mark): Promise<void> {
    await this.evm.revert(mark)
  }

  get #storage(): SessionStorage {
    const { policy, binding, root } = this
    return { module: binding.module, account: policy.account, root, tag: binding.tag, meters: policy.meters }
  }

  get #asAccount(): { from: Address; to: Address } {
    return { from: this.policy.account, to: this.binding.module }
  }

  async #install(): Promise<void> {
    const { policy, binding, evm } = this
    const install = { entityId: binding.entityId, firstOwner: owner, textGrants: true }
    if (this.#direct) {
      const data = encodeFunctionData({ abi: moduleAbi, functionName: 'onInstall', args: [installData(install)] })
      succeed('installation', await evm.call({ ...this.#asAccount, data }))
    } else {
      await placeTestAccount(evm, policy.account, owner)
      const data = installValidation(binding.module, install)
      succeed('installation', await evm.call({ from: entryPointAddress, to: policy.account, data }))
    }
  }

  #askModule(op: PackedUserOperation, hash: Hex, time: number): Promise<Outcome> {
    const args = [this.binding.entityId, op, hash] as const
    const data = encodeFunctionData({ abi: moduleAbi, functionName: 'validateUserOp', args })
    return this.evm.call({ ...this.#asAccount, data, time })
  }

  #askAccount(op: PackedUserOperation, hash: Hex, time: number): Promise<Outcome> {
    const args = [{ ...op, signature: userOpSignature(op.signature) }, hash, 0n] as const
    const data = encodeFunctionData({ abi: accountAbi, functionName: 'validateUserOp', args })
    return this.evm.call({ from: entryPointAddress, to: this.policy.account, data, time })
  }

  #sign(hash: Hex, witness: Hex, signer: Signer): Hex {
    if (signer !== 'key' && signer !== 'dummy') return signer
    const { module, entityId } = this.binding
    const digest = keccak256(concat([hash, module, numberToHex(entityId, { size: 4 }), keccak256(witness)]))
    if (this.evm.forgeries === undefined && signer === 'key')
      throw new Error('this machine cannot take a signature for one of a key that nobody has here')
    this.evm.forgeries?.add(digest, dummySignature, signer === 'key' ? this.policy.key : nobody)
    return dummySignature
  }
}

/** Places, installs and grants; see ModuleEngine. */
export function createModuleEngine(
  policy: Policy,
  binding: Binding,
  options: ModuleEngineOptions = {},
): Promise<ModuleEngine> {
  return ModuleEngine.create(policy, binding, options)
}

/** A well-formed signature that nobody made, as bundlers use for estimation. */
export const dummySignature: Hex = `0x${'7c'.repeat(31)}01${'35'.repeat(32)}1b`

const owner: Address = '0x0badc0de0badc0de0badc0de0badc0de0badc0de'
const nobody: Address = '0xdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef'

const noFees: OperationFees = {
  callGasLimit: 0n,
  verificationGasLimit: 0n,
  preVerificationGas: 0n,
  maxFeePerGas: 0n,
  maxPriorityFeePerGas: 0n,
  paymasterAndData: '0x',
}

const userOpStruct =
  'struct UserOp { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }'
const moduleAbi = parseAbi([
  userOpStruct,
  'function onInstall(bytes data)',
  'function validateUserOp(uint32 entityId, UserOp userOp, bytes32 userOpHash) returns (uint256)',
  'function validateRuntime(address account, uint32 entityId, address sender, uint256 value, bytes data, bytes authorization)',
])
const accountAbi = parseAbi([
  userOpStruct,
  'function validateUserOp(UserOp userOp, bytes32 userOpHash, uint256 missingAccountFunds) returns (uint256)',
])

function verdictOf(outcome: Outcome, dummy: boolean, time: number): Verdict {
  const { success, returnData, gasUsed } = outcome
  if (!success || returnData.length !== 66) return refusal(outcome)
  const { authorizer, validAfter, validUntil } = readValidationData(BigInt(returnData))
  if (authorizer > 1n) return { outcome: 'deny', reason: 'aggregator', gasUsed }
  if (authorizer === 1n && !dummy) return { outcome: 'deny', reason: 'signature', gasUsed }
  if (time < validAfter || time > validUntil) return { outcome: 'deny', reason: 'interval', gasUsed }
  const interval = { validFrom: validAfter, validUntil: validUntil + 1 }
  return { outcome: 'allow', ...interval, dummySignature: authorizer === 1n, gasUsed }
}

function refusal({ returnData, gasUsed }: Outcome): Verdict {
  const error = readError(returnData)
  return { outcome: 'deny', reason: 'reverted', ...(error ? { error } : {}), gasUsed }
}

function succeed(what: string, { success, returnData, error }: Outcome): void {
  if (success) return
  const known = readError(returnData)
  const words = known ? `${known.name}(${known.args.join(', ')})` : (error ?? 'no reason')
  throw new Error(`the module refused the ${what}: ${words}`)
}
