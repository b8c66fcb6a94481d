import { positionsOf } from '../compiler/meters.js'
import type { DenialCode } from '../policy/Denial.js'
import type { Call } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import type { AllowRule, Rule } from '../policy/Rule.js'
import { callsOf } from '../semantics/callsOf.js'
import type { Attempt } from './Attempt.js'
import type { Bench } from './Bench.js'
import { codesOf } from './compare.js'
import type { DenyReason } from './Expectation.js'
import { concerns } from './goals.js'
import type { Put } from './judgeOnChain.js'
import { everyRule, spentAt } from './moments.js'

/** Reasons that stand for one call of several. */
const CALL_CODES: readonly DenialCode[] = [
  'forbidden-target',
  'no-rule',
  'value-not-allowed',
  'condition-failed',
  'denied-by-rule',
  'rule-not-yet-valid',
  'rule-expired',
  'outside-hours',
  'amount-unreadable',
  'per-call-exceeded',
  'nested-call-denied',
]
const METER_CODES: readonly DenialCode[] = ['meter-exceeded', 'window-passed', 'fee-exceeded']
/** Reasons for which the readings off the chain do not come to count, while the module has counted something already. */
const BEFORE_COUNTING: readonly DenialCode[] = [
  'denied-by-rule',
  'per-call-exceeded',
  'amount-unreadable',
  'nested-call-denied',
  'fee-condition-failed',
  'paymaster-not-allowed',
]
const MOST = (1n << 256n) - 1n

/** The policy with one allow rule for every call, and all denies: what a witness with that one leaf speaks of. */
export const narrowed = (policy: Policy, rule: number): Policy => ({
  ...policy,
  rules: policy.rules.filter(({ effect }, index) => effect === 'deny' || index === rule),
})

/** The codes that the module may deny with: those of both readings, and those that its own order of looking at things may bring forward. */
const codesFor = (
  bench: Bench,
  { attempt, state, reference, evaluator }: Put,
  rules: readonly number[],
): Set<DenialCode> => {
  const codes = new Set([...codesOf(reference), ...codesOf(evaluator)])
  // The module reads and judges call by call: what it says of a call may come before it sees that the next one is malformed.
  if (codes.has('malformed-operation')) for (const code of [...CALL_CODES, ...METER_CODES]) codes.add(code)
  // It also counts each charge before it looks at the next one, at the next call and at the fees; the other two count at last.
  if (rules.length > 1 || BEFORE_COUNTING.some((code) => codes.has(code)))
    for (const code of METER_CODES) codes.add(code)
  // A leaf's denies stand behind its charges.
  if (codes.has('denied-by-rule')) codes.add('amount-unreadable').add('per-call-exceeded')
  for (const rule of new Set(rules)) {
    const alone = bench.reference(state, attempt.operation, attempt.now, narrowed(bench.policy, rule))
    for (const code of codesOf(alone)) codes.add(code)
  }
  return codes
}

/** A fact of an error as text, as `String` makes it of what viem decodes (addresses in lower case); null where it is not known here. */
type Fact = string | null

const fact = (value: bigint | number | string | undefined): Fact => (value === undefined ? null : String(value))

/** The first of the conditions without which a decision would be another: how many of them it takes for the code to appear. */
const firstFailing = (count: number, fails: (kept: number) => boolean): Fact => {
  for (let kept = 1; kept <= count; kept++) if (fails(kept)) return fact(kept - 1)
  return null
}

type Place = {
  readonly bench: Bench
  readonly put: Put
  readonly index: number
  readonly call: Call
  readonly rule: AllowRule
}

const failingConjunct = ({ bench, put, rule }: Place, single: boolean): Fact => {
  const { attempt, state } = put
  // In a batch the codes of the other calls would be mixed in.
  if (!single) return null
  return firstFailing(rule.where.length, (kept) => {
    const others = bench.policy.rules.filter(({ effect }) => effect === 'deny')
    const policy = { ...bench.policy, rules: [{ ...rule, where: rule.where.slice(0, kept) }, ...others] }
    return codesOf(bench.reference(state, attempt.operation, attempt.now, policy)).has('condition-failed')
  })
}

const selectorOf = ({ data }: Call): string => (data.length < 10 ? '0x00000000' : data.slice(0, 10).toLowerCase())

/** Where the denies stand that are folded into a rule's leaf, of those that the readings name. */
const denyPlaces = ({ bench, put, index, rule }: Place): Fact[] => {
  const folded = bench.policy.rules.flatMap((each, at) => (each.effect === 'deny' && concerns(each, rule) ? [at] : []))
  const named = [put.reference, put.evaluator].flatMap((decision) =>
    decision.outcome === 'deny' ? decision.denials : [],
  )
  const places = named.flatMap(({ code, rule: at, callIndex }) =>
    code === 'denied-by-rule' && at !== undefined && callIndex === index && folded.includes(at)
      ? [fact(folded.indexOf(at))]
      : [],
  )
  return places.length > 0 ? places : [null]
}

const callFacts = (place: Place, code: DenialCode, single: boolean): Fact[][] => {
  const { index, call, rule } = place
  const at = fact(index)
  switch (code) {
    case 'forbidden-target':
      return [[at, call.to]]
    case 'no-rule':
      return [[at, call.to, selectorOf(call)]]
    case 'value-not-allowed':
      return [[at, fact(call.value)]]
    case 'condition-failed':
      return [[at, failingConjunct(place, single)]]
    case 'denied-by-rule':
      return denyPlaces(place).map((deny) => [at, deny])
    case 'rule-not-yet-valid':
      return [[at, fact(rule.from)]]
    case 'rule-expired':
      return [[at, fact(rule.until)]]
    case 'per-call-exceeded':
      return rule.charges.flatMap((charge) => (charge.kind === 'per call' ? [[at, null, fact(charge.limit)]] : []))
    default:
      return [[at]]
  }
}

/** What the module may say of a meter: where it is stored, and, with one call, what is left of it. */
const meterFacts = (
  { policy }: Bench,
  { state, attempt }: Put,
  rules: readonly number[],
  code: DenialCode,
  single: boolean,
): Fact[][] => {
  const positions = policy.meters.length === 0 ? [] : positionsOf(policy.meters)
  const charged = rules.flatMap((index) => {
    const rule = policy.rules[index]
    return [...everyRule(rule ? [rule] : [])].flatMap((each) =>
      each.effect === 'allow' ? each.charges.map((charge) => (charge.kind === 'meter' ? charge.meter : -1)) : [],
    )
  })
  const { paidBy } = policy.fees
  const fees = 'meter' in paidBy ? paidBy.meter : -1
  return policy.meters.flatMap(({ limit }, meter) => {
    const position = fact(positions[meter])
    const stored = state.meters[meter]
    const spent = spentAt(policy, meter, stored, attempt.now)
    // The fees' meter too may have counted in a later window; what is too much for it is another error.
    if (code === 'window-passed')
      return spent === undefined && (meter === fees || charged.includes(meter))
        ? [[position, fact(stored?.window)]]
        : []
    if (!charged.includes(meter)) return []
    return [[position, null, single && spent !== undefined ? fact(limit - spent) : null]]
  })
}

const feeFacts = ({ policy }: Bench, { state, attempt }: Put, code: DenialCode): Fact[][] => {
  const { fees } = attempt.operation
  const { paidBy } = policy.fees
  if (code !== 'fee-exceeded' || fees === undefined || !('meter' in paidBy)) return [[null, null]]
  const cost = (fees.callGasLimit + fees.verificationGasLimit + fees.preVerificationGas) * fees.maxFeePerGas
  const charges = [...everyRule(policy.rules)].flatMap((rule) => (rule.effect === 'allow' ? rule.charges : []))
  const shared = charges.some((charge) => charge.kind === 'meter' && charge.meter === paidBy.meter)
  const limit = policy.meters[paidBy.meter]?.limit ?? 0n
  const spent = spentAt(policy, paidBy.meter, state.meters[paidBy.meter], attempt.now)
  return [[fact(cost > MOST ? MOST : cost), shared || spent === undefined ? null : fact(limit - spent)]]
}

const failingFee = (bench: Bench, { attempt, state }: Put): Fact => {
  const { policy } = bench
  const { where } = policy.fees
  return firstFailing(where.length, (kept) => {
    const other = { ...policy, fees: { ...policy.fees, where: where.slice(0, kept) } }
    return codesOf(bench.reference(state, attempt.operation, attempt.now, other)).has('fee-condition-failed')
  })
}

const hasNested = (rule: Rule | undefined): boolean => rule?.effect === 'allow' && rule.nested !== undefined

const factsOf = (
  bench: Bench,
  put: Put,
  rules: readonly number[],
  calls: readonly Call[],
  code: DenialCode,
): Fact[][] => {
  const { policy } = bench
  const now = fact(put.attempt.now)
  const single = calls.length === 1
  // Calls inside others are counted one by one.
  const countedOnce = single && rules.every((rule) => !hasNested(policy.rules[rule]))
  switch (code) {
    case 'session-not-active':
      return [[null]]
    case 'not-yet-valid':
      return [[now, fact(policy.from)]]
    case 'expired':
      return [[now, fact(policy.until)]]
    case 'malformed-operation':
    case 'paymaster-not-allowed':
      return [[]]
    case 'meter-exceeded':
    case 'window-passed':
      return meterFacts(bench, put, rules, code, countedOnce)
    case 'fee-exceeded':
      return feeFacts(bench, put, code)
    case 'fee-condition-failed':
      return [[failingFee(bench, put)]]
    default:
      return calls.flatMap((call, index) => {
        const rule = policy.rules[rules[index] ?? -1]
        return rule?.effect === 'allow' ? callFacts({ bench, put, index, call, rule }, code, single) : []
      })
  }
}

/** Every reason, with its facts, for which the module may deny an operation under a witness with the leaves of these rules. */
export const denyReasons = (bench: Bench, put: Put, rules: readonly number[]): DenyReason[] => {
  const codes = [...codesFor(bench, put, rules)]
  const { callData } = put.attempt.operation satisfies Attempt['operation']
  const calls = callsOf(callData)
  // What is read of calldata that is malformed further on cannot be known here.
  if (calls === undefined || calls.length !== rules.length) return codes.map((code) => ({ code }))
  return codes.flatMap((code) => factsOf(bench, put, rules, calls, code).map((facts) => ({ code, facts })))
}
