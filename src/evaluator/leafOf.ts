import type { AllowRule } from './Rule.js'

/** The leaf of an allow rule: its body, its charges with the meters' records, and the clauses of every deny that touches it. */
export const leafOf = (grant: Uint8Array, { body, leafCharges, denies }: AllowRule): Uint8Array =>
  join(
    grant.subarray(...body),
    Uint8Array.of(leafCharges.length),
    ...leafCharges.flatMap(({ record, amount }) => [record, grant.subarray(...amount)]),
    Uint8Array.of(denies.length),
    ...denies.map(({ clause }) => grant.subarray(...clause)),
  )

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
