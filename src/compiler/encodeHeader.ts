import type { Fees } from '../policy/Fees.js'
import type { Policy } from '../policy/Policy.js'
import { writeConditions } from './encodeCondition.js'
import { scopeOf } from './encodePlace.js'
import { HEADER_FLAG, PAID_BY } from './layout.js'
import { positionsOf, writeMeterRecord } from './meters.js'
import type { Tables } from './Tables.js'
import { Writer } from './Writer.js'

/** The header: it stands in the grant, in every witness and under every root. */
export const encodeHeader = (policy: Policy, tables: Tables): Uint8Array => {
  const { paidBy, where } = policy.fees
  const writer = new Writer()
  writer.uint(paidByCode(paidBy) | (where.length > 0 ? HEADER_FLAG.conditions : 0), 1)
  writer.hex(policy.key)
  writer.uint(policy.from, 5)
  writer.uint(policy.until, 5)
  if ('by' in paidBy) writer.hex(paidBy.by)
  if ('meter' in paidBy) {
    const meter = policy.meters[paidBy.meter]
    const position = positionsOf(policy.meters)[paidBy.meter]
    if (meter === undefined || position === undefined) {
      throw new RangeError('the fees name no meter: the policy cannot be encoded')
    }
    writeMeterRecord(writer, meter, position)
  }
  if (where.length > 0) writeConditions(writer, where, scopeOf(tables, undefined))
  return writer.bytes()
}

const paidByCode = (paidBy: Fees['paidBy']): number => {
  switch (paidBy.kind) {
    case 'unlimited':
    case 'budget':
    case 'sponsored':
      return PAID_BY[paidBy.kind]
    case 'budget or sponsored':
      return PAID_BY.budgetOrSponsored
    default:
      return paidBy satisfies never
  }
}
