import { HASH_PREFIX } from '../compiler/layout.js'
import type { Hex } from '../policy/Hex.js'
import { toHex } from './hex.js'
import { keccak256 } from './keccak256.js'
import { leafOf } from './leafOf.js'
import type { Session } from './Session.js'

/** Deciding never hashes; whoever asks for a root or a proof first pays for the tree. */
const trees = new WeakMap<Session, readonly Uint8Array[]>()

/** The heap of 2n - 1 hashes over the n allow rules' leaves, the top first. */
const treeOf = (session: Session): readonly Uint8Array[] => {
  const known = trees.get(session)
  if (known) return known
  const { bytes, meters, allows } = session.internal
  const tree: Uint8Array[] = []
  const prefix = Uint8Array.of(HASH_PREFIX.leaf)
  for (const [at, rule] of allows.entries())
    tree[allows.length - 1 + at] = keccak256(prefix, leafOf(bytes, meters, rule))
  for (let at = allows.length - 2; at >= 0; at--) tree[at] = nodeOf(hashAt(tree, 2 * at + 1), hashAt(tree, 2 * at + 2))
  trees.set(session, tree)
  return tree
}

const hashAt = (tree: readonly Uint8Array[], at: number): Uint8Array => tree[at] ?? new Uint8Array(32)

const nodeOf = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const [low, high] = toHex(one) < toHex(other) ? [one, other] : [other, one]
  return keccak256(Uint8Array.of(HASH_PREFIX.node), low, high)
}

/** The word that stands for the session on the chain: 32 bytes. The first call of a session hashes its whole tree. */
export const root = (session: Session): Hex => {
  const { bytes, header } = session.internal
  // Chain id, module, account, entity id and tag stand in the grant as they are hashed, between version and header's length.
  const binding = bytes.subarray(1, header[0] - 2)
  const top = hashAt(treeOf(session), 0)
  return `0x${toHex(keccak256(Uint8Array.of(HASH_PREFIX.root), binding, bytes.subarray(...header), top))}`
}

/** Sibling hashes from the leaf of the allow rule at this place among the allow rules up to the top. */
export const proofOf = (session: Session, place: number): readonly Uint8Array[] => {
  const tree = treeOf(session)
  const proof: Uint8Array[] = []
  for (let at = session.internal.allows.length - 1 + place; at > 0; at = (at - 1) >> 1)
    proof.push(hashAt(tree, at % 2 === 1 ? at + 1 : at - 1))
  return proof
}
