import { sortOf } from '../../src/compiler/sortOf.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Charge } from '../../src/policy/Rule.js'
import { constantOperand, environment } from './operand.js'
import type { Source } from './Source.js'
import { buildAmount, plain } from './sum.js'
import { assetsOf, type World } from './World.js'

const ONE = plain(constantOperand({ kind: 'number', value: 1n }))
const VALUE_SENT = plain(environment('call.value'))

/**
 * A charge to one of the meters, or a limit of one call. Ether is counted as the value of the call, calls one by one, tokens by arguments.
 * Undefined where there is no argument to count.
 */
export const buildCharge = (
  source: Source,
  world: World,
  meters: readonly Meter[],
  target: Address,
  operands: readonly Operand[],
): Charge | undefined => {
  const index = source.below(meters.length)
  const meter = source.chance(70) ? meters[index] : undefined
  const asset = meter === undefined ? source.pick(assetsOf(world)) : meter.counts
  const numbers = operands.filter(
    (operand) => (operand.kind === 'argument' || operand.kind === 'total') && sortOf(operand) === 'integer',
  )
  if (asset === 'calls') return { kind: 'meter', meter: index, amount: ONE, assetChecked: true }
  if (asset !== 'ETH' && numbers.length === 0) return undefined
  const counted = asset === 'ETH' && !(world.wide && numbers.length > 0 && source.chance(30))
  const amount = counted ? VALUE_SENT : buildAmount(source, world, numbers, asset)
  const assetChecked = asset === 'ETH' || asset === target
  return meter === undefined
    ? { kind: 'per call', asset, limit: source.bits(source.pick([128, 64, 256])), amount, assetChecked }
    : { kind: 'meter', meter: index, amount, assetChecked }
}
