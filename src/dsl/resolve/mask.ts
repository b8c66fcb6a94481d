import { quote } from '../../diagnostic/quote.js'
import type { Masked } from '../../policy/Operand.js'
import type { Mask, Node } from '../ast.js'
import type { Context } from './Context.js'
import { hexBytes, namer, number, sourceOf } from './expression.js'
import { constantNumber, describe, numberValue, plainOperand, type Value } from './Value.js'

/** `x & mask`, either way round: the bits of an unsigned number, or of bytes, that a constant keeps. What cannot be masked is reported. */
export function mask(node: Mask, left: Value, right: Value, context: Context): Value | undefined {
  const [value, bits] = isConstant(left) && !isConstant(right) ? [right, left] : [left, right]
  if (value.kind === 'word' && value.type.kind === 'fixedBytes')
    return maskBytes(node, value, value.type.size, bits, context)
  const found = value.kind === 'number' || value.kind === 'hex' ? number(value, context) : undefined
  const constant = found && constantNumber(found)
  if (constant !== undefined) return maskConstant(node, constant, bits, context)
  const operand = found && plainOperand(found)
  if (operand === undefined) return notMaskable(value, context)
  const inner = operand.kind === 'masked' ? operand.operand : operand
  if ((inner.kind !== 'argument' && inner.kind !== 'element') || inner.type.kind !== 'uint')
    return notMaskable(value, context)
  const by = maskNumber(bits, context)
  if (by === undefined) return undefined
  const kept = operand.kind === 'masked' ? by & operand.mask : by
  if (kept >= 1n << BigInt(inner.type.bits))
    return refuse(
      context,
      bits,
      `${quote(sourceOf(bits, context))} has more bits than ${quote(sourceOf(value, context))}, a uint${inner.type.bits}`,
      'leave the bits out that are never set',
    )
  return kept === 0n
    ? nothingKept(bits, context)
    : numberValue({ kind: 'masked', operand: inner, mask: kept }, node.span)
}

function refuse(context: Context, node: { readonly span: Node['span'] }, message: string, help: string): undefined {
  context.report({ code: 'W110', severity: 'error', span: node.span, message, help })
}

/** A literal, or a constant by a name. */
function isConstant(value: Value): boolean {
  return (
    value.kind === 'hex' ||
    value.kind === 'text' ||
    constantNumber(value) !== undefined ||
    plainOperand(value)?.kind === 'constant'
  )
}

function notMaskable(value: Value, context: Context): undefined {
  return refuse(
    context,
    value,
    `${quote(sourceOf(value, context))} is ${describe(value, namer(context))}, of which no bits are taken`,
    'mask an unsigned argument, `flags & 0x0f == 0x01`, or bytes with as many bytes',
  )
}

const nothingKept = (bits: Value, context: Context): undefined =>
  refuse(context, bits, `${quote(sourceOf(bits, context))} keeps no bit`, 'a mask has at least one bit')

/** The mask as a number that is not negative. */
function maskNumber(bits: Value, context: Context): bigint | undefined {
  const found = bits.kind === 'number' || bits.kind === 'hex' ? number(bits, context) : undefined
  const value = found && constantNumber(found)
  if (value !== undefined && value >= 0n) return value
  return refuse(
    context,
    bits,
    `${quote(sourceOf(bits, context))} is no mask`,
    'a mask is a number, such as `0x0f`, or a name that stands for one',
  )
}

function maskConstant(node: Mask, value: bigint, bits: Value, context: Context): Value | undefined {
  const by = maskNumber(bits, context)
  return by === undefined
    ? undefined
    : numberValue({ kind: 'constant', constant: { kind: 'number', value: value & by } }, node.span)
}

function maskBytes(
  node: Mask,
  value: Value & { readonly kind: 'word' },
  size: number,
  bits: Value,
  context: Context,
): Value | undefined {
  const { operand, type } = value
  const bytes = wordBytes(bits)
  if (bytes?.length !== 2 + 2 * size)
    return refuse(
      context,
      bits,
      `${quote(sourceOf(bits, context))} is no mask of ${size} bytes`,
      `write all ${size} bytes: \`0x\` and ${size * 2} hex digits`,
    )
  const by = BigInt(bytes)
  if (operand.kind === 'constant' || operand.kind === 'environment') return notMaskable(value, context)
  const inner: Masked['operand'] | undefined = operand.kind === 'masked' ? operand.operand : maskable(operand)
  const kept = operand.kind === 'masked' ? by & operand.mask : by
  if (inner === undefined) return notMaskable(value, context)
  if (kept === 0n) return nothingKept(bits, context)
  return { kind: 'word', type, operand: { kind: 'masked', operand: inner, mask: kept }, span: node.span }
}

function maskable(operand: Value & { readonly kind: 'word' } extends { readonly operand: infer O } ? O : never) {
  return operand.kind === 'argument' ||
    operand.kind === 'element' ||
    operand.kind === 'packed element' ||
    operand.kind === 'slice'
    ? operand
    : undefined
}

/** A constant as bytes, where it is one. */
function wordBytes(value: Value): `0x${string}` | undefined {
  if (value.kind === 'hex') return hexBytes(value)
  if (value.kind !== 'word' || value.operand.kind !== 'constant') return undefined
  const { constant } = value.operand
  return constant.kind === 'bytes' || constant.kind === 'address' ? constant.value : undefined
}
