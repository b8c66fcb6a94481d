import type { Hex } from '../../policy/Hex.js'
import type { Signing } from '../Signing.js'
import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** For a policy whose key is at hand: real signatures of it, and of another key. */
export const realSignature = (key: Hex, other: Hex): Kind => ({
  name: 'signed by a real key',
  weight: 0,
  *make(context) {
    const base = allowedBase(context, { calls: context.choices.pick([1, 2]) })
    if (base === undefined) return
    const signed = (privateKey: Hex, form: 'plain' | 'high s' | 'personal'): Signing => ({
      kind: 'signed',
      privateKey,
      form,
    })
    yield { ...mutant(base, 'another key’s signature', {}), signing: signed(other, 'plain') }
    yield { ...mutant(base, 'the key’s signature with a high s', {}), signing: signed(key, 'high s') }
    yield { ...mutant(base, 'the key’s signature as a personal message', {}), signing: signed(key, 'personal') }
    yield { ...plain(base.built, 'the key’s signature'), signing: signed(key, 'plain') }
  },
})
