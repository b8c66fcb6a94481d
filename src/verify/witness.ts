import { leavesOf } from '../compiler/leaves.js'
import { outlineOf } from '../compiler/outline.js'
import { leafHashOf, proofIn, treeOf } from '../compiler/proof.js'
import type { Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { bytesOf, flipped, joined, numberBytes } from './bytes.js'
import type { Trick } from './Trick.js'

/** A leaf with its proof. */
type Branch = { readonly leaf: Uint8Array; readonly proof: readonly Uint8Array[] }

/** A witness before it is bytes (docs/format.md, "Witness and signature"). */
export type Witness = {
  readonly header: Uint8Array
  readonly time: number
  readonly branches: readonly Branch[]
  /** For each call the branch it uses. */
  readonly indexes: readonly number[]
}

/** The bytes of a witness; the calls' indexes stand only where there are several leaves. */
export const witnessBytes = ({ header, time, branches, indexes }: Witness): Uint8Array =>
  joined(
    numberBytes(BigInt(header.length), 2),
    header,
    numberBytes(BigInt(time), 5),
    numberBytes(BigInt(branches.length), 1),
    ...branches.flatMap(({ leaf, proof }) => [
      numberBytes(BigInt(leaf.length), 2),
      numberBytes(BigInt(proof.length), 1),
      leaf,
      ...proof,
    ]),
    branches.length > 1 ? Uint8Array.from(indexes) : new Uint8Array(),
  )

/** Makes honest witnesses, and ones that are not, from a grant's leaves. */
export class WitnessMaker {
  readonly #header: Uint8Array
  /** By the rule's index. */
  readonly #branches = new Map<number, Branch>()
  /** The same leaves without the deny clauses that were folded in. */
  readonly #stripped = new Map<number, Branch>()

  constructor(grant: Hex, policy: Policy) {
    const outline = outlineOf(grant)
    this.#header = outline.header
    const leaves = leavesOf(grant)
    const tree = treeOf(leaves.map(leafHashOf))
    let leafIndex = 0
    for (const [rule, { effect }] of policy.rules.entries()) {
      if (effect !== 'allow') continue
      const leaf = bytesOf(leaves[leafIndex] ?? '0x')
      const parts = outline.allows[leafIndex]
      const proof = proofIn(tree, leafIndex).map(bytesOf)
      this.#branches.set(rule, { leaf, proof })
      if (parts) this.#stripped.set(rule, { leaf: joined(parts.body, parts.charges, Uint8Array.of(0)), proof })
      leafIndex += 1
    }
  }

  /** The witness for calls under these rules; on the runtime path `time` is 0. */
  honest(time: number, rules: readonly number[]): Witness {
    const distinct = [...new Set(rules)]
    const branches = distinct.flatMap((rule) => this.#branches.get(rule) ?? [])
    return { header: this.#header, time, branches, indexes: rules.map((rule) => distinct.indexOf(rule)) }
  }

  /** The bytes of a witness that is wrong in one way; undefined where it cannot be wrong in that way. */
  twisted(time: number, rules: readonly number[], trick: Trick): Uint8Array | undefined {
    const honest = this.honest(time, rules)
    const [first, ...others] = honest.branches
    if (first === undefined) return undefined
    const withLeaf = (leaf: Uint8Array) => witnessBytes({ ...honest, branches: [{ ...first, leaf }, ...others] })
    const withProof = (proof: readonly Uint8Array[]) =>
      witnessBytes({ ...honest, branches: [{ ...first, proof }, ...others] })
    const whole = witnessBytes(honest)
    switch (trick.kind) {
      case 'leaf bit':
        return withLeaf(flipped(first.leaf, trick.at % (8 * first.leaf.length)))
      case 'header bit':
        return witnessBytes({ ...honest, header: flipped(honest.header, trick.at % (8 * honest.header.length)) })
      case 'leaf cut':
        return withLeaf(first.leaf.subarray(0, first.leaf.length - 1))
      case 'leaf extended':
        return withLeaf(joined(first.leaf, Uint8Array.of(0)))
      case 'denies stripped': {
        const stripped = this.#stripped.get(rules[0] ?? 0)?.leaf
        return stripped === undefined || stripped.length === first.leaf.length ? undefined : withLeaf(stripped)
      }
      case 'proof bit': {
        const at = trick.at % Math.max(1, first.proof.length)
        const sibling = first.proof[at]
        return sibling && withProof(first.proof.with(at, flipped(sibling, trick.at % 256)))
      }
      case 'proof cut':
        return first.proof.length === 0 ? undefined : withProof(first.proof.slice(0, -1))
      case 'proof extended':
        return withProof([...first.proof, new Uint8Array(32)])
      case 'leaf indexes swapped':
        return others.length === 0 || rules.length !== 2
          ? undefined
          : joined(whole.subarray(0, -2), Uint8Array.of(1, 0))
      case 'leaf index out of range':
        return others.length === 0 ? undefined : joined(whole.subarray(0, -1), Uint8Array.of(honest.branches.length))
      case 'witness cut':
        return whole.subarray(0, -1)
      case 'witness extended':
        return joined(whole, Uint8Array.of(0))
      case 'no witness':
        return new Uint8Array()
      case 'leaf of another rule':
      case 'other sender':
      case 'value sent':
      case 'time claimed':
      case 'other caller':
        return whole
      default:
        return trick satisfies never
    }
  }
}
