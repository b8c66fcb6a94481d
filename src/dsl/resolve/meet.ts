import { quote } from '../../diagnostic/quote.js'
import type { Operand } from '../../policy/Operand.js'
import type { Node } from '../ast.js'
import type { Context } from './Context.js'
import { hexBytes, namer, sourceOf } from './expression.js'
import { constantNumber, describe, type ArrayValue, type Value, type WordType, type WordValue } from './Value.js'

/** Says what two things are that cannot be compared. */
export function mismatch(left: Value, right: Value, node: Node, context: Context): undefined {
  const show = namer(context)
  const sizes = [left, right].map((value) =>
    value.kind === 'word' && value.type.kind === 'fixedBytes' ? value.type.size : undefined,
  )
  const other = sizes[0] === undefined ? left : right
  const size = sizes[0] ?? sizes[1]
  const literal =
    other.kind === 'hex' || other.kind === 'text' || (other.kind === 'word' && other.type.kind === 'fixedBytes')
  const code = size !== undefined && literal ? 'W067' : 'W063'
  const list = left.kind === 'array' ? left : right.kind === 'array' ? right : undefined
  return refuse(
    context,
    node,
    code,
    `${quote(sourceOf(left, context))} is ${describe(left, show)}, and ${quote(sourceOf(right, context))} is ${describe(right, show)}`,
    list ? helpWithList(list, context) : helpWithWord(other, size, code === 'W067', context),
  )
}

function helpWithList(list: Value & ArrayValue, context: Context): string {
  const text = sourceOf(list, context)
  return list.type.length === undefined
    ? `compare length and elements: \`len(${text}) == 1 and ${text}[0] == …\``
    : `write a list: \`${text} == [ … ]\` with ${list.type.length} values`
}

/** `size`: of the bytes that are met, if bytes are. */
function helpWithWord(other: Value, size: number | undefined, isShort: boolean, context: Context): string {
  const number = constantNumber(other)
  if (isShort) return `write all ${size} bytes: \`0x\` and ${(size ?? 0) * 2} hex digits`
  if (size === 32 && other.kind === 'word' && other.type.kind === 'address')
    return `write \`bytes32(${sourceOf(other, context)})\`: an address as 32 bytes`
  if (size !== undefined && number !== undefined && number >= 0n && number < 1n << BigInt(8 * size))
    return `write the number as ${size} bytes: \`0x${number.toString(16).padStart(2 * size, '0')}\``
  return 'compare things of one kind: numbers, addresses, bytes of one length, or true and false'
}

/** The value as a word of the other's type, if it can be one: literals take the type of what they meet. */
export function meet(
  value: Value,
  other: { readonly type: WordType; readonly operand?: Operand },
  context: Context,
): WordValue | undefined {
  const { type } = other
  // Twenty bytes of the calldata are an address, and a text of twenty bytes can be one too.
  const isPart = other.operand?.kind === 'slice' || other.operand?.kind === 'packed element'
  if (value.kind === 'text' && type.kind === 'address' && isPart && value.bytes.length === 42)
    return { kind: 'word', type, operand: { kind: 'constant', constant: { kind: 'address', value: value.bytes } } }
  if (value.kind === 'hex') {
    const bytes = hexBytes(value)
    return type.kind === 'fixedBytes' && bytes?.length === 2 + 2 * type.size ? constantBytes(bytes, type) : undefined
  }
  if (value.kind === 'text')
    return type.kind === 'fixedBytes' && value.bytes.length === 2 + 2 * type.size
      ? constantBytes(value.bytes, type)
      : undefined
  if (value.kind !== 'word') return undefined
  if (
    value.type.kind === type.kind &&
    (type.kind !== 'fixedBytes' || (value.type.kind === 'fixedBytes' && value.type.size === type.size))
  )
    return value
  const { operand } = value
  const literal =
    operand.kind === 'constant' && operand.constant.kind === 'address' && sourceOf(value, context).startsWith('0x')
  return type.kind === 'fixedBytes' && type.size === 20 && literal && operand.constant.kind === 'address'
    ? constantBytes(operand.constant.value, type)
    : undefined
}

const constantBytes = (value: `0x${string}`, type: WordType): WordValue => ({
  kind: 'word',
  type,
  operand: { kind: 'constant', constant: { kind: 'bytes', value } },
})

function refuse(context: Context, node: Node, code: string, message: string, help: string): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}
