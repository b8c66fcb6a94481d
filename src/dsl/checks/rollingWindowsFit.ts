import type { Span } from '../../diagnostic/Diagnostic.js'
import type { Meter } from '../../policy/Meter.js'
import { writEnd } from '../resolve/end.js'
import type { Check } from './Check.js'

/** A rolling meter numbers the eighths of its period with 30 bits (docs/format.md). */
const mostParts = 2 ** 30

/** The life of a writ has no more parts of a rolling period than can be numbered. */
export const rollingWindowsFit: Check = ({ writ, context, drafts, fees }) => {
  const until = writEnd(writ.rules, context)
  if (until === undefined || context.facts.open.includes('from')) return
  const seconds = until - context.facts.from
  const meters: (readonly [Meter, Span | undefined])[] = drafts.flatMap((draft) =>
    draft.effect === 'deny'
      ? []
      : draft.budgets.flatMap(({ term, span }) => (term.kind === 'meter' ? [[term.meter, span] as const] : [])),
  )
  if (fees && 'meter' in fees.paidBy)
    meters.push([fees.paidBy.meter, writ.header.find((line) => line.kind === 'fees')?.span])
  for (const [{ window }, span] of meters)
    if (window.kind === 'rolling' && seconds > mostParts * (window.seconds / 8))
      context.report({
        code: 'W113',
        severity: 'error',
        ...(span && { span }),
        message: 'this writ lives too long for so short a rolling period',
        help: 'let it end earlier, or write a longer period',
      })
}
