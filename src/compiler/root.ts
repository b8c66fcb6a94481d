import { keccak256 } from 'viem/utils'
import type { Hex } from '../policy/Hex.js'
import { hexOfBytes } from './hex.js'
import { HASH_PREFIX } from './layout.js'
import { leafBytesOf } from './leaves.js'
import { outlineOf } from './outline.js'
import { leafHashOf, treeOf } from './proof.js'
import { Writer } from './Writer.js'

/** The root of a grant that `encode` made or `decode` accepts: the one word by which the chain knows it. */
export const rootOf = (grant: Hex): Hex => keccak256(partsOf(grant).preimage)

/** What a grant's root is the hash of, and its last two parts: the header, and the top of the tree of leaves. */
export const partsOf = (grant: Hex): { readonly preimage: Uint8Array; readonly header: Hex; readonly top: Hex } => {
  const outline = outlineOf(grant)
  const [top] = treeOf(leafBytesOf(outline).map((leaf) => leafHashOf(hexOfBytes(leaf))))
  if (top === undefined) throw new RangeError('a tree has a top')
  const writer = new Writer()
  writer.uint(HASH_PREFIX.root, 1)
  writer.raw(outline.place)
  writer.raw(outline.header)
  writer.hex(top)
  return { preimage: writer.bytes(), header: hexOfBytes(outline.header), top }
}
