import { hexOf, joined, numberBytes } from '../bytes.js'
import { withData } from '../build.js'
import { allowedBase, mutant, drafted, plain } from './base.js'
import { build } from '../build.js'
import type { Kind } from './Kind.js'

/** Anything: arguments of random words, rules out of their times, account calldata of random bytes. */
export const wild: Kind = {
  name: 'random bytes',
  weight: 4,
  *make(context) {
    const { policy, choices, luck } = context
    if (!luck.everAllowed || choices.chance(30)) {
      const now = policy.from + choices.below(policy.until - policy.from)
      const draft = drafted(context, { now, calls: choices.pick([1, 2]), unsolved: choices.chance(50) })
      if (draft) yield plain(build(draft), 'any values at any moment')
      return
    }
    const base = allowedBase(context, { runtime: choices.chance(10) })
    const data = base?.built.calls[0]?.data
    if (base === undefined || data === undefined) return
    const words = Array.from({ length: choices.below(12) }, () =>
      numberBytes(choices.pick([0n, 1n, 32n, 64n, BigInt(policy.account), choices.big((1n << 256n) - 1n)])),
    )
    const random = joined(...words)
    if (choices.chance(80)) {
      yield mutant(base, 'random words', { operation: withData(base.built, 0, joined(data.subarray(0, 4), random)) })
      return
    }
    const callData = hexOf(joined(base.built.outer.bytes.subarray(0, 4), random))
    yield mutant(base, 'random account calldata', { operation: { ...base.built.operation, callData } })
  },
}
