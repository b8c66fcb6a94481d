import type { Policy } from '../policy/Policy.js'
import { rulesWithin } from './rulesWithin.js'

/** For each meter that several charge, who they are: `rules [1], [3] to [7], [8.1] and the fees`. */
export type Sharing = readonly (string | undefined)[]

/** Finds out which meters are shared. */
export function sharing(policy: Policy): Sharing {
  const users = policy.meters.map((): { plain: number[]; nested: string[] } => ({ plain: [], nested: [] }))
  for (const [index, rule] of policy.rules.entries()) {
    for (const { rule: one, label, depth } of rulesWithin(rule, `${index + 1}`)) {
      if (one.effect === 'deny') continue
      for (const meter of new Set(one.charges.flatMap((charge) => (charge.kind === 'meter' ? [charge.meter] : [])))) {
        if (depth === 0) users[meter]?.plain.push(index + 1)
        else users[meter]?.nested.push(`[${label}]`)
      }
    }
  }
  const { paidBy } = policy.fees
  return users.map(({ plain, nested }, meter) => {
    const fees = 'meter' in paidBy && paidBy.meter === meter
    const rules = plain.length + nested.length
    if (rules + (fees ? 1 : 0) < 2) return undefined
    const text = `rule${rules === 1 ? '' : 's'} ${[...runs(plain), ...nested].join(', ')}`
    return fees ? `${text} and the fees` : text
  })
}

/** Ascending numbers with those that follow each other drawn together: `[1]`, `[3] to [7]`. */
function runs(numbers: readonly number[]): string[] {
  const texts: string[] = []
  for (let first = 0; first < numbers.length;) {
    let last = first
    while (numbers[last + 1] === (numbers[last] ?? 0) + 1) last += 1
    // Two in a row are not worth a range.
    if (last - first < 2) last = first
    texts.push(last === first ? `[${numbers[first]}]` : `[${numbers[first]}] to [${numbers[last]}]`)
    first = last + 1
  }
  return texts
}
