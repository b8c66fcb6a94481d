import { quote } from '../../diagnostic/quote.js'
import type { Context } from './Context.js'
import type { LetEntity } from './Entity.js'
import { constantEnv } from './Env.js'
import { evaluate } from './expression.js'
import { inSource } from './Source.js'
import type { Value } from './Value.js'

/** The value of a `let`, found once; undefined if it has none, which is reported. */
export function letValue(context: Context, entity: LetEntity): Value | undefined {
  if (entity.state.kind === 'done') return entity.state.value
  if (entity.state.kind === 'under way') {
    entity.source.report({
      code: 'W045',
      severity: 'error',
      span: entity.node.name.span,
      message: `${quote(entity.name)} stands for itself`,
      help: 'write the value itself',
    })
    return undefined
  }
  entity.state = { kind: 'under way' }
  const value = evaluate(entity.node.value, constantEnv, inSource(context, entity.source))
  entity.state = { kind: 'done', value }
  return value
}
