import { ASSET, HEADER_FLAG, LIMIT, PAID_BY } from '../compiler/layout.js'
import type { MeterEntry } from './MeterEntry.js'
import type { Reader } from './Reader.js'
import { readConditions } from './readConditions.js'
import type { FeesEntry } from './Session.js'
import type { Tables } from './Tables.js'
import type { Times } from './Times.js'

/** What stands in the header before the fees. */
export type HeaderStart = { readonly flags: number; readonly key: string; readonly life: Times }

/** Reads flags, key and times. */
export const readHeaderStart = (header: Reader): HeaderStart => {
  const start = header.at
  const flags = header.byte()
  header.must(flags <= (HEADER_FLAG.paidBy | HEADER_FLAG.conditions), 'the header has unknown flags', start)
  const key = header.hex(20)
  header.must(/[1-9a-f]/.test(key), 'the session key is the zero address', start)
  return { flags, key, life: readLife(header) }
}

const readLife = (header: Reader): Times => {
  const start = header.at
  const from = header.uint(5)
  const until = header.uint(5)
  header.must(LIMIT.fromLeast <= from && from < until && until < LIMIT.untilBelow, 'its time is not possible', start)
  return { from, until, hours: undefined }
}

/** Whether the first meter is the fees'. */
export const hasMeter = (paidBy: number): boolean => paidBy === PAID_BY.budget || paidBy === PAID_BY.budgetOrSponsored

/** Reads the header's rest, which repeats the first meter of the table. */
export const readFees = (header: Reader, flags: number, tables: Tables, meters: readonly MeterEntry[]): FeesEntry => {
  const paidBy = flags & HEADER_FLAG.paidBy
  const start = header.at
  const sponsor = paidBy === PAID_BY.sponsored || paidBy === PAID_BY.budgetOrSponsored ? header.hex(20) : ''
  header.must(!/^0{40}$/.test(sponsor), 'the sponsor is zero', start)
  if (hasMeter(paidBy)) {
    const [meter] = meters
    header.must(meter?.asset === ASSET.eth, 'the fees have no meter of ETH', header.at)
    const at = header.at
    const record = header.take(meter.record.length)
    header.must(
      record.every((byte, index) => byte === meter.record[index]),
      "the fees' meter is not the first",
      at,
    )
  }
  const where =
    flags & HEADER_FLAG.conditions
      ? readConditions(header, { tables, inputs: undefined, place: 'fees', elements: [] })
      : []
  header.must(where.length > 0 || (flags & HEADER_FLAG.conditions) === 0, 'the fees have no conditions')
  header.finish('the header')
  return { paidBy, sponsor, where }
}
