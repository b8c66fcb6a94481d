import type { Policy } from '../policy/Policy.js'

/** For each meter that several charge, who they are: `rules [1], [3] to [7] and the fees`. */
export type Sharing = readonly (string | undefined)[]

/** Finds out which meters are shared. */
export function sharing(policy: Policy): Sharing {
  const users = policy.meters.map((): number[] => [])
  for (const [index, rule] of policy.rules.entries()) {
    if (rule.effect === 'deny') continue
    const meters = new Set(rule.charges.flatMap((charge) => (charge.kind === 'meter' ? [charge.meter] : [])))
    for (const meter of meters) users[meter]?.push(index + 1)
  }
  const { paidBy } = policy.fees
  return users.map((rules, meter) => {
    const fees = 'meter' in paidBy && paidBy.meter === meter
    if (rules.length + (fees ? 1 : 0) < 2) return undefined
    const text = `rule${rules.length === 1 ? '' : 's'} ${runs(rules).join(', ')}`
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
