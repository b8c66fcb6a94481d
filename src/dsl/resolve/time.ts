import type { Hours, RuleTime } from '../../policy/Rule.js'
import type { HoursClause, Rule } from '../ast.js'
import { dateText } from '../units/time.js'
import type { Context } from './Context.js'

/** When a rule applies; what is said twice, or lies outside the writ's own time, is reported. */
export function resolveTime(rule: Rule, context: Context): RuleTime {
  const { facts, report } = context
  const last = <K extends 'from' | 'until' | 'ttl' | 'hours'>(kind: K) => {
    const clauses = rule.clauses.filter((clause) => clause.kind === kind)
    const second = clauses[1]
    if (second)
      report({
        code: 'W033',
        severity: 'error',
        span: second.span,
        message: `\`${kind}\` is said twice in one rule`,
        help: 'keep one of them',
      })
    return clauses[0] as Extract<Rule['clauses'][number], { kind: K }> | undefined
  }
  const [from, until, ttl, hours] = [last('from'), last('until'), last('ttl'), last('hours')]
  if (until && ttl)
    report({
      code: 'W033',
      severity: 'error',
      span: ttl.span,
      message: 'this rule says both `until` and `ttl`',
      help: 'keep one of them',
    })
  const start = from?.date.seconds
  const end = until?.date.seconds ?? (ttl && facts.from + ttl.duration.seconds)
  const refuse = (span: Rule['span'], message: string, help: string) =>
    report({ code: 'W039', severity: 'error', span, message, help })
  const open = facts.open.includes('from')
  if (from && start !== undefined && !open && start < facts.from)
    refuse(
      from.span,
      'this rule would begin before the writ does',
      `a rule's \`from\` only narrows: write ${dateText(facts.from)} or later, or leave it out`,
    )
  // While the writ's own beginning is open, its end is only known where it was written as a date.
  const span = (until ?? ttl ?? from)?.span
  if (span && start !== undefined && end !== undefined && start >= end && !(open && ttl))
    refuse(span, 'this rule ends before it begins', 'write a later end')
  if (end !== undefined && end >= 2 ** 38)
    refuse((until ?? ttl ?? rule).span, 'this rule ends more than 8,000 years from now', 'write an earlier end')
  else if (end !== undefined && facts.until !== undefined && end > facts.until && (!open || ttl !== undefined))
    refuse(
      (until ?? ttl ?? rule).span,
      'this rule would end after the writ does',
      `write ${dateText(facts.until)} or earlier, or leave it out`,
    )
  if (from && start !== undefined && !open && facts.until !== undefined && start >= facts.until)
    refuse(
      from.span,
      'this rule would begin after the writ has ended',
      `write a moment before ${dateText(facts.until)}`,
    )
  const window = hours && readHours(hours, context)
  return {
    ...(start !== undefined && { from: start }),
    ...(end !== undefined && { until: end }),
    ...(window && { hours: window }),
  }
}

function readHours({ start, end, days, span }: HoursClause, { report }: Context): Hours | undefined {
  if (end.minutes <= start.minutes || end.minutes > 1440) {
    report({
      code: 'W095',
      severity: 'error',
      span,
      message: 'these hours end before they begin',
      help: `hours do not cross midnight: write two rules, \`hours ${start.text}-24:00 UTC\` and \`hours 00:00-${end.text} UTC\``,
    })
    return undefined
  }
  let weekdays = days ? 0 : 127
  for (const { first, last } of days ?? [])
    for (let day = first; ; day = (day + 1) % 7) {
      weekdays |= 1 << day
      if (day === last) break
    }
  return { start: start.minutes, end: end.minutes, weekdays }
}
