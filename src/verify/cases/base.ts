import type { Allowed } from '../../policy/Decision.js'
import type { Operation } from '../../policy/Operation.js'
import type { RuleTime } from '../../policy/Rule.js'
import type { Attempt } from '../Attempt.js'
import { build, type Built } from '../build.js'
import type { Draft } from '../Draft.js'
import { makeDraft, type Wanted } from '../makeDraft.js'
import { pickMoment } from '../moments.js'
import type { Context } from './Kind.js'

/** A draft that the definition allows in the present state. */
export type Base = { readonly draft: Draft; readonly built: Built; readonly decision: Allowed }

/** More than the wishes of a draft: how many calls, and from when on. */
export type Wishes = Partial<Omit<Wanted, 'state'>> & { readonly calls?: number; readonly earliest?: number }

const ATTEMPTS = 6
/** Drafts without one that is allowed after which a policy is taken to allow nothing at all. */
const HOPELESS = 250

/** Rules for a batch: any that allow. */
export const pickRules = ({ allows, choices }: Context, calls: number): number[] =>
  Array.from({ length: calls }, () => choices.pick(allows))

/** A draft that is solved; whether it is allowed has not been asked. */
export const drafted = (context: Context, wishes: Wishes): Draft | undefined => {
  const { policy, choices, state } = context
  const rules = wishes.rules ?? pickRules(context, wishes.calls ?? 1)
  const times = rules.flatMap((rule): RuleTime[] => (policy.rules[rule] ? [policy.rules[rule]] : []))
  const now = wishes.now ?? pickMoment(policy, times, choices, wishes.earliest)
  return now === undefined ? undefined : makeDraft(policy, { ...wishes, rules, now, state: state() }, choices)
}

/** An operation that is allowed; undefined if none was found in a few attempts. */
export const allowedBase = (context: Context, wishes: Wishes = {}): Base | undefined => {
  const { luck } = context
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (!luck.everAllowed && luck.failures > HOPELESS) return undefined
    luck.failures += 1
    const draft = drafted(context, wishes)
    if (draft === undefined) continue
    const built = build(draft)
    const decision = context.decide(built.operation, built.now)
    if (decision.outcome === 'deny') continue
    luck.everAllowed = true
    return { draft, built, decision }
  }
  return undefined
}

/** The operation as it is. */
export const plain = ({ operation, now, rules }: Built, note: string): Attempt => ({
  kind: 'operation',
  note,
  now,
  operation,
  rules,
  single: false,
})

/** An operation that differs from an allowed one by one mutation. */
export const mutant = (
  { built }: Pick<Base, 'built'>,
  note: string,
  changed: Partial<Pick<Attempt, 'now' | 'trick'>> & { readonly operation?: Operation },
): Attempt => ({ ...plain(built, note), ...changed, single: true })
