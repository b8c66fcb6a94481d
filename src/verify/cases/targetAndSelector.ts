import type { Address } from '../../policy/Hex.js'
import { bytesOf, flipped, hexOf, joined } from '../bytes.js'
import { withCalls } from '../build.js'
import type { PlainCall } from '../calldata/outer.js'
import { selectorOf } from '../calldata/signature.js'
import { allowedBase, mutant } from './base.js'
import type { Context, Kind } from './Kind.js'

const mutations = (call: PlainCall, { policy, choices }: Context): { note: string; call: PlainCall }[] => {
  const rule = choices.pick(policy.rules)
  const other = rule.action.kind === 'call' ? bytesOf(selectorOf(rule.action)) : new Uint8Array()
  const isSend = call.data.length === 0
  const bitOf = (bytes: Uint8Array) => flipped(bytes, choices.below(8 * bytes.length))
  const to: Address = hexOf(bitOf(bytesOf(call.to)))
  return [
    { note: 'one bit of the target', call: { ...call, to } },
    { note: 'the target of another rule', call: { ...call, to: rule.target } },
    { note: 'the selector of another rule', call: { ...call, data: joined(other, call.data.subarray(4)) } },
    ...(isSend
      ? [
          { note: 'data with a native transfer', call: { ...call, data: new Uint8Array(choices.pick([1, 3, 4, 32])) } },
          { note: 'a call instead of a native transfer', call: { ...call, data: joined(other, new Uint8Array(64)) } },
        ]
      : [
          {
            note: 'one bit of the selector',
            call: { ...call, data: joined(bitOf(call.data.subarray(0, 4)), call.data.subarray(4)) },
          },
          { note: 'no data', call: { ...call, data: new Uint8Array() } },
          { note: 'part of a selector', call: { ...call, data: call.data.subarray(0, choices.pick([1, 2, 3])) } },
          { note: 'the selector alone', call: { ...call, data: call.data.subarray(0, 4) } },
        ]),
  ]
}

/** Calls to somebody else, or of something else: one bit, another rule's target or selector, data sent along with ether. */
export const targetAndSelector: Kind = {
  name: 'wrong target or selector',
  weight: 6,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { calls: choices.pick([1, 1, 2, 3]), runtime: choices.chance(5) })
    if (base === undefined) return
    const { calls } = base.built
    const index = choices.below(calls.length)
    const call = calls[index]
    if (call === undefined) return
    const chosen = choices.pick(mutations(call, context))
    yield mutant(base, `${chosen.note}, call ${index}`, {
      operation: withCalls(base.built, calls.with(index, chosen.call)),
    })
  },
}
