import { encodeFunctionData, parseAbi } from 'viem'
import { grant as grantCalldata, installData, revoke, revokeAll, setOwners } from '../compiler/calldata.js'
import { Evm, type Message, type Outcome, type Snapshot } from '../evm/Evm.js'
import { type ModuleCodes, placeModule } from '../evm/placeModule.js'
import { clearSession, readSession, type SessionStorage, writeMeters, writeTag } from '../evm/sessionStorage.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Operation } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { MeterState, State } from '../policy/State.js'
import type { Ending } from './Attempt.js'
import { carriedBy, statedBy, tokenCode } from './carrying.js'
import type { ChainEvent } from './ChainEvent.js'
import { outcomeDifference, stateDifference } from './compare.js'
import type { Expectation } from './Expectation.js'
import { validateRuntimeCall, validateUserOpCall } from './calldata/validation.js'

/** A policy put into force: its grant, the root that the compiler gives it, and the codes that judge it. */
export type ChainOptions = ModuleCodes & {
  readonly policy: Policy
  readonly binding: Binding
  readonly grant: Hex
  readonly root: Hex
  readonly observe?: Observe
}

/** Told of a chain before anything has run on it; the answer, if any, is told what happens to it after the grant. */
export type Observe = (chain: Omit<ChainOptions, 'observe'>, evm: Evm) => ((event: ChainEvent) => void) | undefined

/** What the module is asked. */
export type Question = {
  readonly operation: Operation
  /** The witness and the key's signature; on the runtime path the witness alone. */
  readonly signature: Hex
  readonly userOpHash: Hex
  readonly now: number
  readonly sender?: Address
  readonly caller?: Address
  readonly value?: bigint
}

const ERC6900 = parseAbi(['function onInstall(bytes data)'])
const MODULE = parseAbi([
  'function rootOf(bytes grant) view returns (bytes32)',
  'function textOf(bytes grant) view returns (string)',
  'function pin(address account, address token)',
])
/** Deriving a root takes gas for every byte. */
const GRANT_GAS = 4_000_000n
const OWNER: Address = '0x00000000000000000000000000000000000a11ce'
/** More than any honest operation uses, little enough that a loop without end ends soon. */
const GAS = 4_000_000n

/** Why a session could not be set up: the module refuses what the compiler made. */
export class SetupError extends Error {
  readonly outcome: Outcome

  constructor(what: string, outcome: Outcome) {
    super(`the module refuses ${what}: ${outcome.error ?? 'no error'}, ${outcome.returnData}`)
    this.name = 'SetupError'
    this.outcome = outcome
  }
}

/** One session on a chain in memory: the module's code at the binding's address, asked as the account would ask it. */
export class Chain {
  readonly #evm: Evm
  readonly #options: ChainOptions
  readonly #storage: SessionStorage
  readonly #fresh: Snapshot
  readonly #tell: (event: ChainEvent) => void
  /** What stands before the witness. */
  #before: Hex = '0x'

  private constructor(evm: Evm, options: ChainOptions, tell: (event: ChainEvent) => void) {
    const { policy, binding, root } = options
    this.#evm = evm
    this.#options = options
    this.#storage = { module: binding.module, account: policy.account, root, tag: binding.tag, meters: policy.meters }
    this.#fresh = evm.snapshot()
    this.#tell = tell
  }

  /** Installs the module's validation and grants the policy, by the account's own calls; throws SetupError where the module refuses. */
  static async create(options: ChainOptions): Promise<Chain> {
    const { policy, binding, grant, root } = options
    const evm = await Evm.create({ chainId: policy.chainId, time: policy.from })
    const tell = options.observe?.(options, evm)
    await placeModule(evm, binding.module, options)
    await evm.setBalance(policy.account, 10n ** 18n)
    await writeTag(evm, binding.module, policy.account, binding.tag)
    const call = (data: Hex) => evm.call({ from: policy.account, to: binding.module, data })
    const install = installData({ entityId: binding.entityId, firstOwner: OWNER, textGrants: true })
    const installed = await call(encodeFunctionData({ abi: ERC6900, functionName: 'onInstall', args: [install] }))
    if (!installed.success) throw new SetupError('its installation', installed)
    const granted = await call(grantCalldata(grant))
    if (!granted.success || granted.returnData !== root) throw new SetupError('the grant', granted)
    return new Chain(evm, options, tell ?? (() => undefined))
  }

  /** Back to the moment after the grant. */
  begin(): void {
    this.#tell({ kind: 'begin' })
    this.#evm.revert(this.#fresh)
    this.#evm.forgeries.clear()
    this.#before = '0x'
  }

  /** As before the grant, with the tokens pinned; what is asked from now on carries the text that the owner signed. Throws where there is no such text. */
  async carry(): Promise<void> {
    this.#tell({ kind: 'carried' })
    const { policy, binding } = this.#options
    const carried = carriedBy(policy, binding)
    if (carried === undefined) throw new Error('the policy has no text that could be carried')
    await clearSession(this.#evm, this.#storage)
    for (const { token, decimals } of statedBy(policy)) {
      await this.#evm.setCode(token, tokenCode(decimals))
      const data = encodeFunctionData({ abi: MODULE, functionName: 'pin', args: [policy.account, token] })
      const pinned = await this.#evm.call({ to: binding.module, data })
      if (!pinned.success) throw new SetupError(`to pin ${token}`, pinned)
    }
    this.#evm.forgeries.add(carried.digest, carried.signature, OWNER)
    this.#before = carried.before
  }

  /** Makes the key's signature of a digest, without the key. */
  forge(digest: Hex, signature: Hex): void {
    this.#tell({ kind: 'forge', digest, signature })
    this.#evm.forgeries.add(digest, signature, this.#options.policy.key)
  }

  /** Asks the module to validate, with the state as it is; what it stores stays if it does not revert. */
  ask({ operation, signature: own, userOpHash, now, sender, caller, value = 0n }: Question): Promise<Outcome> {
    const signature: Hex = `${this.#before}${own.slice(2)}`
    const { policy, binding } = this.#options
    const { account, key } = policy
    const { entityId } = binding
    const { callData, fees } = operation
    const data = fees
      ? validateUserOpCall({ account, entityId, callData, fees, signature, userOpHash })
      : validateRuntimeCall({
          account,
          entityId,
          sender: sender ?? key,
          value,
          data: callData,
          authorization: signature,
        })
    return this.send({ from: caller ?? account, to: binding.module, data, gas: GAS, time: now })
  }

  /** Sends a message as it is. */
  send(message: Message): Promise<Outcome> {
    this.#tell({ kind: 'message', message })
    return this.#evm.call(message)
  }

  /** What is wrong with an outcome and with what it left in storage; undefined if nothing is. */
  async settle(outcome: Outcome, expectation: Expectation): Promise<string | undefined> {
    this.#tell({ kind: 'expect', expectation })
    const difference = outcomeDifference(outcome, expectation)
    if (difference !== undefined || expectation.kind !== 'allow') return difference
    const stored = stateDifference(expectation.state, await this.state())
    return stored === undefined ? undefined : `definition and module leave ${stored}`
  }

  /** Asks the module for the root of a grant; it refuses what is not well formed. */
  rootOf(grant: Hex): Promise<Outcome> {
    return this.#view('rootOf', grant, GRANT_GAS + 5000n * BigInt(grant.length))
  }

  /** Asks for the text that an owner signs; there is none of what is not well formed, or cannot be shown. */
  textOf(grant: Hex): Promise<Outcome> {
    return this.#view('textOf', grant, 5n * GRANT_GAS + 5000n * BigInt(grant.length))
  }

  #view(functionName: 'rootOf' | 'textOf', grant: Hex, gas: bigint): Promise<Outcome> {
    const { policy, binding } = this.#options
    const data = encodeFunctionData({ abi: MODULE, functionName, args: [grant] })
    return this.send({ from: policy.account, to: binding.module, data, gas, static: true })
  }

  /** Ends the session by the account's own call. */
  end(by: Ending['by']): Promise<Outcome> {
    this.#tell({ kind: 'ending', by })
    const { policy, binding, root } = this.#options
    const data = { revoke: revoke(root), revokeAll: revokeAll(), setOwners: setOwners(binding.entityId, OWNER) }[by]
    return this.#evm.call({ from: policy.account, to: binding.module, data })
  }

  /** What the module's storage says of the session. */
  state(): Promise<State> {
    return readSession(this.#evm, this.#storage)
  }

  /** Writes the meters as the module would have after an honest session. */
  preset(meters: readonly MeterState[]): Promise<void> {
    this.#tell({ kind: 'meters', meters })
    return writeMeters(this.#evm, this.#storage, meters)
  }
}
