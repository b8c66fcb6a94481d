import { withCalls } from '../build.js'
import { build } from '../build.js'
import { drafted, plain } from './base.js'
import type { Kind } from './Kind.js'

/**
 * For a policy whose one rule names a target that nobody may name: a call that the rule describes, alone and as the last of a batch.
 * The compiler refuses such a writ; the bytes can be made, and must not help.
 */
export const forbiddenRule = (rule: number): Kind => ({
  name: 'rule for a forbidden target',
  weight: 0,
  *make(context) {
    const { choices, allows } = context
    const alone = drafted(context, { rules: [rule], runtime: choices.chance(20) })
    if (alone === undefined) return
    const built = build(alone)
    yield { ...plain(built, 'all that the rule asks for'), single: true }
    const others = allows.filter((other) => other !== rule)
    const batch = others.length > 0 && drafted(context, { rules: [choices.pick(others), rule], now: built.now })
    if (!batch) return
    const both = build(batch)
    yield { ...plain(both, 'the second of two calls'), operation: withCalls(both, both.calls) }
  },
})
