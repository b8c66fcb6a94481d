import type { Address, Hex } from '../policy/Hex.js'
import { toBytes, toHex } from './hex.js'
import { keccak256 } from './keccak256.js'
import { join, leafOf } from './leafOf.js'
import type { Session } from './Session.js'
import { proofOf } from './tree.js'

/**
 * What an operation carries for the module: header, claimed time, the leaves of the rules and their proofs. `time`: unix seconds inside the interval
 * of the decision, 0 on the runtime path. `rules`: for each call, the index into the policy's rules, as a decision gives it; whether they allow the calls is not asked.
 * Throws RangeError where an index is no allow rule, and above 255 rules.
 */
export const witness = (
  session: Session,
  { time, rules }: { readonly time: number; readonly rules: readonly number[] },
): Hex => {
  const { bytes, header, meters, allows } = session.internal
  const distinct = [...new Set(rules)]
  if (distinct.length > 255) throw new RangeError('a witness has room for 255 rules; use fewer calls in one operation')
  const leaves = distinct.flatMap((index) => {
    const place = allows.findIndex((rule) => rule.index === index)
    const rule = allows[place]
    if (!rule)
      throw new RangeError(`rule ${index} of the policy is no allow rule; use the indexes that a decision gives`)
    const leaf = leafOf(bytes, meters, rule)
    const proof = proofOf(session, place)
    return [number(leaf.length, 2), number(proof.length, 1), leaf, ...proof]
  })
  const choice = distinct.length > 1 ? Uint8Array.from(rules, (index) => distinct.indexOf(index)) : new Uint8Array()
  const head = bytes.subarray(...header)
  const parts = [number(head.length, 2), head, number(time, 5), number(distinct.length, 1), ...leaves, choice]
  return `0x${toHex(join(...parts))}`
}

/** What the session key signs, as it is: 32 bytes that bind the operation, the module, the entity id and the witness. */
export const digest = (parts: {
  readonly userOpHash: Hex
  readonly module: Address
  readonly entityId: number
  readonly witness: Hex
}): Hex =>
  `0x${toHex(
    keccak256(
      bytesOf(parts.userOpHash),
      bytesOf(parts.module),
      number(parts.entityId, 4),
      keccak256(bytesOf(parts.witness)),
    ),
  )}`

const number = (value: number, width: number): Uint8Array =>
  Uint8Array.from({ length: width }, (_, at) => Math.floor(value / 2 ** (8 * (width - 1 - at))) % 256)

const bytesOf = (text: Hex): Uint8Array => {
  const bytes = toBytes(text)
  if (typeof bytes === 'number') throw new RangeError('give bytes as 0x and an even number of hex digits')
  return bytes
}
