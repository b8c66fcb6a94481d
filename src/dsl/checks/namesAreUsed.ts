import { quote } from '../../diagnostic/quote.js'
import type { Check } from './Check.js'

/** A name that nothing speaks of is a leftover, or a rule that forgot its budget; an imported file serves others too. */
export const namesAreUsed: Check = ({ understood, context }) => {
  if (!understood) return
  for (const [name, { node, source, used }] of context.library.declared) {
    if (used || source.imported) continue
    context.report({
      code: 'W102',
      severity: 'warning',
      span: node.name.span,
      message: `nothing uses action ${quote(name)}`,
      help: 'leave it out, or name it in a rule',
    })
  }
  for (const entity of context.names.entities.values()) {
    if (entity.used || entity.source.imported) continue
    context.report({
      code: 'W102',
      severity: 'warning',
      span: entity.node.name.span,
      message: `nothing uses ${entity.kind === 'let' ? '' : `${entity.kind} `}${quote(entity.name)}`,
      help: 'leave the line out, or name it in a rule',
    })
  }
}
