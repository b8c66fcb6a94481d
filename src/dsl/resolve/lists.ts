import { quote } from '../../diagnostic/quote.js'
import type { ValueType } from '../../policy/AbiType.js'
import type { Countable } from '../../policy/Collection.js'
import type { PathStep, Place } from '../../policy/Place.js'
import type { Expression, FunctionCall, Node } from '../ast.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { evaluate, namer, sourceOf } from './expression.js'
import { bytesOf, constantNumber, describe, numberValue, type Value } from './Value.js'

/** What `len`, `sum`, `slices`, `calls` and `multisend` stand for; undefined where they are given something else, which is reported. */
export function listFunction(node: FunctionCall, env: Env, context: Context): Value | undefined {
  const known = functions[node.name.text]
  const [first, ...others] = node.arguments
  if (known === undefined || first === undefined || others.length !== known.more)
    return wrongCount(node, known, context)
  const value = evaluate(first, env, context)
  return value && known.make({ node, value, others, env, context })
}

/** Whether it is the name of one of them. */
export const isListFunction = (name: string): boolean => Object.hasOwn(functions, name)

type Call = {
  readonly node: FunctionCall
  readonly value: Value
  readonly others: readonly Expression[]
  readonly env: Env
  readonly context: Context
}
type ListFunction = {
  readonly form: string
  /** Arguments behind the first. */
  readonly more: number
  readonly make: (call: Call) => Value | undefined
}

const functions: Readonly<Record<string, ListFunction>> = {
  len: { form: 'len(list)', more: 0, make: length },
  sum: { form: 'sum(amounts)', more: 0, make: total },
  slices: { form: 'slices(path, 20, 3)', more: 2, make: packed },
  calls: { form: 'calls(data)', more: 0, make: calls },
  multisend: { form: 'multisend(transactions)', more: 0, make: multisend },
  commands: { form: 'commands(commands, inputs)', more: 1, make: commands },
}

function refuse(context: Context, node: { readonly span: Node['span'] }, message: string, help: string): undefined {
  context.report({ code: 'W112', severity: 'error', span: node.span, message, help })
}

const wrongCount = (node: FunctionCall, known: ListFunction | undefined, context: Context): undefined =>
  refuse(
    context,
    node,
    `${quote(node.name.text)} is not given what it takes`,
    `write \`${known?.form ?? 'len(list)'}\``,
  )

const isA = (value: Value, context: Context): string =>
  `${quote(sourceOf(value, context))} is ${describe(value, namer(context))}`

/** The number of elements, bytes or calls. */
function length({ node, value, context }: Call): Value | undefined {
  const counted = (of: Countable) => numberValue({ kind: 'length', of }, node.span)
  const constant = (count: number) =>
    numberValue({ kind: 'constant', constant: { kind: 'number', value: BigInt(count) } }, node.span)
  if (value.kind === 'array')
    return value.type.length === undefined
      ? counted({ kind: 'array', place: value.place })
      : constant(value.type.length)
  if (value.kind === 'packed' || value.kind === 'calls') return counted(value.list)
  if (value.kind === 'bytes') return counted({ kind: 'bytes', bytes: value.bytes })
  return refuse(
    context,
    value,
    `${isA(value, context)}, which has no length`,
    'lists, `bytes` and `string` have one, `slices(…)`, `calls(…)` and `multisend(…)` too',
  )
}

/** The sum of a word of every element. */
function total({ node, value, context }: Call): Value | undefined {
  const add = (place: Place, path: readonly PathStep[], type: ValueType) =>
    numberValue({ kind: 'total', over: { kind: 'array', place }, path, type }, node.span)
  if (value.kind === 'array' && value.type.element.kind === 'uint') return add(value.place, [], value.type.element)
  if (value.kind === 'spread' && value.type.kind === 'uint') return add(value.place, value.path, value.type)
  return refuse(
    context,
    value,
    value.kind === 'array' || value.kind === 'spread'
      ? `the elements of ${quote(sourceOf(value, context))} are no unsigned numbers`
      : `${isA(value, context)}, which has no sum`,
    'sum a list of unsigned numbers, `sum(amounts)`, or one member of every element, `sum(payments.amount)`',
  )
}

/** A list of elements of so many bytes, with so many bytes between them. */
function packed({ node, value, others, env, context }: Call): Value | undefined {
  const bytes = bytesOf(value)
  if (bytes === undefined)
    return refuse(
      context,
      value,
      `${isA(value, context)}, not bytes`,
      'write `slices(path, 20, 3)` of a `bytes` argument',
    )
  const [size, gap] = others.map((other) => wholeNumber(other, env, context))
  if (size === undefined || gap === undefined) return undefined
  if (size < 1n || size > 32n || gap < 0n || gap > 255n)
    return refuse(
      context,
      others[size < 1n || size > 32n ? 0 : 1] ?? node,
      'slices have 1 to 32 bytes, and 0 to 255 bytes between them',
      'write `slices(path, 20, 3)`: addresses with 3 bytes between them',
    )
  return { kind: 'packed', list: { kind: 'packed', bytes, size: Number(size), gap: Number(gap) }, span: node.span }
}

function wholeNumber(node: Expression, env: Env, context: Context): bigint | undefined {
  const value = evaluate(node, env, context)
  if (value === undefined) return undefined
  const found = constantNumber(value)
  if (found !== undefined) return found
  return refuse(
    context,
    node,
    `${quote(sourceOf(node, context))} is no number that is known here`,
    'write the number of bytes: `slices(path, 20, 3)`',
  )
}

/** The elements of a `bytes[]`. */
function calls({ node, value, context }: Call): Value | undefined {
  if (value.kind === 'array' && value.type.element.kind === 'bytes' && value.type.length === undefined)
    return { kind: 'calls', list: { kind: 'array', place: value.place }, span: node.span }
  return refuse(context, value, `${isA(value, context)}, not one of calls`, 'calls stand in a `bytes[]` argument')
}

/** The records of a `bytes`. */
function multisend({ node, value, context }: Call): Value | undefined {
  const bytes = bytesOf(value)
  if (bytes) return { kind: 'calls', list: { kind: 'multisend', bytes }, span: node.span }
  return refuse(
    context,
    value,
    `${isA(value, context)}, not bytes`,
    'the records of a multisend stand in a `bytes` argument',
  )
}

function commands({ node, value, context }: Call): undefined {
  return refuse(
    context,
    node,
    'commands are judged one by one with `each`, and counted as bytes',
    `write \`len(${sourceOf(value, context)})\` for their number, and \`each command in commands(…) { … }\` for what they may be`,
  )
}
