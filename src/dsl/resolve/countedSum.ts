import { quote } from '../../diagnostic/quote.js'
import type { Sum } from '../../policy/Condition.js'
import type { Asset } from '../../policy/Units.js'
import type { Expression } from '../ast.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { evaluate, namer, number, sourceOf } from './expression.js'
import { finishSides } from './finishSum.js'
import { plainOperand } from './Value.js'

/**
 * What a budget counts: a sum without scales, or one term of one factor with scales; undefined if it is something else, which is reported.
 * `asset` is what is counted, where it is known.
 */
export function countedSum(node: Expression, asset: Asset | undefined, env: Env, context: Context): Sum | undefined {
  const value = number(evaluate(node, env, context), context)
  if (value === undefined) return undefined
  const name = namer(context)
  const refuse = (code: string, message: string, help: string) => {
    context.report({ code, severity: 'error', span: node.span, message, help })
    return undefined
  }
  if (value.unit !== undefined && value.unit !== asset)
    return refuse(
      'W064',
      `${quote(sourceOf(node, context))} is an amount of ${quote(name(value.unit))}, and what is counted here is ${asset ? `one of ${quote(name(asset))}` : 'what an argument names'}`,
      asset ? `count an amount of ${name(asset)}` : 'count an argument',
    )
  const operand = plainOperand(value)
  if (operand?.kind === 'constant')
    return refuse(
      'W092',
      'a constant says nothing about what a call spends',
      'count an argument, or limit the number of calls with `limit`',
    )
  const divided = value.terms.some((term) => term.divisors.length > 0)
  const [sum] = (divided ? undefined : finishSides([value.terms], context)) ?? []
  const scaled = sum?.filter((term) => term.scales.length > 0) ?? []
  const [first] = sum ?? []
  if (
    sum === undefined ||
    first === undefined ||
    (scaled.length > 0 && (sum.length > 1 || first.factors.length > 1 || first.negative))
  )
    return refuse(
      'W092',
      'this cannot be counted exactly',
      'count a sum of arguments, or one argument with percentages, prices and divisions',
    )
  return sum
}
