import type { Fees } from '../../src/policy/Fees.js'
import type { Meter } from '../../src/policy/Meter.js'
import { buildAddress } from './address.js'
import { buildConditions } from './condition.js'
import { environment, FEE_OPERANDS } from './operand.js'
import type { Size, Source } from './Source.js'
import type { World } from './World.js'

/** Every way of paying, with and without conditions; `meters` has at least one of ETH. */
export const buildFees = (source: Source, world: World, meters: readonly Meter[], size: Size): Fees => {
  const own = meters.flatMap((meter, index) => (meter.counts === 'ETH' ? [index] : []))
  const operands = [...FEE_OPERANDS, environment('session.account'), environment('session.key')]
  const where = source.chance(30) ? buildConditions(source, { ...world, operands, now: false }, size.depth) : []
  switch (source.below(4)) {
    case 0:
      return { paidBy: { kind: 'budget', meter: source.pick(own) }, where }
    case 1:
      return { paidBy: { kind: 'unlimited' }, where }
    case 2:
      return { paidBy: { kind: 'sponsored', by: buildAddress(source) }, where }
    default:
      return { paidBy: { kind: 'budget or sponsored', meter: source.pick(own), by: buildAddress(source) }, where }
  }
}
