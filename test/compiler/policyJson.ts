import type { Policy } from '../../src/policy/Policy.js'

// The fields of a policy that are bigints; `by` and `value` may also be an address, bytes or a truth value, none of which is decimal text.
const INTEGERS: ReadonlySet<string> = new Set(['limit', 'digits', 'by', 'value'])

/** A policy as JSON: every bigint is decimal text. */
export const policyToJson = (policy: Policy): unknown =>
  JSON.parse(JSON.stringify(policy, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))

/** The policy that such JSON was made of. It is our own file: what it holds is believed. */
export const policyFromJson = (json: unknown): Policy =>
  JSON.parse(JSON.stringify(json), (key, value: unknown) =>
    INTEGERS.has(key) && typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : value,
  ) as Policy
