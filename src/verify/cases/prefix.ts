import { bytesOf, hexOf, joined } from '../bytes.js'
import { EXECUTE_USER_OP } from '../calldata/outer.js'
import { allowedBase, mutant } from './base.js'
import type { Kind } from './Kind.js'

/** The four bytes of `executeUserOp` in front, once or twice or in part; bytes behind the account's calldata. */
export const prefix: Kind = {
  name: 'executeUserOp prefix, trailing bytes',
  weight: 4,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { calls: choices.pick([1, 2]), runtime: choices.chance(20) })
    if (base === undefined) return
    const { operation, outer } = base.built
    const mark = bytesOf(EXECUTE_USER_OP)
    const { note, bytes } = choices.pick([
      { note: 'prefix once', bytes: joined(mark, outer.bytes) },
      { note: 'prefix twice', bytes: joined(mark, mark, outer.bytes) },
      { note: 'prefix cut', bytes: joined(mark.subarray(0, 3), outer.bytes) },
      { note: 'nothing but the prefix', bytes: mark },
      { note: 'trailing bytes', bytes: joined(outer.bytes, new Uint8Array(choices.pick([1, 32, 33])).fill(0xee)) },
      { note: 'the calldata twice', bytes: joined(outer.bytes, outer.bytes) },
      { note: 'prefix and trailing bytes', bytes: joined(mark, outer.bytes, new Uint8Array(1)) },
    ])
    yield mutant(base, note, { operation: { ...operation, callData: hexOf(bytes) } })
  },
}
