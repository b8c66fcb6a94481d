import { encodeFunctionData, parseAbi, toFunctionSelector } from 'viem'
import { encode } from '../../src/compiler/encode.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Operation } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'

/** What every engine is asked: the same rules, the same requests as raw calldata, the right answers. */
export type Workload = {
  readonly rules: readonly PayRule[]
  readonly grant: Hex
  readonly requests: readonly Request[]
  readonly from: number
  readonly limit: bigint
  /** 8 digits. */
  readonly selector: string
}

/** `allow pay on TARGET where to in RECIPIENTS budget (shared)`. */
export type PayRule = { readonly target: Address; readonly recipients: readonly Address[] }

export type Request = { readonly operation: Operation; readonly now: number; readonly allowed: boolean }

const FROM = 1_700_000_000
const LIMIT = 2n ** 96n
const TOKEN: Address = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const BINDING: Binding = { module: '0x7c2e652525600000000000000000000000000001', entityId: 1, tag: '0x000000000000' }

/** Length of the period of the budget, seconds. */
export const PERIOD = 86_400

/** `apart`: each rule has a target of its own; `together`: all rules speak of one function of one target and differ in the recipients. */
export type Shape = 'apart' | 'together'

export const workloadOf = (count: number, shape: Shape): Workload => {
  const random = generator(count)
  const address = (): Address => `0x${Array.from({ length: 5 }, () => word(random())).join('')}`
  const one = address()
  const rules = Array.from({ length: count }, () => ({
    target: shape === 'apart' ? address() : one,
    recipients: [address(), address(), address()],
  }))
  const requests = Array.from({ length: 2_000 }, (_, at): Request => {
    const rule = rules[random() % count]
    const recipient = rule?.recipients[random() % 3]
    if (!rule || !recipient) throw new RangeError('a workload has one rule at least')
    const amount = BigInt(random())
    const [target, to, value, data] = harm(at % 20, rule.target, recipient, amount, address)
    return {
      operation: { callData: execute(target, value, pay(to, data)) },
      now: FROM + (random() % PERIOD),
      allowed: at % 20 >= 4,
    }
  })
  return { rules, requests, from: FROM, limit: LIMIT, selector: SELECTOR, grant: encode(policyOf(rules), BINDING) }
}

/** One request in five is denied: for its target, its recipient, its value or its amount. */
const harm = (
  kind: number,
  target: Address,
  to: Address,
  amount: bigint,
  other: () => Address,
): readonly [Address, Address, bigint, bigint] => {
  switch (kind) {
    case 0:
      return [other(), to, 0n, amount]
    case 1:
      return [target, other(), 0n, amount]
    case 2:
      return [target, to, 1n, amount]
    case 3:
      return [target, to, 0n, LIMIT + 1n]
    default:
      return [target, to, 0n, amount]
  }
}

const policyOf = (rules: readonly PayRule[]): Policy => ({
  chainId: 8453,
  account: '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c',
  key: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  from: FROM,
  until: FROM + 30 * PERIOD,
  fees: { paidBy: { kind: 'unlimited' }, where: [] },
  tokens: [{ symbol: 'USDC', address: TOKEN, decimals: 6 }],
  meters: [{ counts: TOKEN, limit: LIMIT, window: { kind: 'period', seconds: PERIOD } }],
  rules: rules.map(ruleOf),
})

const TO = { kind: 'argument', path: [{ kind: 'component', index: 0 }], type: { kind: 'address' } } as const
const AMOUNT = { kind: 'argument', path: [{ kind: 'component', index: 1 }], type: { kind: 'uint', bits: 256 } } as const
const ACTION = {
  kind: 'call',
  name: 'pay',
  inputs: [
    { name: 'to', type: { kind: 'address' } },
    { name: 'amount', type: { kind: 'uint', bits: 256 } },
  ],
} as const

const ruleOf = ({ target, recipients }: PayRule): AllowRule => ({
  effect: 'allow',
  target,
  action: ACTION,
  where: [
    {
      kind: 'member',
      negated: false,
      operands: [TO],
      rows: [...recipients].sort().map((value) => [{ kind: 'address', value }]),
    },
  ],
  charges: [
    { kind: 'meter', meter: 0, amount: [{ negative: false, scales: [], factors: [AMOUNT] }], assetChecked: false },
  ],
  unlimited: [],
})

const ABI = parseAbi([
  'function execute(address target, uint256 value, bytes data)',
  'function pay(address to, uint256 amount)',
])

const SELECTOR = toFunctionSelector('pay(address,uint256)').slice(2)

/** A budget counted by hand, in fixed windows. */
export const budgetOf = ({ from, limit }: Workload): ((amount: bigint, now: number) => boolean) => {
  let window = 0
  let spent = 0n
  return (amount, now) => {
    const present = Math.floor((now - from) / PERIOD)
    if (present !== window) {
      window = present
      spent = 0n
    }
    if (amount > limit - spent) return false
    spent += amount
    return true
  }
}

const pay = (to: Address, amount: bigint): Hex =>
  encodeFunctionData({ abi: ABI, functionName: 'pay', args: [to, amount] })

/** A fresh flat string, as one that came over the wire. */
const execute = (to: Address, value: bigint, data: Hex): Hex =>
  JSON.parse(JSON.stringify(encodeFunctionData({ abi: ABI, functionName: 'execute', args: [to, value, data] })))

/** Numbers below 2^32 that are the same on every run (xorshift32). */
const generator = (seed: number): (() => number) => {
  let state = seed + 0x9e3779b9
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

const word = (value: number): string => value.toString(16).padStart(8, '0')
