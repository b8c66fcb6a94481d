import type { Meter } from '../../policy/Meter.js'
import type { Policy } from '../../policy/Policy.js'
import { rulesWithin } from '../rulesWithin.js'
import { amountText } from './numberText.js'
import { windowText } from './timeText.js'

/** What a meter allows: `500 USDC/day`, `3 calls total`. */
export const limitText = ({ counts, limit, window }: Meter, { tokens }: Policy): string =>
  `${counts === 'calls' ? `${limit} calls` : amountText(limit, counts, tokens)}${windowText(window)}`

/** The meters that more than one charge counts on, with names that no token has. */
export const sharedMeters = ({ rules, tokens }: Policy): ReadonlyMap<number, string> => {
  const uses = new Map<number, number>()
  for (const rule of rulesWithin(rules)) {
    if (rule.effect === 'deny') continue
    for (const charge of rule.charges)
      if (charge.kind === 'meter') uses.set(charge.meter, (uses.get(charge.meter) ?? 0) + 1)
  }
  const shared = [...uses].flatMap(([meter, count]) => (count > 1 ? [meter] : [])).sort((a, b) => a - b)
  const symbols = new Set(tokens.map(({ symbol }) => symbol))
  return new Map(
    shared.map((meter) => {
      let name = `m${meter + 1}`
      while (symbols.has(name)) name = `m${name}`
      return [meter, name]
    }),
  )
}
