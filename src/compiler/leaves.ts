import type { Hex } from '../policy/Hex.js'
import { hexOfBytes } from './hex.js'
import { BODY_FLAG } from './layout.js'
import { type Outline, outlineOf, subjectOf } from './outline.js'
import { Writer } from './Writer.js'

/** The leaves of a grant, one for each allow rule, in the rules' order; every deny that touches a rule's function is folded into its leaf. */
export const leavesOf = (grant: Hex): readonly Hex[] => leafBytesOf(outlineOf(grant)).map(hexOfBytes)

/** The same, of a grant that is cut up already. */
export const leafBytesOf = ({ allows, denies }: Outline): readonly Uint8Array[] => {
  const byTarget = new Map<Hex, Outline['denies'][number][]>()
  for (const deny of denies) {
    const known = byTarget.get(deny.target)
    if (known === undefined) byTarget.set(deny.target, [deny])
    else known.push(deny)
  }
  return allows.map(({ body, charges }) => {
    const { target, action } = subjectOf(body, BODY_FLAG.send)
    const clauses = (byTarget.get(target) ?? []).filter((deny) => deny.action === 'any' || deny.action === action)
    const writer = new Writer()
    writer.raw(body)
    writer.raw(charges)
    writer.uint(clauses.length, 1)
    for (const { clause } of clauses) writer.raw(clause)
    return writer.bytes()
  })
}
