import type { Policy } from '../../src/policy/Policy.js'
import type { Source } from './Source.js'

const DAY = 86_400

/** A moment near or at something that happens in the policy: its edges, those of windows, rules and hours, one second about them, or any. */
export function buildMoment(source: Source, policy: Policy): number {
  const { from, until } = policy
  const life = until - from
  const inside = from + (source.below(2 ** 30) % life)
  switch (source.below(8)) {
    case 0:
    case 1:
      return inside
    case 2:
      return from
    case 3:
      return source.pick([from - 1, until - 1, until, until + 1, from + 1])
    case 4: {
      const periods = policy.meters.flatMap(({ window }) =>
        window.kind === 'total'
          ? []
          : window.kind === 'rolling'
            ? [window.seconds, window.seconds / 8]
            : window.seconds,
      )
      if (periods.length === 0) return inside
      const period = source.pick(periods)
      return from + period * source.below(source.pick([4, 12])) + source.pick([0, -1, 1])
    }
    case 5: {
      const edges = policy.rules.flatMap((rule) => [rule.from, rule.until]).filter((edge) => edge !== undefined)
      return edges.length === 0 ? inside : source.pick(edges) + source.pick([0, -1, 1])
    }
    default: {
      const hours = policy.rules.flatMap((rule) => (rule.hours ? [rule.hours] : []))
      if (hours.length === 0) return inside
      const { start, end } = source.pick(hours)
      const midnight = Math.floor(from / DAY) * DAY + DAY * source.below(Math.min(14, 1 + Math.ceil(life / DAY)))
      return midnight + 60 * source.pick([start, end, 0, Math.floor((start + end) / 2)]) + source.pick([0, -1, 1])
    }
  }
}

/** Ascending moments, most of them not far from the one before. */
export function buildMoments(source: Source, policy: Policy, count: number): number[] {
  let now = Math.max(policy.from, buildMoment(source, policy))
  if (source.chance(50)) now = policy.from
  return Array.from({ length: count }, (_, index) => {
    if (index === 0 || source.chance(50)) return now
    const next = source.chance(40)
      ? buildMoment(source, policy)
      : now + source.below(source.pick([2, 300, 7200, DAY, 3 * DAY]))
    // Mostly not past the end, from where nothing more can happen.
    now = Math.max(now, source.chance(85) ? Math.min(next, policy.until - 1) : next)
    return now
  })
}
