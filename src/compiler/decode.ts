import type { Binding } from '../policy/Binding.js'
import type { Fees } from '../policy/Fees.js'
import type { Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import type { Rule } from '../policy/Rule.js'
import { readConditions } from './decodeCondition.js'
import { readRule } from './decodeRule.js'
import { readTables, type ReadTables } from './decodeTables.js'
import { encode } from './encode.js'
import { bytesOfHex } from './hex.js'
import { HEADER_FLAG, METER_LENGTH_MASK, PAID_BY, VERSION } from './layout.js'
import { encodable } from './encodable.js'
import { Malformed } from './Malformed.js'
import { Reader } from './Reader.js'

/** A policy and its binding, or why the bytes are none and at which byte. */
export type Decoded =
  | { readonly ok: true; readonly policy: Policy; readonly binding: Binding }
  | { readonly ok: false; readonly reason: string; readonly offset: number }

/**
 * Reads a grant. It accepts what `encode` makes and nothing else: what was read must obey the format's limits, and written again it must be the
 * same bytes. It answers whatever the text is, and does not throw.
 */
export const decode = (grant: Hex): Decoded => {
  const bytes = bytesOfHex(grant)
  if (!(bytes instanceof Uint8Array)) {
    return { ok: false, reason: 'not hex', offset: Math.max(0, Math.floor(bytes.invalidAt / 2) - 1) }
  }
  try {
    return read(bytes)
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, reason: error.reason, offset: error.offset }
    throw error
  }
}

const read = (bytes: Uint8Array): Decoded => {
  const reader = new Reader(bytes)
  if (reader.uint(1) !== VERSION) reader.fail('an unknown version', 0)
  const chainId = reader.uint(8)
  const module = reader.hex(20)
  const account = reader.hex(20)
  const binding: Binding = { module, entityId: reader.uint(4), tag: reader.hex(6) }
  const header = reader.sized(2)
  const tables = readTables(reader)
  const { tokens, meters } = tables
  const offsets: number[] = []
  const rules = reader.times(reader.uint(3), (): Rule => {
    offsets.push(reader.at)
    return readRule(reader, tables)
  })
  reader.expectEnd()
  const policy = { chainId, account, ...readHeader(header, tables), tokens, meters, rules }

  const [problem] = encodable(policy)
  if (problem !== undefined) {
    return { ok: false, reason: problem.message, offset: problem.rule === undefined ? 0 : (offsets[problem.rule] ?? 0) }
  }
  const again = bytesOfHex(encode(policy, binding))
  const difference = again instanceof Uint8Array ? differenceOf(bytes, again) : 0
  if (difference !== undefined) return { ok: false, reason: 'not the one form of its policy', offset: difference }
  return { ok: true, policy, binding }
}

const readHeader = (reader: Reader, tables: ReadTables): Pick<Policy, 'key' | 'from' | 'until' | 'fees'> => {
  const flags = reader.uint(1)
  const key = reader.hex(20)
  const from = reader.uint(5)
  const until = reader.uint(5)
  const paidBy = readPaidBy(reader, flags & HEADER_FLAG.paidBy)
  const scope = { tokens: tables.tokens, shape: undefined, elements: [] }
  const where = (flags & HEADER_FLAG.conditions) === 0 ? [] : readConditions(reader, scope)
  reader.expectEnd()
  return { key, from, until, fees: { paidBy, where } }
}

const readPaidBy = (reader: Reader, code: number): Fees['paidBy'] => {
  const by = code === PAID_BY.sponsored || code === PAID_BY.budgetOrSponsored ? reader.hex(20) : undefined
  if (code === PAID_BY.unlimited) return { kind: 'unlimited' }
  if (code === PAID_BY.sponsored && by !== undefined) return { kind: 'sponsored', by }
  // The fees' meter is the first one; its record is compared when it is written again.
  const width = reader.uint(1) & METER_LENGTH_MASK
  reader.raw(1 + 4 + width)
  return by === undefined ? { kind: 'budget', meter: 0 } : { kind: 'budget or sponsored', meter: 0, by }
}

/** Offset of the first byte in which the two differ. */
const differenceOf = (a: Uint8Array, b: Uint8Array): number | undefined => {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) if (a[i] !== b[i]) return i
  return undefined
}
