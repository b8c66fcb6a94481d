import { quote } from '../../diagnostic/quote.js'
import type { Condition, Quantified as Quantifier } from '../../policy/Condition.js'
import type { Collection } from '../../policy/Collection.js'
import type { Quantified } from '../ast.js'
import type { Context } from './Context.js'
import type { ElementName, Env } from './Env.js'
import { evaluate, namer, sourceOf } from './expression.js'
import { members } from './junction.js'
import { reserved } from './names.js'
import { describe } from './Value.js'

/** `every x in list ( … )` and `any x in list ( … )`; `body` is lowered by the caller, in the scope it is given. */
export function quantify(
  node: Quantified,
  negated: boolean,
  env: Env,
  context: Context,
  lowerBody: (env: Env) => Condition | undefined,
): Condition | undefined {
  const isFree = nameIsFree(node, env, context)
  const list = evaluate(node.over, env, context)
  if (list === undefined) return undefined
  let over: Collection
  let type: ElementName['type']
  if (list.kind === 'array') {
    over = { kind: 'array', place: list.place }
    type = list.type.element
  } else if (list.kind === 'packed') {
    over = list.list
    type = { kind: 'packed', size: list.list.size }
  } else {
    const counted = list.kind === 'calls'
    context.report({
      code: 'W112',
      severity: 'error',
      span: node.over.span,
      message: `${quote(sourceOf(node.over, context))} is ${describe(list, namer(context))}${counted ? '' : ', not a list'}`,
      help: counted
        ? 'say what each call may be with `each call in … { allow … }`'
        : `write the name of a list: \`${node.quantifier} x in path (x == account)\`; of packed bytes \`slices(path, 20, 3)\``,
    })
    return undefined
  }
  const body = lowerBody({ ...env, elements: [{ name: node.element.text, type }, ...(env.elements ?? [])] })
  if (body === undefined || !isFree) return undefined
  const kind: Quantifier['kind'] = (node.quantifier === 'every') === negated ? 'any' : 'every'
  const condition: Condition = { kind, over, body: members('and', body) }
  context.spans.set(condition, node.span)
  return condition
}

/** An element is called by a name that means nothing else, so that no one reads it as something else. */
function nameIsFree({ element }: Quantified, env: Env, context: Context): boolean {
  const { text, span } = element
  const taken = env.inputs.some((input) => input.name === text)
    ? `an argument of ${quote(env.functionName)}`
    : env.elements?.some((other) => other.name === text)
      ? 'the element of a list around'
      : reserved.has(text)
        ? 'a word of the language'
        : context.names.entities.has(text)
          ? 'a name of this writ'
          : undefined
  if (taken === undefined) return true
  context.report({
    code: 'W061',
    severity: 'error',
    span,
    message: `${quote(text)} is ${taken} already`,
    help: 'call the element by another name',
  })
  return false
}
