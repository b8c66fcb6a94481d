import { concat, numberToHex, pad, size, slice } from 'viem'
import { encode } from '../../../src/compiler/encode.js'
import { rootOf } from '../../../src/compiler/root.js'
import { readSession, writeMeters } from '../../../src/evm/sessionStorage.js'
import type { Call, OperationFees } from '../../../src/policy/Operation.js'
import type { Hex } from '../../../src/policy/Hex.js'
import type { Policy } from '../../../src/policy/Policy.js'
import type { State } from '../../../src/policy/State.js'
import { decide } from '../../../src/semantics/decide.js'
import { callDataOf, freeGas, fresh } from '../../semantics/fixtures.js'
import { ACCOUNT, MODULE } from './actors.js'
import { Chain, unpack } from './Chain.js'
import { binding } from './policies.js'
import { witnessFor } from './witness.js'

/**
 * The module and the definition, asked the same: every question throws unless both answer alike, in the interval and in what they remember too.
 */
export class Agreement {
  readonly chain: Chain
  readonly policy: Policy
  readonly grant: Hex
  state: State

  private constructor(chain: Chain, policy: Policy, grant: Hex) {
    this.chain = chain
    this.policy = policy
    this.grant = grant
    this.state = fresh(policy)
  }

  static async of(policy: Policy): Promise<Agreement> {
    const chain = await Chain.create({ chainId: policy.chainId, time: policy.from })
    const grant = encode(policy, binding)
    const root = await chain.begin(grant)
    if (root !== rootOf(grant)) throw new Error('the module derives another root than the compiler')
    return new Agreement(chain, policy, grant)
  }

  /** 'allowed', or the module's error for the first rule that concerns the first call, with its facts. A denied operation is tried with every rule, one for all calls. */
  async ask(calls: readonly Call[], now: number, paid: Partial<OperationFees> = {}): Promise<string> {
    const callData = callDataOf(...calls)
    const fees = { ...freeGas, ...paid }
    const expected = decide(this.policy, binding, this.state, { callData, fees }, now)
    const allows = this.policy.rules.flatMap((rule, index) => (rule.effect === 'allow' ? [index] : []))
    let first: string | undefined
    const tried = expected.outcome === 'allow' ? [expected.rules] : allows.map((rule) => [rule])
    for (const rules of tried) {
      const witness = witnessFor(
        this.grant,
        now,
        rules.map((rule) => allows.indexOf(rule)),
      )
      const before = this.chain.evm.snapshot()
      const { value, error, args = [] } = await this.chain.validate({ callData, witness, fees, signature: dummy })
      if (error === undefined) {
        if (expected.outcome === 'deny')
          throw new Error(`the module allows what the definition denies: ${JSON.stringify(expected)}`)
        const { validAfter, validUntil } = unpack(value)
        const interval = [validAfter, validUntil + 1]
        if (interval[0] !== expected.validFrom || interval[1] !== expected.validUntil)
          throw new Error(`intervals differ: ${interval.join()} and ${expected.validFrom},${expected.validUntil}`)
        const state = await this.read()
        if (text(state) !== text(expected.state))
          throw new Error(`states differ: ${text(state)} and ${text(expected.state)}`)
        this.state = expected.state
        return 'allowed'
      }
      this.chain.evm.revert(before)
      if (expected.outcome === 'allow') throw new Error(`the module denies what the definition allows: ${error}`)
      if (error !== 'NoRule') first ??= `${error}(${args.join()})`
    }
    return first ?? 'NoRule'
  }

  /** Meters as the chain keeps them. */
  read(): Promise<State> {
    return readSession(this.chain.evm, this.#storage)
  }

  /** Puts meters on the chain. */
  async put(meters: State['meters']): Promise<void> {
    await writeMeters(this.chain.evm, this.#storage, meters)
    this.state = { ...this.state, meters }
  }

  get #storage() {
    return { module: MODULE, account: ACCOUNT, root: rootOf(this.grant), tag: binding.tag, meters: this.policy.meters }
  }
}

/** The bytes with those from `at` on replaced. */
export function patched(data: Hex, at: number, by: Hex): Hex {
  const end = at + (by.length - 2) / 2
  const parts = [at > 0 ? slice(data, 0, at) : '0x', by, 2 * end + 2 < data.length ? slice(data, end) : '0x'] as const
  return concat(parts)
}

/** Encodings near a good one: a word or a byte other, something cut or added. */
export function near(data: Hex): readonly Hex[] {
  const words = Math.floor((size(data) - 4) / 32)
  const found: Hex[] = []
  for (let word = 0; word < words; word += 1) {
    const position = 4 + 32 * word
    const value = BigInt(slice(data, position, position + 32))
    for (const other of [value + 1n, value - 1n, value + 32n, 2n ** 256n - 1n, 2n ** 255n, 0n])
      if (other !== value && other >= 0n && other < 2n ** 256n)
        found.push(patched(data, position, numberToHex(other, { size: 32 })))
  }
  for (const cut of [1, 31, 32, 33, 64]) if (size(data) > 4 + cut) found.push(slice(data, 0, size(data) - cut))
  return [...found, concat([data, '0x00']), concat([data, pad('0x', { size: 32 })])]
}

const dummy: Hex = `0x${'7c'.repeat(31)}01${'35'.repeat(32)}1b`

const text = (state: State) => JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? String(value) : value))
