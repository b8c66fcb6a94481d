import { keccak256 } from 'viem/utils'
import type { Hex } from '../policy/Hex.js'
import { hexOfBytes } from './hex.js'
import { HASH_PREFIX } from './layout.js'

/** `keccak256(0x00 ‖ leaf)` */
export const leafHashOf = (leaf: Hex): Hex => keccak256(`${PREFIX.leaf}${leaf.slice(2)}`)

/** `keccak256(0x01 ‖ min(a,b) ‖ max(a,b))`; hex of one length and case compares as the bytes do. */
export const nodeOf = (a: Hex, b: Hex): Hex =>
  keccak256(`${PREFIX.node}${(a < b ? a : b).slice(2)}${(a < b ? b : a).slice(2)}`)

const PREFIX = {
  leaf: hexOfBytes(Uint8Array.of(HASH_PREFIX.leaf)),
  node: hexOfBytes(Uint8Array.of(HASH_PREFIX.node)),
}

/** The heap of 2n-1 nodes over n leaf hashes: they stand at n-1 .. 2n-2, above each two their node. At least one leaf. */
export const treeOf = (leafHashes: readonly Hex[]): readonly Hex[] => {
  const count = leafHashes.length
  const inner = new Map<number, Hex>()
  const at = (index: number): Hex => {
    const node = index >= count - 1 ? leafHashes[index - (count - 1)] : inner.get(index)
    if (node === undefined) throw new RangeError('a tree has no leaf')
    return node
  }
  for (let index = count - 2; index >= 0; index -= 1) inner.set(index, nodeOf(at(2 * index + 1), at(2 * index + 2)))
  return Array.from({ length: 2 * count - 1 }, (_, index) => at(index))
}

/** The siblings that lead from one leaf's hash to the top, from below. */
export const proofOf = (leafHashes: readonly Hex[], index: number): readonly Hex[] => proofIn(treeOf(leafHashes), index)

/** The same, in a tree that is there already. */
export const proofIn = (tree: readonly Hex[], index: number): readonly Hex[] => {
  const siblings: Hex[] = []
  for (let at = (tree.length - 1) / 2 + index; at > 0; at = Math.floor((at - 1) / 2)) {
    const sibling = tree[at % 2 === 1 ? at + 1 : at - 1]
    if (sibling === undefined) throw new RangeError(`leaf ${index} is not in the tree`)
    siblings.push(sibling)
  }
  return siblings
}

/** What a leaf's hash and its proof lead to. */
export const topOf = (leafHash: Hex, proof: readonly Hex[]): Hex => proof.reduce(nodeOf, leafHash)
