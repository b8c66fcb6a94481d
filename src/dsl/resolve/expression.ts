import { quote } from '../../diagnostic/quote.js'
import type { Asset } from '../../policy/Units.js'
import type { Scale } from '../../policy/Condition.js'
import type { Constant } from '../../policy/Operand.js'
import type { Expression, FunctionCall, HexLiteral, Literal, Node, Priced } from '../ast.js'
import { readAmount, assetNamed } from './amounts.js'
import { arithmetic, negate, scale } from './arithmetic.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { checkedAddress } from './names.js'
import { isListFunction, listFunction } from './lists.js'
import { mask } from './mask.js'
import { otherFunction } from './otherWord.js'
import { resolvePath } from './path.js'
import { describe, numberValue, plainOperand, type NumberValue, type Value } from './Value.js'

/** What an expression stands for; undefined if it stands for no value, which is reported. */
export function evaluate(node: Expression, env: Env, context: Context): Value | undefined {
  switch (node.kind) {
    case 'number':
    case 'amount':
    case 'address':
    case 'hex':
    case 'string':
    case 'boolean':
    case 'duration':
    case 'date':
      return literal(node, context)
    case 'path':
      return resolvePath(node, env, context)
    case 'arithmetic': {
      const [left, right] = [evaluate(node.left, env, context), evaluate(node.right, env, context)]
      return left && right && arithmetic(node, left, right, context)
    }
    case 'negative': {
      const value = number(evaluate(node.operand, env, context), context)
      return value && { ...negate(value), span: node.span }
    }
    case 'percentage': {
      const value = number(evaluate(node.of, env, context), context)
      if (value === undefined) return undefined
      const percent = node.percent.value
      if (percent.digits === 0n) return refuse(context, node.percent, 'W071', '0% of anything is 0', 'write `0`')
      return { ...scale(value, { kind: 'percent', percent }), span: node.span }
    }
    case 'priced':
      return priced(node, env, context)
    case 'function call':
      return functionCall(node, env, context)
    case 'tuple':
    case 'list': {
      const items = node.items.map((item) => evaluate(item, env, context))
      return items.every((item) => item !== undefined) ? { kind: node.kind, items, span: node.span } : undefined
    }
    case 'mask': {
      const [left, right] = [evaluate(node.left, env, context), evaluate(node.right, env, context)]
      return left && right && mask(node, left, right, context)
    }
    case 'quantified':
    case 'starts with':
    case 'and':
    case 'or':
    case 'not':
    case 'comparison':
    case 'membership':
      return refuse(
        context,
        node,
        'W070',
        'a condition stands where a value belongs',
        'compare values, and join comparisons with `and` or `or`',
      )
    default:
      return node satisfies never
  }
}

function refuse(context: Context, node: Node, code: string, message: string, help: string): undefined {
  context.report({ code, severity: 'error', span: node.span, message, help })
}

/** The value as a number; one of another kind is reported. */
export function number(value: Value | undefined, context: Context): (Value & NumberValue) | undefined {
  if (value === undefined || value.kind === 'number') return value
  if (value.kind === 'hex') return hexNumber(value, context)
  return refuse(
    context,
    value,
    'W063',
    `${quote(sourceOf(value, context))} is ${describe(value, namer(context))}, not a number`,
    'calculate with numbers and amounts only',
  )
}

/** The author's words. */
export const sourceOf = (node: { readonly span: Node['span'] }, context: Context): string =>
  context.source.slice(node.span.start, node.span.end)

/** Prints an asset as the writ calls it. */
export function namer(context: Context): (asset: Asset) => string {
  return (asset) =>
    asset === 'ETH'
      ? 'ETH'
      : (context.names.byAddress.get(asset)?.find((entity) => entity.kind === 'token')?.name ?? asset)
}

function hexNumber(
  node: { readonly text: string; readonly span: Node['span'] },
  context: Context,
): (Value & NumberValue) | undefined {
  if (node.text.length > 66 || node.text.length === 2)
    return refuse(context, node, 'W065', `${quote(node.text)} is no number of 256 bits`, 'write at most 64 hex digits')
  return numberValue({ kind: 'constant', constant: { kind: 'number', value: BigInt(node.text) } }, node.span)
}

function literal(node: Literal, context: Context): Value | undefined {
  const { span } = node
  const constant = (constant: Constant, unit?: Asset) => numberValue({ kind: 'constant', constant }, span, unit)
  switch (node.kind) {
    case 'number': {
      const { value } = node
      if (value.decimals > 0) return numberValue({ kind: 'fraction', value }, span)
      if (value.digits < 1n << 256n) return constant({ kind: 'number', value: value.digits })
      return refuse(context, node, 'W065', `${quote(node.text)} is 2^256 or more`, 'no number on the chain is so large')
    }
    case 'amount': {
      const amount = readAmount(node, context.names, context.report)
      if (amount === undefined) return undefined
      const { asset, value } = amount
      return asset === undefined
        ? constant({ kind: 'number', value })
        : constant({ kind: 'amount', value, asset }, asset)
    }
    case 'address': {
      const value = checkedAddress(node, context.report)
      return (
        value && {
          kind: 'word',
          type: { kind: 'address' },
          operand: { kind: 'constant', constant: { kind: 'address', value } },
          span,
        }
      )
    }
    case 'hex':
      return { kind: 'hex', text: node.text, span }
    case 'string':
      return { kind: 'text', bytes: node.bytes, span }
    case 'boolean':
      return {
        kind: 'word',
        type: { kind: 'bool' },
        operand: { kind: 'constant', constant: { kind: 'bool', value: node.value } },
        span,
      }
    case 'duration':
    case 'date':
      return constant({ kind: 'number', value: BigInt(node.seconds) })
    default:
      return node satisfies never
  }
}

function functionCall(node: FunctionCall, env: Env, context: Context): Value | undefined {
  const { name, span } = node
  if (isListFunction(name.text)) return listFunction(node, env, context)
  const [argument, ...others] = node.arguments
  if (name.text !== 'bytes32' || argument === undefined || others.length > 0)
    return refuse(
      context,
      name,
      'W060',
      `there is no function ${quote(name.text)} of ${node.arguments.length}`,
      otherFunction(name.text) ??
        'there are `len(x)`, `sum(x)`, `slices(path, 20, 3)`, `calls(data)`, `multisend(data)` and `bytes32(account)`',
    )
  const value = evaluate(argument, env, context)
  const operand = value && plainOperand(value)
  const address = operand && knownAddress(operand, context)
  if (address === undefined)
    return (
      value &&
      refuse(
        context,
        argument,
        'W063',
        `${quote(sourceOf(argument, context))} is no address that is known here`,
        'write `bytes32(account)`, or `bytes32(…)` of an address',
      )
    )
  const bytes = `0x${'0'.repeat(24)}${address.slice(2)}` as const
  return {
    kind: 'word',
    type: { kind: 'fixedBytes', size: 32 },
    operand: { kind: 'constant', constant: { kind: 'bytes', value: bytes } },
    span,
  }
}

/** The address that an operand always is: a constant, the account or the key. */
export function knownAddress(operand: NonNullable<ReturnType<typeof plainOperand>>, { facts }: Context) {
  if (operand.kind === 'constant') return operand.constant.kind === 'address' ? operand.constant.value : undefined
  if (operand.kind !== 'environment') return undefined
  if (operand.name === 'session.account') return facts.account
  return operand.name === 'session.key' ? facts.key : undefined
}

/** `x at 3000 USDC per WETH` takes USDC and gives WETH; `sold at` is its inverse. */
function priced(node: Priced, env: Env, context: Context): Value | undefined {
  const value = number(evaluate(node.amount, env, context), context)
  const quoteAsset =
    node.price.unit.text === 'units' ? undefined : assetNamed(node.price.unit, context.names, context.report)
  const baseAsset = assetNamed(node.per, context.names, context.report)
  if (node.price.unit.text === 'units')
    return refuse(
      context,
      node.price,
      'W071',
      'a price in `units` says nothing of decimals',
      'write the price in a token: `at 3000 USDC per WETH`',
    )
  if (value === undefined || quoteAsset === undefined || baseAsset === undefined) return undefined
  const show = namer(context)
  for (const [asset, part] of [
    [quoteAsset, node.price.unit],
    [baseAsset, node.per],
  ] as const) {
    const token =
      asset === 'ETH' ? undefined : context.names.byAddress.get(asset)?.find((entity) => entity.kind === 'token')
    if (token?.decimals === undefined && asset !== 'ETH') return undefined
    if (token?.decimals === 'base units')
      return refuse(
        context,
        part,
        'W071',
        `a price needs decimals, and ${quote(show(asset))} is declared in base units`,
        `declare \`token ${show(asset)} = … decimals 18\``,
      )
  }
  const price = node.price.number.value
  if (price.digits === 0n)
    return refuse(
      context,
      node.price,
      'W071',
      'a price of zero cannot be divided by',
      'write the price that one unit costs',
    )
  if (quoteAsset === baseAsset)
    return refuse(
      context,
      node,
      'W071',
      `a price of ${quote(show(quoteAsset))} in ${quote(show(baseAsset))} turns nothing into something else`,
      'leave the price out',
    )
  const [takes, gives] = node.direction === 'at' ? [quoteAsset, baseAsset] : [baseAsset, quoteAsset]
  if (value.unit !== undefined && value.unit !== takes)
    return refuse(
      context,
      node,
      'W064',
      `\`${node.direction}\` takes an amount of ${quote(show(takes))} here, and ${quote(sourceOf(node.amount, context))} is an amount of ${show(value.unit)}`,
      node.direction === 'at'
        ? '`x at P USDC per WETH` takes USDC and gives WETH; the other way round it is `sold at`'
        : '`x sold at P USDC per WETH` takes WETH and gives USDC; the other way round it is `at`',
    )
  const by: Scale = { kind: node.direction, price, quote: quoteAsset, base: baseAsset }
  return { ...scale(value, by), unit: gives, span: node.span }
}

/** A literal `0x…` as bytes: an even number of digits. */
export function hexBytes(node: HexLiteral | { readonly text: string }): `0x${string}` | undefined {
  return node.text.length % 2 === 0 && node.text.length > 2 ? `0x${node.text.slice(2).toLowerCase()}` : undefined
}
