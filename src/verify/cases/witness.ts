import type { Trick } from '../Trick.js'
import { allowedBase, mutant } from './base.js'
import type { Kind } from './Kind.js'

/** A witness that is not the honest one, for an operation that is allowed: the module must refuse it. */
export const witness: Kind = {
  name: 'forged witness',
  weight: 8,
  *make(context) {
    const { allows, choices } = context
    const base = allowedBase(context, { calls: choices.pick([1, 1, 1, 2, 3]), runtime: choices.chance(10) })
    if (base === undefined) return
    const at = choices.below(0xffff)
    const tricks: Trick[] = [
      { kind: 'leaf of another rule', rule: choices.pick(allows) },
      { kind: 'leaf bit', at },
      { kind: 'header bit', at },
      { kind: 'leaf cut' },
      { kind: 'leaf extended' },
      { kind: 'denies stripped' },
      { kind: 'proof bit', at },
      { kind: 'proof cut' },
      { kind: 'proof extended' },
      { kind: 'leaf indexes swapped' },
      { kind: 'leaf index out of range' },
      { kind: 'witness cut' },
      { kind: 'witness extended' },
      { kind: 'no witness' },
    ]
    const trick = choices.pick(tricks)
    yield mutant(base, `witness: ${trick.kind}`, { trick })
  },
}
