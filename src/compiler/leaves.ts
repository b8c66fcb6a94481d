import type { Hex } from '../policy/Hex.js'
import { hexOfBytes } from './hex.js'
import {
  type Outline,
  type OutlinedAllow,
  type OutlinedDeny,
  type OutlinedRules,
  outlineOf,
  subjectOf,
} from './outline.js'
import { Writer } from './Writer.js'

/** The leaves of a grant, one for each allow rule outside all blocks, in the rules' order; every deny that touches a rule's function is folded into its leaf. */
export const leavesOf = (grant: Hex): readonly Hex[] => leafBytesOf(outlineOf(grant)).map(hexOfBytes)

/** The same, of a grant that is cut up already. */
export const leafBytesOf = (outline: Outline): readonly Uint8Array[] => leavesAmong(outline, [])

/** The denies of some rules by their target. */
type Denies = ReadonlyMap<Hex, readonly OutlinedDeny[]>

const leavesAmong = (rules: OutlinedRules, around: readonly Denies[]): readonly Uint8Array[] => {
  const denies = rules.denies.length === 0 ? around : [...around, byTarget(rules.denies)]
  return rules.allows.map((allow) => leafOf(allow, denies))
}

/** A leaf: a deny holds at every depth inside the place where it stands, so that those from outside come first. */
const leafOf = ({ body, charges, nested }: OutlinedAllow, denies: readonly Denies[]): Uint8Array => {
  const { target, action } = subjectOf(body)
  const clauses = denies
    .flatMap((some) => some.get(target) ?? [])
    .filter((deny) => deny.action === 'any' || deny.action === action)
  const writer = new Writer()
  writer.raw(body)
  writer.raw(charges)
  writer.uint(clauses.length, 1)
  for (const { clause } of clauses) writer.raw(clause)
  if (nested.length === 0) return writer.bytes()
  writer.uint(nested.length, 1)
  for (const block of nested) {
    const leaves = leavesAmong(block, denies)
    writer.raw(block.list)
    writer.uint(leaves.length, 2)
    for (const leaf of leaves) {
      writer.uint(leaf.length, 2)
      writer.raw(leaf)
    }
  }
  return writer.bytes()
}

const byTarget = (denies: readonly OutlinedDeny[]): Denies => {
  const found = new Map<Hex, OutlinedDeny[]>()
  for (const deny of denies) {
    const known = found.get(deny.target)
    if (known === undefined) found.set(deny.target, [deny])
    else known.push(deny)
  }
  return found
}
