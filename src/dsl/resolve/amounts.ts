import { quote } from '../../diagnostic/quote.js'
import type { Asset } from '../../policy/Units.js'
import type { Window } from '../../policy/Meter.js'
import type { AmountLiteral, BudgetAmount, LimitAmount, Name, Node, WindowNode } from '../ast.js'
import { decimalText, normalize, scaleUp } from '../units/decimal.js'
import { nearest } from '../nearest.js'
import type { BudgetTerm } from './Budget.js'
import type { Entity } from './Entity.js'
import type { Report } from './Report.js'

type Declared = { readonly entities: ReadonlyMap<string, Entity> }

/** An amount in base units; without an asset where it is written in `units` alone. */
export type Amount = { readonly value: bigint; readonly asset?: Asset }

const coinUnits: Readonly<Record<string, number>> = { ETH: 18, gwei: 9, wei: 0 }

/** The exact value of `1.5 ETH`, `50 gwei`, `100 USDC`, `1000 units`, `1000 units USDC`; undefined if it has none, which is reported. */
export function readAmount(literal: AmountLiteral, names: Declared, report: Report): Amount | undefined {
  const { number, unit, of } = literal
  if (unit.text === 'units') {
    const value = whole(literal, 0, report)
    if (of === undefined) return value === undefined ? undefined : { value }
    const asset = assetNamed(of, names, report)
    return value === undefined || asset === undefined ? undefined : { value, asset }
  }
  const coinDecimals = coinUnits[unit.text]
  if (coinDecimals !== undefined) {
    const value = whole(literal, coinDecimals, report)
    return value === undefined ? undefined : { value, asset: 'ETH' }
  }
  const token = tokenNamed(unit, names, report)
  if (token?.address === undefined || token.decimals === undefined) return undefined
  if (token.decimals === 'base units') {
    report({
      code: 'W041',
      severity: 'error',
      span: literal.span,
      message: `${quote(unit.text)} is declared in base units, so ${quote(`${number.text} ${unit.text}`)} says no amount`,
      help: `write the number of base units: \`${number.text} units ${unit.text}\``,
    })
    return undefined
  }
  const value = whole(literal, token.decimals, report)
  return value === undefined ? undefined : { value, asset: token.address }
}

function whole(literal: AmountLiteral, decimals: number, report: Report): bigint | undefined {
  const { number, unit, span } = literal
  const value = scaleUp(number.value, decimals)
  if (value === undefined) {
    const kept = number.value.digits / 10n ** BigInt(number.value.decimals - decimals)
    report({
      code: 'W066',
      severity: 'error',
      span,
      message: `${quote(`${number.text} ${unit.text}`)} is no whole number of base units: ${unit.text} has ${decimals} decimals`,
      help: `write \`${decimalText(normalize(kept, decimals))} ${unit.text}\``,
    })
  } else if (value >= 1n << 256n) {
    report({
      code: 'W065',
      severity: 'error',
      span,
      message: `${quote(`${number.text} ${unit.text}`)} is 2^256 base units or more`,
      help: 'no amount on the chain is so large: write a smaller one',
    })
    return undefined
  }
  return value
}

/** The token of that symbol; another name is reported. */
export function tokenNamed(name: Name, names: Declared, report: Report) {
  const entity = names.entities.get(name.text)
  if (entity?.kind === 'token') {
    entity.used = true
    return entity
  }
  const symbols = [...names.entities.values()].filter((other) => other.kind === 'token').map((token) => token.name)
  const near = nearest(name.text, ['ETH', 'gwei', 'units', ...symbols])
  report({
    code: 'W037',
    severity: 'error',
    span: name.span,
    message: `${quote(name.text)} is not a token of this writ`,
    help: near ? `did you mean \`${near}\`?` : `declare it: \`token ${name.text} = 0x… decimals 18\``,
  })
  return undefined
}

/** The asset of that name: `ETH` or a token's symbol. */
export function assetNamed(name: Name, names: Declared, report: Report): Asset | undefined {
  return name.text === 'ETH' ? 'ETH' : tokenNamed(name, names, report)?.address
}

/** Meters and per-call limits of a budget; what has no meaning is reported and left out. */
export function readBudgetAmounts(amounts: readonly BudgetAmount[], names: Declared, report: Report): BudgetTerm[] {
  return amounts.flatMap((node): BudgetTerm[] => {
    const amount = readAmount(node.amount, names, report)
    const text = `${node.amount.number.text} ${node.amount.unit.text}`
    if (node.window === undefined) {
      report({
        code: 'W080',
        severity: 'error',
        span: node.span,
        message: `budget ${quote(text)} has no window`,
        help: `write \`${text}/day\`, \`${text} total\` or \`${text}/call\``,
      })
      return []
    }
    if (amount === undefined) return []
    const { asset, value } = amount
    if (asset === undefined) {
      report({
        code: 'W080',
        severity: 'error',
        span: node.amount.span,
        message: `budget ${quote(text)} does not say of which token`,
        help: `write \`${text} USDC\` with a token of this writ, or limit the number of calls with \`limit\``,
      })
      return []
    }
    if (node.window.kind === 'per call') return [{ kind: 'per call', asset, limit: value, span: node.span }]
    const window = readWindow(node.window, report)
    return window && fits(value, window, node, report)
      ? [{ kind: 'meter', meter: { counts: asset, limit: value, window }, span: node.span }]
      : []
  })
}

/** Meters of calls; what has no meaning is reported and left out. */
export function readLimitAmounts(amounts: readonly LimitAmount[], report: Report): BudgetTerm[] {
  return amounts.flatMap((node): BudgetTerm[] => {
    const { digits, decimals } = node.calls.value
    const text = `${node.calls.text} calls`
    if (node.window === undefined || node.window.kind === 'per call' || decimals > 0) {
      report({
        code: 'W080',
        severity: 'error',
        span: node.span,
        message:
          decimals > 0 ? `${quote(node.calls.text)} is no whole number of calls` : `limit ${quote(text)} has no window`,
        help: decimals > 0 ? 'write a whole number' : `write \`${text}/hour\` or \`${text} total\``,
      })
      return []
    }
    const window = readWindow(node.window, report)
    return window && fits(digits, window, node, report)
      ? [{ kind: 'meter', meter: { counts: 'calls', limit: digits, window }, span: node.span }]
      : []
  })
}

/** A meter's limit is below 2^226, that of a rolling one below 2^112 (docs/format.md). */
function fits(limit: bigint, window: Window, node: Node, report: Report): boolean {
  const bits = window.kind === 'rolling' ? 112n : 226n
  if (limit < 1n << bits) return true
  report({
    code: window.kind === 'rolling' ? 'W113' : 'W065',
    severity: 'error',
    span: node.span,
    message: `a ${window.kind === 'rolling' ? 'rolling ' : ''}limit of 2^${bits} or more cannot be counted`,
    help:
      window.kind === 'rolling'
        ? 'write a smaller limit, or leave `rolling` out'
        : 'write a smaller limit; `budget unlimited` says on purpose that there is none',
  })
  return false
}

/** The window of a meter: a period is 300 s or more and below 2^32 s; a rolling one has eight parts of whole seconds. */
export function readWindow(node: Exclude<WindowNode, { kind: 'per call' }>, report: Report): Window | undefined {
  if (node.kind === 'total') return { kind: 'total' }
  const { seconds, text, span } = node.period
  if (seconds < 300 || seconds >= 2 ** 32) {
    report({
      code: 'W090',
      severity: 'error',
      span,
      message: `a period of ${quote(text)} is too ${seconds < 300 ? 'short' : 'long'}`,
      help: seconds < 300 ? 'a period has at least 300 seconds: write `5m`' : 'write `total` in place of the period',
    })
    return undefined
  }
  if (!node.rolling) return { kind: 'period', seconds }
  if (seconds % 8 === 0) return { kind: 'rolling', seconds }
  report({
    code: 'W113',
    severity: 'error',
    span,
    message: `a rolling period of ${quote(text)} has no eight equal parts of whole seconds`,
    help: `write a multiple of 8 seconds, such as \`${Math.ceil(seconds / 8) * 8}s\``,
  })
  return undefined
}
