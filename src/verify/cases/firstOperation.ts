import { carriedBy } from '../carrying.js'
import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** Operations of a session that is not in force yet: they carry the text that the owner signed, and the first that is allowed puts it into force. */
export const firstOperation: Kind = {
  name: 'first operation, with the owner’s text',
  weight: 1,
  *make(context) {
    const { choices, policy, binding } = context
    if (carriedBy(policy, binding) === undefined) return
    const base = allowedBase(context, { runtime: choices.chance(25) })
    if (base === undefined) return
    yield { kind: 'carried' }
    if (choices.chance(25)) yield mutant(base, 'after its time', { now: policy.until })
    yield plain(base.built, 'the first')
    yield mutant(base, 'the same again', {})
  },
}
