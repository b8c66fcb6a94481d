import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** The runtime path: the same decision where the key itself sends, refused for every other sender, caller, value or claim. */
export const runtime: Kind = {
  name: 'runtime path',
  weight: 6,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { runtime: true, calls: choices.pick([1, 1, 2]) })
    if (base === undefined) return
    const kinds = ['other sender', 'value sent', 'time claimed', 'other caller'] as const
    const kind = choices.pick(kinds)
    yield mutant(base, `runtime: ${kind}`, { trick: { kind } })
    yield plain(base.built, 'runtime: the key sends')
  },
}
