import type { Fees } from '../../src/policy/Fees.js'
import { buildAddress } from './address.js'
import { buildConditions } from './condition.js'
import { FEE_OPERANDS } from './operand.js'
import { NONE } from './readables.js'
import type { Size, Source } from './Source.js'
import type { World } from './World.js'

/**
 * Every way of paying, with and without conditions. `own` is a meter of ETH that the fees may count on; `shared` is one that rules charge too:
 * the fees count on it only where a writ has no fees line.
 */
export const buildFees = (source: Source, world: World, own: number, shared: number | undefined, size: Size): Fees => {
  if (shared !== undefined && source.chance(40)) return { paidBy: { kind: 'budget', meter: shared }, where: [] }
  const where = source.chance(30)
    ? buildConditions(source, { ...world, operands: FEE_OPERANDS, reach: NONE, now: false }, size.depth)
    : []
  const meter = world.wide && shared !== undefined && source.chance(50) ? shared : own
  switch (source.below(4)) {
    case 0:
      return { paidBy: { kind: 'budget', meter }, where }
    case 1:
      return { paidBy: { kind: 'unlimited' }, where }
    case 2:
      return { paidBy: { kind: 'sponsored', by: buildAddress(source) }, where }
    default:
      return { paidBy: { kind: 'budget or sponsored', meter, by: buildAddress(source) }, where }
  }
}
