import { writEnd } from '../resolve/end.js'
import { dateText } from '../units/time.js'
import type { Check } from './Check.js'

/** Where the rules say when the writ ends, what stands inside them (or denies) ends no later. */
export const timesFitTheWrit: Check = ({ writ, context, drafts }) => {
  const { facts } = context
  // With an end in the header each rule has been held to it where it was read.
  // While its beginning is open, dates and durations cannot be compared.
  const end = facts.until === undefined && !facts.open.includes('from') ? writEnd(writ.rules, context) : undefined
  if (end === undefined) return
  for (const { node, time } of drafts) {
    const late = time.until !== undefined && time.until > end
    if (!late && (time.from === undefined || time.from < end)) continue
    const clause = node.clauses.find(({ kind }) => (late ? kind === 'until' || kind === 'ttl' : kind === 'from'))
    context.report({
      code: 'W039',
      severity: 'error',
      span: (clause ?? node.action).span,
      message: `this rule would ${late ? 'end' : 'begin'} after the writ has ended`,
      help: `the writ ends with its last rule, at ${dateText(end)}: write a moment before, or leave this out`,
    })
  }
}
