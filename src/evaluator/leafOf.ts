import { CHARGE, METER_KIND, METER_KIND_SHIFT } from '../compiler/layout.js'
import type { MeterEntry } from './MeterEntry.js'
import { Reader } from './Reader.js'
import type { AllowRule } from './Rule.js'

/** The leaf of an allow rule: its body, its charges with the meters' records, the clauses of every deny that touches it, and the leaves nested in it. */
export const leafOf = (grant: Uint8Array, meters: readonly MeterEntry[], rule: AllowRule): Uint8Array => {
  const reader = new Reader(grant, '', rule.bodyEnd, grant.length)
  const count = reader.byte()
  const charges = Array.from({ length: count }, () => leafChargeOf(reader, meters))
  return join(
    grant.subarray(rule.bodyStart, rule.bodyEnd),
    Uint8Array.of(count),
    ...charges,
    Uint8Array.of(rule.denies.length),
    ...rule.denies.map(({ clauseStart, clauseEnd }) => grant.subarray(clauseStart, clauseEnd)),
    ...(rule.blocks ? [Uint8Array.of(rule.blocks.length)] : []),
    ...(rule.blocks ?? []).flatMap(({ headStart, headEnd, allows }) => [
      grant.subarray(headStart, headEnd),
      uint16(allows.length),
      ...allows.flatMap((inner) => {
        const leaf = leafOf(grant, meters, inner)
        return [uint16(leaf.length), leaf]
      }),
    ]),
  )
}

const uint16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value)

/** The grant's charge with the meter's record put in, and without flags and the amount's length. */
const leafChargeOf = (reader: Reader, meters: readonly MeterEntry[]): Uint8Array => {
  const kind = reader.byte()
  const index = reader.byte()
  reader.skip(1)
  let record = meters[index]?.record ?? new Uint8Array()
  if (kind === CHARGE.perCall) {
    const length = reader.byte()
    record = Uint8Array.of((METER_KIND.perCall << METER_KIND_SHIFT) | length, ...reader.take(length))
  }
  return join(record, reader.take(reader.uint(2)))
}

/** The parts one after another. */
export const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
