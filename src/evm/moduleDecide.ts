import { witness } from '../evaluator/index.js'
import type { Denial } from '../policy/Denial.js'
import type { Operation } from '../policy/Operation.js'
import { candidatesOf } from './candidates.js'
import { denialOf } from './denialOf.js'
import type { ModuleEngine, Signer } from './moduleEngine.js'
import type { Allowed, Refused, Verdict } from './Verdict.js'

/** The chain's answer in the words of a Decision; the state it leaves is the engine's. */
export type ModuleDecision =
  (Allowed & { readonly rules: readonly number[]; readonly denials: readonly [] }) | ModuleDenied

/** `denials` are the module's, one for each rule that was tried; empty where it had no word that is a denial's. */
export type ModuleDenied = Omit<Refused, 'reason'> & {
  readonly reason: Refused['reason'] | 'unspeakable'
  readonly denials: readonly Denial[]
}

/**
 * Decides on the chain: allowed iff the module accepts a witness. The session key may name any rule for a call, so for a denied operation
 * every rule that could be meant is tried, first those that come first. `signer` is a dummy when left out. Without fees it is the runtime path,
 * as in every reading.
 */
export async function moduleDecide<Mark>(
  engine: ModuleEngine<Mark>,
  operation: Operation,
  now: number,
  signer: Signer = 'dummy',
): Promise<ModuleDecision> {
  const unspeakable = whyUnspeakable(engine, operation, now)
  if (unspeakable) return { outcome: 'deny', reason: 'unspeakable', denials: [unspeakable], gasUsed: 0n }

  const attempt = (rules: readonly number[]): Promise<Verdict> =>
    operation.fees
      ? engine.validate(operation, witness(engine.session, { time: now, rules }), signer, now)
      : engine.validateRuntime(operation, witness(engine.session, { time: 0, rules }), now)
  const candidates = candidatesOf(engine.policy, operation.callData)
  const denials: Denial[] = []

  // While the module objects to one call's rule, the next rule of that call is tried: so the first that holds for each call is found.
  let rules: readonly number[] = candidates.map(([first = 0]) => first)
  let verdict = await attempt(rules)
  while (verdict.outcome === 'deny') {
    const denial = denialOf(verdict, rules)
    if (denial) denials.push(denial)
    const next = denial?.callIndex === undefined ? undefined : following(candidates, rules, denial.callIndex)
    if (next === undefined) break
    rules = next
    verdict = await attempt(rules)
  }
  if (verdict.outcome === 'allow') return { ...verdict, rules, denials: [] }

  // What is objected to now is the operation as a whole, or a call that has run out of rules; another rule must not change that.
  for (const [call, others] of candidates.entries())
    for (const other of others.slice(others.indexOf(rules[call] ?? 0) + 1)) {
      const changed = rules.with(call, other)
      const again = await attempt(changed)
      if (again.outcome === 'allow') return { ...again, rules: changed, denials: [] }
    }
  return { ...verdict, denials }
}

/** The choice of rules with the given call's next one, or undefined where it has no other. */
function following(
  candidates: readonly (readonly number[])[],
  rules: readonly number[],
  call: number,
): readonly number[] | undefined {
  const others = candidates[call] ?? []
  const next = others[others.indexOf(rules[call] ?? 0) + 1]
  return next === undefined ? undefined : rules.with(call, next)
}

/** What no witness can say, and no calldata be: it cannot reach the chain. */
function whyUnspeakable<Mark>(
  { policy }: ModuleEngine<Mark>,
  { callData, fees }: Operation,
  now: number,
): Denial | undefined {
  const malformed: Denial = { code: 'malformed-operation', retry: 'change-args' }
  if (!isBytes(callData) || (fees && !isBytes(fees.paymasterAndData))) return malformed
  if (Number.isSafeInteger(now) && now >= 0 && now < 2 ** 40) return undefined
  return now >= policy.until ? { code: 'expired', retry: 'ask-owner' } : { code: 'not-yet-valid', retry: 'later' }
}

function isBytes(text: string): boolean {
  return /^0x(?:[0-9a-f]{2})*$/i.test(text)
}
