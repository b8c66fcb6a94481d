import type { Meter } from '../../policy/Meter.js'
import type { Policy } from '../../policy/Policy.js'
import type { Asset, Token } from '../../policy/Units.js'
import { rulesWithin } from '../rulesWithin.js'
import type { Lines } from './Lines.js'
import { amountTexts, type NumberText, numberText } from './numbers.js'
import { periodText } from './times.js'

/** What all of a text needs to know: the policy, and the numbers of the meters that more than one charge counts on, from 1 in the meters' order. */
export type Printing = { readonly policy: Policy; readonly shared: ReadonlyMap<number, number> }

/** Counts who charges which meter; the fees are one of them. */
export const printingOf = (policy: Policy): Printing => {
  const uses = policy.meters.map(() => 0)
  const count = (meter: number): void => {
    uses[meter] = (uses[meter] ?? 0) + 1
  }
  const { paidBy } = policy.fees
  if ('meter' in paidBy) count(paidBy.meter)
  for (const rule of rulesWithin(policy.rules)) {
    if (rule.effect === 'allow') for (const charge of rule.charges) if (charge.kind === 'meter') count(charge.meter)
  }
  const shared = new Map<number, number>()
  for (const [meter, times] of uses.entries()) if (times > 1) shared.set(meter, shared.size + 1)
  return { policy, shared }
}

/** What a meter allows: `500 USDC/day`, `3 calls total`, `1 ETH/day, rolling`; `add` puts a word behind what stands before. */
export const printLimit = (
  lines: Lines,
  { counts, limit, window }: Meter,
  tokens: readonly Token[],
  add: (word: string) => void,
): void => {
  const { number, unit } = limitTexts(limit, counts, tokens)
  const [first = '', ...rest] = number
  add(first)
  for (const piece of rest) lines.soft(piece)
  for (const word of unit) add(word)
  if (window.kind === 'total') {
    add('total')
    return
  }
  lines.glue('/')
  lines.soft(periodText(window.seconds))
  if (window.kind !== 'rolling') return
  lines.glue(',')
  lines.word('rolling')
}

const limitTexts = (
  limit: bigint,
  counts: Asset | 'calls',
  tokens: readonly Token[],
): { readonly number: NumberText; readonly unit: readonly string[] } =>
  counts === 'calls' ? { number: numberText(limit), unit: ['calls'] } : amountTexts(limit, counts, tokens)
