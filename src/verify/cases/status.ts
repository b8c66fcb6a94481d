import { allowedBase, plain } from './base.js'
import type { Kind } from './Kind.js'

/** A session that has ended: revoked, all revoked, owners changed. */
export const status: Kind = {
  name: 'ended session',
  weight: 2,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { runtime: choices.chance(20) })
    if (base === undefined) return
    const by = choices.pick(['revoke', 'revokeAll', 'setOwners'] as const)
    yield { kind: 'ending', by }
    yield { ...plain(base.built, `after ${by}`), single: true }
  },
}
