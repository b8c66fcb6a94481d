import type { Outcome } from '../evm/Evm.js'
import type { Allowed, Decision } from '../policy/Decision.js'
import type { Hex } from '../policy/Hex.js'
import type { State } from '../policy/State.js'
import { callsOf } from '../semantics/callsOf.js'
import type { Attempt } from './Attempt.js'
import type { Bench } from './Bench.js'
import { hexOf, numberBytes } from './bytes.js'
import { allowing, answerText, codesOf } from './compare.js'
import { denyReasons, narrowed } from './denyReasons.js'
import { isKeys, sign, type Signing } from './Signing.js'
import type { Trick } from './Trick.js'

/** What the chain is to be compared with. */
export type Put = {
  readonly attempt: Attempt
  readonly state: State
  readonly reference: Decision
  readonly evaluator: Decision
  readonly userOpHash: Hex
}

export type ChainVerdict =
  /** As it should be; `state` where the session's has changed. */
  | { readonly kind: 'agreed'; readonly allowed: boolean; readonly state?: State }
  | {
      readonly kind: 'difference'
      readonly what: string
      readonly facts: { readonly module: string; readonly witness: Hex }
    }
  | { readonly kind: 'no such trick' }

/** A module is asked at most this often about one operation that is denied. */
const CANDIDATES = 3

const ask = async (bench: Bench, { attempt, userOpHash }: Put, witness: Hex, signing: Signing): Promise<Outcome> => {
  const { chain, binding, tally } = bench
  const { operation, now, trick } = attempt
  const onChain = operation.fees !== undefined
  const signed = onChain ? await sign(chain, binding, signing, witness, userOpHash) : '0x'
  const signature: Hex = `${witness}${signed.slice(2)}`
  tally.asked += 1
  return chain.ask({ operation, signature, userOpHash, now, ...twistOf(trick, bench) })
}

const twistOf = (trick: Trick | undefined, { policy }: Bench) => {
  switch (trick?.kind) {
    case 'other sender':
      return { sender: hexOf(numberBytes(BigInt(policy.key) ^ 1n, 20)) }
    case 'other caller':
      return { caller: hexOf(numberBytes(BigInt(policy.account) ^ 1n, 20)) }
    case 'value sent':
      return { value: 1n }
    default:
      return {}
  }
}

const witnessText = (rules: readonly number[]): string => `with the leaves of rules ${rules.join(', ')}`

const differs = (what: string, outcome: Outcome, rules: readonly number[], witness: Hex): ChainVerdict => ({
  kind: 'difference',
  what,
  facts: { module: `${witnessText(rules)}: ${answerText(outcome)}`, witness },
})

const judgeAllowed = async (
  bench: Bench,
  put: Put,
  decision: Allowed,
  rules: readonly number[],
): Promise<ChainVerdict> => {
  const { operation, now, signing = { kind: 'key' } } = put.attempt
  const runtime = operation.fees === undefined
  const witness = bench.witness(runtime ? 0 : now, rules)
  const outcome = await ask(bench, put, witness, signing)
  const signedByKey = isKeys(signing, bench.policy.key)
  const path = runtime ? 'runtime' : 'userOp'
  const difference = await bench.chain.settle(outcome, allowing(decision, path, signedByKey))
  if (difference !== undefined) return differs(difference, outcome, rules, witness)
  return { kind: 'agreed', allowed: runtime || signedByKey, state: decision.state }
}

/** The choices of leaves that a key might try: those meant, and for each call every rule that speaks of it. */
const candidatesFor = ({ policy }: Bench, { attempt, reference, evaluator }: Put): (readonly number[])[] => {
  // Bytes that were one batch may be read as other calls: then the key names rules for those.
  const calls = callsOf(attempt.operation.callData)
  const [first = 0] = attempt.rules
  const meant = calls && calls.length !== attempt.rules.length ? calls.map(() => first) : attempt.rules
  const candidates: (readonly number[])[] = [meant]
  const denials = [reference, evaluator].flatMap((decision) => (decision.outcome === 'deny' ? decision.denials : []))
  for (const { callIndex, rule } of denials) {
    if (callIndex === undefined || rule === undefined || callIndex >= meant.length) continue
    if (policy.rules[rule]?.effect === 'allow') candidates.push(meant.with(callIndex, rule))
  }
  const distinct = new Map(candidates.map((rules) => [rules.join(), rules]))
  return [...distinct.values()].slice(0, CANDIDATES)
}

/** With several leaves a witness says how many calls it is for; if the calldata cannot be read as so many, either may be blamed. */
const isUncertain = ({ reference }: Put, rules: readonly number[]): boolean =>
  codesOf(reference).has('malformed-operation') && new Set(rules).size > 1

const judgeDenied = async (
  bench: Bench,
  put: Put,
  candidates: readonly (readonly number[])[],
): Promise<ChainVerdict> => {
  const { operation, now } = put.attempt
  // A field that does not fit its width cannot be sent at all.
  if (operation.fees !== undefined && !canBeSent(operation.fees)) return { kind: 'agreed', allowed: false }
  for (const rules of candidates) {
    const witness = bench.witness(operation.fees === undefined ? 0 : now, rules)
    const outcome = await ask(bench, put, witness, { kind: 'key' })
    const reasons = isUncertain(put, rules) ? undefined : denyReasons(bench, put, rules)
    const difference = await bench.chain.settle(outcome, { kind: 'deny', ...(reasons && { reasons }) })
    if (difference !== undefined) return differs(difference, outcome, rules, witness)
  }
  return { kind: 'agreed', allowed: false }
}

const canBeSent = (fees: NonNullable<Attempt['operation']['fees']>): boolean =>
  [fees.callGasLimit, fees.verificationGasLimit, fees.maxFeePerGas, fees.maxPriorityFeePerGas].every(
    (field) => field >> 128n === 0n,
  ) && fees.preVerificationGas >> 256n === 0n

const subjectOf = ({ policy }: Bench, index: number): string => {
  const rule = policy.rules[index]
  return rule === undefined ? '' : JSON.stringify([rule.target, rule.action])
}

const judgeTrick = async (bench: Bench, put: Put, trick: Trick): Promise<ChainVerdict> => {
  const { attempt, state, reference } = put
  const { operation, now, rules } = attempt
  if (reference.outcome === 'deny') return { kind: 'no such trick' }
  if (trick.kind === 'leaf of another rule') {
    // That leaf may allow the calls as well: then it must allow exactly what a policy with that rule alone does.
    const others = rules.map(() => trick.rule)
    const alone = bench.reference(state, operation, now, narrowed(bench.policy, trick.rule))
    if (alone.outcome === 'allow') return judgeAllowed(bench, put, alone, others)
    return judgeDenied(bench, { ...put, reference: alone, evaluator: alone }, [others])
  }
  const [first, second] = rules.map((rule) => subjectOf(bench, rule))
  if (trick.kind === 'leaf indexes swapped' && first === second) return { kind: 'no such trick' }
  const claimed = operation.fees === undefined && trick.kind !== 'time claimed' ? 0 : now
  const bytes = bench.maker.twisted(claimed, reference.rules, trick)
  if (bytes === undefined) return { kind: 'no such trick' }
  const witness = hexOf(bytes)
  const outcome = await ask(bench, put, witness, { kind: 'key' })
  const difference = await bench.chain.settle(outcome, { kind: 'deny' })
  if (difference !== undefined) return differs(`${trick.kind}: ${difference}`, outcome, rules, witness)
  return { kind: 'agreed', allowed: false }
}

/** Puts an operation to the module, as the readings off the chain say that it should be taken. */
export const judgeOnChain = (bench: Bench, put: Put): Promise<ChainVerdict> => {
  const { attempt, reference } = put
  if (attempt.trick) return judgeTrick(bench, put, attempt.trick)
  return reference.outcome === 'allow'
    ? judgeAllowed(bench, put, reference, reference.rules)
    : judgeDenied(bench, put, candidatesFor(bench, put))
}
