import { quote } from '../../diagnostic/quote.js'
import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Condition, Term } from '../../policy/Condition.js'
import type { Operand, PathStep } from '../../policy/Operand.js'
import type { Asset } from '../../policy/Units.js'
import { domainsOf, operandKey, type Domains } from '../resolve/constraints.js'
import type { Context } from '../resolve/Context.js'
import type { Draft } from '../resolve/Draft.js'
import { namer } from '../resolve/expression.js'
import type { Check } from './Check.js'

/** Where conditions fix which token an argument is an amount of, it is compared with amounts of that token, and priced in it. */
export const amountsAgree: Check = ({ context, drafts }) => {
  for (const draft of drafts) {
    if (!draft.whole || !('inputs' in draft.action) || draft.where.length === 0) continue
    const assets = assetsOfArguments(draft, draft.action.inputs, context)
    if (assets.size > 0) for (const condition of draft.where) visit(condition, assets, draft, context)
  }
}

type Assets = ReadonlyMap<string, Asset>

/** Pairs of names that real ABIs use: an amount, and the argument beside it that names its token. */
const pairs: readonly (readonly [amount: RegExp, token: string, step?: PathStep])[] = [
  [/^amountIn(Max|Maximum)?$/, 'tokenIn'],
  [/^amountOut(Min|Minimum)?$/, 'tokenOut'],
  [/^amountIn(Max|Maximum)?$/, 'path', { kind: 'element', index: 0 }],
  [/^amountOut(Min|Minimum)?$/, 'path', { kind: 'last' }],
  [/^amount$/, 'asset'],
  [/^amount$/, 'token'],
]

/** The token of each argument of which it is known, by the argument's key. */
function assetsOfArguments({ callee, place, where }: Draft, inputs: readonly Parameter[], context: Context): Assets {
  const domains = domainsOf(where, context)
  const assets = new Map<string, Asset>()
  for (const [amount, token] of namedPairs(inputs, [])) {
    const asset = fixedToken(token, domains, context)
    if (asset !== undefined) assets.set(amount, asset)
  }
  for (const { amount, asset } of callee?.known?.spends ?? []) {
    const operand = amount[0]?.factors[0]
    if (operand?.kind !== 'argument' || asset === 'ETH') continue
    const token =
      asset === 'target'
        ? place.token?.address
        : asset.kind === 'token'
          ? asset.address
          : fixedToken(operandKey(asset), domains, context)
    if (token !== undefined) assets.set(operandKey(operand), token)
  }
  return assets
}

function fixedToken(key: string, domains: Domains, { names }: Context): Asset | undefined {
  const only = domains.get(key)?.only
  const [value] = only?.size === 1 ? only : []
  if (value === undefined || !value.startsWith('0x')) return undefined
  const address: Asset = `0x${value.slice(2)}`
  return names.byAddress.get(address)?.some((entity) => entity.kind === 'token') ? address : undefined
}

/** Keys of amounts and of their tokens among parameters that stand side by side, and within tuples. */
function* namedPairs(inputs: readonly Parameter[], prefix: readonly PathStep[]): Iterable<readonly [string, string]> {
  const at = (index: number, ...more: PathStep[]): readonly PathStep[] => [
    ...prefix,
    { kind: 'component', index },
    ...more,
  ]
  for (const [index, { name, type }] of inputs.entries()) {
    if (type.kind === 'tuple') yield* namedPairs(type.components, at(index))
    for (const [amount, token, step] of pairs) {
      if (!amount.test(name)) continue
      const other = inputs.findIndex((input) => input.name === token && isAddress(input.type, step !== undefined))
      if (other >= 0) yield [keyOf(at(index)), keyOf(step ? at(other, step) : at(other))]
    }
  }
}

const isAddress = (type: AbiType, inArray: boolean): boolean =>
  inArray ? type.kind === 'array' && type.element.kind === 'address' : type.kind === 'address'
const keyOf = (path: readonly PathStep[]): string =>
  operandKey({ kind: 'argument', path, type: { kind: 'uint', bits: 256 } })

function visit(condition: Condition, assets: Assets, draft: Draft, context: Context): void {
  switch (condition.kind) {
    case 'and':
      for (const part of condition.all) visit(part, assets, draft, context)
      return
    case 'or':
      for (const part of condition.any) visit(part, assets, draft, context)
      return
    case 'compare': {
      const units = [...condition.left, ...condition.right].map((term) => unitOf(term, assets))
      report(units, condition, draft, context)
      return
    }
    case 'member':
      for (const [column, operand] of condition.operands.entries()) {
        const constant = condition.rows[0]?.[column]
        if (constant?.kind === 'amount')
          report(
            [
              { asset: assetOf(operand, assets), said: false },
              { asset: constant.asset, said: true },
            ],
            condition,
            draft,
            context,
          )
      }
      return
    case 'every':
    case 'any':
      for (const part of condition.body) visit(part, assets, draft, context)
      return
    case 'bytes':
    case 'now':
    case 'true':
    case 'false':
      return
    default:
      condition satisfies never
  }
}

/** The unit of a term: said by the author (an amount, a price) or only known of an argument; `misfit` is what a price takes instead. */
type Unit = { readonly asset: Asset | undefined; readonly said: boolean; readonly misfit?: Asset }

function assetOf(operand: Operand, assets: Assets): Asset | undefined {
  if (operand.kind === 'constant') return operand.constant.kind === 'amount' ? operand.constant.asset : undefined
  return assets.get(operandKey(operand))
}

function unitOf({ factors, scales }: Term, assets: Assets): Unit {
  let asset = factors.map((factor) => assetOf(factor, assets)).find((found) => found !== undefined)
  let said = factors.some((factor) => factor.kind === 'constant' && factor.constant.kind === 'amount')
  for (const scale of [...scales].reverse()) {
    if (scale.kind !== 'at' && scale.kind !== 'sold at') continue
    const [takes, gives] = scale.kind === 'at' ? [scale.quote, scale.base] : [scale.base, scale.quote]
    if (asset !== undefined && asset !== takes) return { asset, said, misfit: takes }
    ;[asset, said] = [gives, true]
  }
  return { asset, said }
}

function report(units: readonly Unit[], condition: Condition, draft: Draft, context: Context): void {
  const show = namer(context)
  const misfit = units.find((unit) => unit.misfit !== undefined)
  // Two arguments compare as the integers they are; what the author said of an amount must fit what is known of the other.
  const said = units.find((unit) => unit.said)
  const differing = units.find((unit) => unit.asset !== undefined && unit.asset !== said?.asset)
  const [one, other] = misfit ? [misfit.asset, misfit.misfit] : [said?.asset, differing?.asset]
  if (one === undefined || other === undefined) return
  context.report({
    code: 'W096',
    severity: 'error',
    span: context.spans.get(condition) ?? draft.node.action.span,
    message: misfit
      ? `this price takes ${quote(show(other))}, and the rule fixes the amount to be one of ${quote(show(one))}`
      : `this compares an amount of ${quote(show(one))} with one of ${quote(show(other))}, as the rule fixes the tokens`,
    help: misfit
      ? 'turn the price round: `at` takes the first token and gives the second, `sold at` the second and gives the first'
      : 'compare amounts of one token, or put a price on one of them',
  })
}
