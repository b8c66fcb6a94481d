import { concat, keccak256, numberToHex, size } from 'viem'
import { leavesOf } from '../../../src/compiler/leaves.js'
import { leafHashOf, proofOf } from '../../../src/compiler/proof.js'
import type { Hex } from '../../../src/policy/Hex.js'

/** A witness, drawn as docs/format.md draws it; every part can be made wrong by a test. */
export type Witness = {
  readonly header: Hex
  readonly time: number
  readonly leaves: readonly { readonly leaf: Hex; readonly proof: readonly Hex[] }[]
  readonly indexes?: readonly number[]
}

/** The header of a grant: behind version1, chainId8, module20, account20, entityId4, tag6 and its length2. */
export const headerOf = (grant: Hex): Hex => {
  const length = Number.parseInt(grant.slice(2 + 2 * 59, 2 + 2 * 61), 16)
  return `0x${grant.slice(2 + 2 * 61, 2 + 2 * (61 + length))}`
}

/** What the key sends with an operation whose calls are allowed by these allow rules (numbers among the allow rules only). */
export const witnessFor = (grant: Hex, time: number, rules: readonly number[]): Witness => {
  const leaves = leavesOf(grant)
  const hashes = leaves.map(leafHashOf)
  const used = [...new Set(rules)]
  return {
    header: headerOf(grant),
    time,
    leaves: used.map((rule) => ({ leaf: leaves[rule] ?? '0x', proof: proofOf(hashes, rule) })),
    ...(used.length > 1 ? { indexes: rules.map((rule) => used.indexOf(rule)) } : {}),
  }
}

/** The bytes of a witness. */
export const bytesOf = ({ header, time, leaves, indexes = [] }: Witness): Hex =>
  concat([
    numberToHex(size(header), { size: 2 }),
    header,
    numberToHex(time, { size: 5 }),
    numberToHex(leaves.length, { size: 1 }),
    ...leaves.flatMap(({ leaf, proof }) => [
      numberToHex(size(leaf), { size: 2 }),
      numberToHex(proof.length, { size: 1 }),
      leaf,
      ...proof,
    ]),
    ...indexes.map((index) => numberToHex(index, { size: 1 })),
  ])

/** What the key signs. */
export const digestOf = (userOpHash: Hex, module: Hex, entityId: number, witness: Hex): Hex =>
  keccak256(concat([userOpHash, module, numberToHex(entityId, { size: 4 }), keccak256(witness)]))
