import type { Allowed, Decision, Denial } from '../../evaluator/index.js'

/** When an operation should claim to be included, or why there is no such moment. Moments in unix seconds. */
export type Choice =
  /** It may be included from the next block on. */
  | { readonly kind: 'now'; readonly time: number; readonly decision: Allowed }
  /** The present interval is about to end, and the one that follows allows it too: it may be included from `decision.validFrom` on. */
  | { readonly kind: 'next'; readonly time: number; readonly decision: Allowed }
  /** The present interval is about to end at `endsAt`, and what follows does not allow it. */
  | { readonly kind: 'ending'; readonly endsAt: number; readonly denials: readonly Denial[] }
  | { readonly kind: 'denied'; readonly denials: readonly Denial[] }

/**
 * Chooses the interval in which an operation is to be included. `now` is the chain's time; an interval that lasts less than `leastSeconds` more is
 * about to end, but never one of which half is still to come (intervals may be shorter than bundlers like).
 */
export function chooseMoment(ask: (moment: number) => Decision, now: number, leastSeconds: number): Choice {
  const present = ask(now)
  if (present.outcome === 'deny') return { kind: 'denied', denials: present.denials }
  const left = present.validUntil - now
  if (left >= Math.min(leastSeconds, (present.validUntil - present.validFrom) / 2))
    return { kind: 'now', time: now, decision: present }
  const following = ask(present.validUntil)
  if (following.outcome === 'deny') return { kind: 'ending', endsAt: present.validUntil, denials: following.denials }
  return {
    kind: following.validFrom <= now ? 'now' : 'next',
    time: present.validUntil,
    decision: following,
  }
}
