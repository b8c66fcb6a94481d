import type { Meter } from '../../policy/Meter.js'
import type { Draft } from '../resolve/Draft.js'
import type { Check } from './Check.js'

/** The ETH budgets per period that rules charge, each once, in order of first use. */
export function periodEthMeters(drafts: readonly Draft[]): readonly Meter[] {
  const meters = new Set<Meter>()
  for (const draft of drafts)
    if (draft.effect === 'allow')
      for (const charge of draft.charges)
        if (charge.kind === 'meter' && charge.meter.counts === 'ETH' && charge.meter.window.kind !== 'total')
          meters.add(charge.meter)
  return [...meters]
}

/** Fees have a bound: their own line, or the writ's only ETH budget per period. */
export const feesAreBound: Check = ({ writ, context, drafts }) => {
  if (writ.incomplete || writ.header.some((line) => line.kind === 'fees') || drafts.some((draft) => !draft.whole))
    return
  const meters = periodEthMeters(drafts)
  if (meters.length === 1) return
  const [rule] = writ.rules
  if (rule === undefined) return
  context.report({
    code: 'W031',
    severity: 'error',
    span: rule.action.span,
    message:
      meters.length === 0
        ? 'nothing bounds the fees: this writ has no `fees` line, and no ETH budget per period that fees could count against'
        : `nothing says which of the ${meters.length} ETH budgets the fees count against`,
    help: 'add a line such as `fees 0.01 ETH/day` before the first rule',
  })
}
