import { quote } from '../../diagnostic/quote.js'
import type { BytesComparison, Condition } from '../../policy/Condition.js'
import type { Hex } from '../../policy/Hex.js'
import type { Masked } from '../../policy/Operand.js'
import type { Node, StartsWith } from '../ast.js'
import type { Context } from './Context.js'
import { hexBytes, namer, sourceOf } from './expression.js'
import { widthOf } from './slice.js'
import { bytesOf, describe, plainSum, type Value, type WordValue } from './Value.js'

/** A constant has so many bytes at most (docs/format.md). */
const longest = 65_535

/** `left == right` or `!=` where one side is a byte string that is no word; undefined where the other is none, or never alike, which is reported. */
export function compareBytes(
  operator: '==' | '!=',
  left: Value,
  right: Value,
  node: Node,
  context: Context,
): BytesComparison | undefined {
  const [value, other] = bytesOf(left) ? [left, right] : [right, left]
  const bytes = bytesOf(value)
  const against = bytesOf(other) ?? constantBytes(other, context)
  if (bytes === undefined || against === undefined)
    return refuse(
      context,
      node,
      'W063',
      `${isA(left, context)}, and ${isA(right, context)}`,
      'bytes and texts compare with texts, `"…"`, with bytes, `0x…`, and with one another',
    )
  const width = bytes.slice && widthOf(bytes.slice)
  const size = typeof against === 'string' ? against.length / 2 - 1 : against.slice && widthOf(against.slice)
  if (width !== undefined && size !== undefined && width !== size)
    return refuse(
      context,
      node,
      'W067',
      `${quote(sourceOf(value, context))} has ${width} bytes, and ${quote(sourceOf(other, context))} has ${size}`,
      `write all ${width} bytes: \`0x\` and ${width * 2} hex digits`,
    )
  return { kind: 'bytes', operator, left: bytes, right: against }
}

/** `x starts with y`: a mask where x is a bytesN, else a comparison of byte strings. What has no beginning is reported. */
export function startsWith(
  left: Value,
  prefix: Value,
  negated: boolean,
  node: StartsWith,
  context: Context,
): Condition | undefined {
  const bytes = bytesOf(left)
  const constant = constantBytes(prefix, context)
  if (bytes === undefined)
    return left.kind === 'word' && left.type.kind === 'fixedBytes'
      ? maskedPrefix(left, left.type.size, constant, negated, node, context)
      : refuse(
          context,
          node,
          'W114',
          `${isA(left, context)}, which has no beginning`,
          'bytes and texts have one: `data starts with 0x01020304`, `url starts with "https://"`',
        )
  const right = bytesOf(prefix) ?? constant
  if (right === undefined) return noPrefix(prefix, context)
  const width = bytes.slice && widthOf(bytes.slice)
  if (typeof right === 'string' && width !== undefined && right.length / 2 - 1 > width)
    return tooLong(left, width, prefix, context)
  return { kind: 'bytes', operator: negated ? 'does not start with' : 'starts with', left: bytes, right }
}

function maskedPrefix(
  { operand, span }: WordValue & { readonly span: Node['span'] },
  size: number,
  constant: Hex | undefined,
  negated: boolean,
  { prefix: { span: prefixSpan } }: StartsWith,
  context: Context,
): Condition | undefined {
  const left = { span, kind: 'word', type: { kind: 'fixedBytes', size }, operand } as const
  const at = { span: prefixSpan }
  if (constant === undefined)
    return refuse(
      context,
      at,
      'W114',
      `${quote(sourceOf(at, context))} is no beginning that is known here`,
      'write it out: `0x01020304`',
    )
  const bytes = constant.length / 2 - 1
  if (bytes > size) return tooLong(left, size, at, context)
  const rest = BigInt(8 * (size - bytes))
  const kept = ((1n << BigInt(8 * bytes)) - 1n) << rest
  const maskable =
    operand.kind === 'argument' || operand.kind === 'element' || operand.kind === 'packed element' ? operand : undefined
  if (kept === 0n || maskable === undefined)
    return refuse(
      context,
      at,
      'W114',
      'this says nothing about where bytes begin',
      'write a beginning of one byte or more',
    )
  const masked: Masked = { kind: 'masked', operand: maskable, mask: kept }
  const value = `0x${constant.slice(2)}${'00'.repeat(size - bytes)}` as const
  return {
    kind: 'compare',
    operator: negated ? '!=' : '==',
    left: plainSum(bytes === size ? maskable : masked),
    right: plainSum({ kind: 'constant', constant: { kind: 'bytes', value } }),
  }
}

const isA = (value: Value, context: Context): string =>
  `${quote(sourceOf(value, context))} is ${describe(value, namer(context))}`

function refuse(
  context: Context,
  node: { readonly span: Node['span'] },
  code: string,
  message: string,
  help: string,
): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}

function noPrefix(prefix: Value, context: Context): undefined {
  return refuse(
    context,
    prefix,
    'W114',
    `${isA(prefix, context)}, with which no bytes begin`,
    prefix.kind === 'list'
      ? 'join several with `or`: `data starts with 0x01 or data starts with 0x02`'
      : 'write a text, `"https://"`, or bytes, `0x01020304`',
  )
}

function tooLong(
  left: { readonly span: Node['span'] },
  width: number,
  prefix: { readonly span: Node['span'] },
  context: Context,
): undefined {
  return refuse(
    context,
    prefix,
    'W067',
    `${quote(sourceOf(prefix, context))} is longer than ${quote(sourceOf(left, context))}, which has ${width} bytes`,
    'write fewer bytes',
  )
}

/** A literal, or a name for one, as bytes: `"…"`, `0x…`; undefined where it is none. A literal address is its 20 bytes. */
function constantBytes(value: Value, context: Context): Hex | undefined {
  const bytes = rawBytes(value, context)
  if (bytes === undefined || bytes.length / 2 - 1 <= longest) return bytes
  return refuse(
    context,
    value,
    'W065',
    `a constant of ${bytes.length / 2 - 1} bytes cannot be compiled`,
    `${longest} bytes are the most`,
  )
}

function rawBytes(value: Value, context: Context): Hex | undefined {
  if (value.kind === 'text') return value.bytes
  if (value.kind === 'hex') return value.text === '0x' ? '0x' : hexBytes(value)
  if (value.kind !== 'word' || value.operand.kind !== 'constant') return undefined
  const { constant } = value.operand
  if (constant.kind === 'bytes') return constant.value
  return constant.kind === 'address' && sourceOf(value, context).startsWith('0x') ? constant.value : undefined
}
