import type { Condition } from '../../policy/Condition.js'
import type { Address } from '../../policy/Hex.js'
import type { Meter } from '../../policy/Meter.js'
import type { FeesLine } from '../ast.js'
import { readBudgetAmounts } from './amounts.js'
import { conjuncts } from './condition.js'
import type { Context } from './Context.js'
import { resolvePlace } from './place.js'

/** The fees line with its meter as an object. */
export type DraftFees = {
  readonly paidBy:
    | { readonly kind: 'unlimited' }
    | { readonly kind: 'budget'; readonly meter: Meter }
    | { readonly kind: 'sponsored'; readonly by: Address }
    | { readonly kind: 'budget or sponsored'; readonly meter: Meter; readonly by: Address }
  readonly where: readonly Condition[]
}

/** What a fees line says; undefined where it says nothing that holds together, which is reported. */
export function resolveFees(node: FeesLine, context: Context): DraftFees | undefined {
  const paidBy = payers(node, context)
  const where =
    node.where === undefined
      ? []
      : conjuncts(node.where, { place: 'fees', effect: 'allow', inputs: [], functionName: '' }, context)
  return paidBy && where && { paidBy, where }
}

const forms =
  'write `fees 0.01 ETH/day`, `fees sponsored by 0x…`, `fees 0.01 ETH/day or sponsored by 0x…` or `fees unlimited`'

function payers(node: FeesLine, context: Context): DraftFees['paidBy'] | undefined {
  const { report } = context
  const budgets = node.alternatives.filter((payer) => payer.kind === 'budget amount')
  const sponsors = node.alternatives.filter((payer) => payer.kind === 'sponsored')
  const unlimited = node.alternatives.filter((payer) => payer.kind === 'unlimited fees')
  const extra =
    budgets[1] ??
    sponsors[1] ??
    (unlimited.length > 0 ? node.alternatives.filter((payer) => payer !== unlimited[0])[0] : undefined)
  if (extra) {
    report({
      code: 'W032',
      severity: 'error',
      span: extra.span,
      message: 'these ways of paying fees do not go together',
      help: forms,
    })
    return undefined
  }
  if (unlimited.length > 0) return { kind: 'unlimited' }
  const meter = budgets[0] && meterOf(budgets[0], context)
  const by = sponsors[0] && sponsorOf(sponsors[0], context)
  if ((budgets[0] && !meter) || (sponsors[0] && by === undefined)) return undefined
  if (meter && by !== undefined) return { kind: 'budget or sponsored', meter, by }
  if (meter) return { kind: 'budget', meter }
  return by === undefined ? undefined : { kind: 'sponsored', by }
}

function meterOf(node: Parameters<typeof readBudgetAmounts>[0][number], { names, report }: Context): Meter | undefined {
  const [term] = readBudgetAmounts([node], names, report)
  if (term === undefined) return undefined
  if (term.kind === 'meter' && term.meter.counts === 'ETH') return term.meter
  const perCall = term.kind === 'per call'
  report({
    code: 'W032',
    severity: 'error',
    span: node.span,
    message: perCall ? 'fees are paid for an operation, not for a call' : 'fees are paid in ETH',
    help: perCall
      ? 'write a period or `total`, and bound the price: `where op.maxFeePerGas <= 50 gwei`'
      : 'write `fees 0.01 ETH/day`',
  })
  return undefined
}

function sponsorOf(
  node: Extract<FeesLine['alternatives'][number], { kind: 'sponsored' }>,
  context: Context,
): Address | undefined {
  const place = resolvePlace(context, node.by)
  if (place === undefined) return undefined
  if (BigInt(place.address) !== 0n) return place.address
  context.report({
    code: 'W032',
    severity: 'error',
    span: node.by.span,
    message: 'the sponsor is the zero address, which means the account pays',
    help: forms,
  })
  return undefined
}
