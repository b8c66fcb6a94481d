import type { Policy } from '../../src/policy/Policy.js'

/** A policy as JSON: every bigint is decimal text. */
export const policyToJson = (policy: Policy): unknown =>
  JSON.parse(JSON.stringify(policy, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))

/** The policy that such JSON was made of: no name, symbol or hex of a policy looks like decimal text. It is our own file: what it holds is believed. */
export const policyFromJson = (json: unknown): Policy =>
  JSON.parse(JSON.stringify(json), (_, value: unknown) =>
    typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : value,
  ) as Policy
