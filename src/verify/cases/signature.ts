import type { Signing } from '../Signing.js'
import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** Signatures that are not the key's, or over something else: refused by what the module returns, after everything else was checked and charged. */
export const signature: Kind = {
  name: 'key signature',
  weight: 4,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { calls: choices.pick([1, 1, 2]) })
    if (base === undefined) return
    const bit = choices.below(520)
    const signing: Signing = choices.pick([
      { kind: 'nobody' },
      { kind: 'flipped', bit },
      { kind: 'high s' },
      { kind: 'other hash' },
      { kind: 'other entity' },
      { kind: 'other module' },
      { kind: 'other witness' },
      { kind: 'key, greatest s' },
    ])
    yield { ...mutant(base, `signature: ${signing.kind}`, {}), signing }
    yield plain(base.built, 'signature: the key’s')
  },
}
