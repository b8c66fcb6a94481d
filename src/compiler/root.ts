import { keccak256 } from 'viem'
import type { Hex } from '../policy/Hex.js'
import { hexOfBytes } from './hex.js'
import { HASH_PREFIX } from './layout.js'
import { leafBytesOf } from './leaves.js'
import { outlineOf } from './outline.js'
import { leafHashOf, treeOf } from './proof.js'
import { Writer } from './Writer.js'

/** The root of a grant that `encode` made or `decode` accepts: the one word by which the chain knows it. */
export const rootOf = (grant: Hex): Hex => {
  const outline = outlineOf(grant)
  const [top] = treeOf(leafBytesOf(outline).map((leaf) => leafHashOf(hexOfBytes(leaf))))
  const writer = new Writer()
  writer.uint(HASH_PREFIX.root, 1)
  writer.raw(outline.place)
  writer.raw(outline.header)
  if (top !== undefined) writer.hex(top)
  return keccak256(writer.bytes())
}
