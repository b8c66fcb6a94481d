import { quote } from '../../diagnostic/quote.js'
import type { Bytes, Place } from '../../policy/Place.js'
import { typeText } from '../abi/selector.js'
import type { EachClause, Expression } from '../ast.js'
import type { Context } from './Context.js'
import type { CallList } from './Draft.js'
import type { Env } from './Env.js'
import { evaluate, namer, sourceOf } from './expression.js'
import { bytesOf, describe, type Value } from './Value.js'

const forms = {
  calls: { count: 1, usage: '`each call in calls(data) { … }`, where `data` is a `bytes[]`' },
  multisend: { count: 1, usage: '`each call in multisend(transactions) { … }`, where `transactions` is `bytes`' },
  commands: {
    count: 2,
    usage: '`each command in commands(commands, inputs) { … }`, where the first is `bytes` and the second a `bytes[]`',
  },
} as const

/** Where the calls of a block stand in the arguments; a list of another kind is reported. */
export function resolveCallList(node: EachClause, env: Env, context: Context): CallList | undefined {
  const form = node.form.text
  const known = form === 'calls' || form === 'multisend' || form === 'commands' ? forms[form] : undefined
  const [first, second] = node.arguments
  if (known === undefined || first === undefined || node.arguments.length !== known.count) {
    context.report({
      code: 'W140',
      severity: 'error',
      span: known ? node.span : node.form.span,
      message: known
        ? `${quote(form)} takes ${known.count === 1 ? 'one argument' : 'two arguments'}, and here it has ${node.arguments.length}`
        : `there is no list of calls called ${quote(form)}`,
      help: `write ${(known ?? forms.calls).usage}${known ? '' : ', or `multisend(…)`, or `commands(…, …)`'}`,
    })
    return undefined
  }
  switch (form) {
    case 'calls': {
      const list = listOfBytes(first, env, context)
      return list && { form, list }
    }
    case 'multisend': {
      const list = byteString(first, env, context)
      return list && { form, list }
    }
    default: {
      const list = byteString(first, env, context)
      const inputs = second && listOfBytes(second, env, context)
      return list && inputs && { form: 'commands', list, inputs }
    }
  }
}

function listOfBytes(node: Expression, env: Env, context: Context): Place | undefined {
  const value = evaluate(node, env, context)
  if (value === undefined) return undefined
  if (value.kind === 'array' && value.type.length === undefined && value.type.element.kind === 'bytes')
    return value.place
  return refuse(node, value, 'bytes[]', context)
}

function byteString(node: Expression, env: Env, context: Context): Bytes | undefined {
  const value = evaluate(node, env, context)
  if (value === undefined) return undefined
  const bytes = bytesOf(value)
  const isText = value.kind === 'bytes' && value.type === 'string'
  return bytes && !isText ? bytes : refuse(node, value, 'bytes', context)
}

function refuse(node: Expression, value: Value, wanted: string, context: Context): undefined {
  const found = value.kind === 'array' ? quote(typeText(value.type)) : describe(value, namer(context))
  context.report({
    code: 'W141',
    severity: 'error',
    span: node.span,
    message: `${quote(sourceOf(node, context))} is ${found}, and here the calls stand in ${quote(wanted)}`,
    help: `name an argument of type \`${wanted}\``,
  })
}
