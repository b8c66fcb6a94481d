import { flipped, hexOf, bytesOf } from '../bytes.js'
import { withCalls } from '../build.js'
import { executeBatchData } from '../calldata/outer.js'
import { allowedBase, mutant, plain } from './base.js'
import type { Kind } from './Kind.js'

/** Batches of one to five calls under any rules, then with one call made wrong, left out, or once too often. */
export const batch: Kind = {
  name: 'batch',
  weight: 8,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { calls: choices.pick([2, 3, 4, 5, 1]), runtime: choices.chance(10) })
    if (base === undefined) return
    const { calls, operation } = base.built
    if (calls.length === 1) {
      const callData = hexOf(executeBatchData(calls).bytes)
      yield { ...plain(base.built, 'a batch of one'), operation: { ...operation, callData } }
      return
    }
    const index = choices.below(calls.length)
    const call = calls[index]
    if (call === undefined) return
    if (choices.chance(40)) {
      const swapped = choices.shuffle(calls)
      const rules = swapped.map((each) => base.built.rules[calls.indexOf(each)] ?? 0)
      yield { ...mutant(base, 'the calls in another order', { operation: withCalls(base.built, swapped) }), rules }
    } else {
      const to = hexOf(flipped(bytesOf(call.to), choices.below(160)))
      yield mutant(base, `call ${index} of ${calls.length} goes elsewhere`, {
        operation: withCalls(base.built, calls.with(index, { ...call, to })),
      })
    }
    yield plain(base.built, `${calls.length} calls`)
  },
}
