import type { Case } from '../Attempt.js'
import { build, withCalls } from '../build.js'
import { innerCalls } from '../goals.js'
import type { Reason } from '../reasons.js'
import { allowedBase, mutant } from './base.js'
import type { Context, Kind } from './Kind.js'

/** Ether with a call that may not carry any, or another amount of it. */
export function* valueOf(context: Context, rules?: readonly number[]): Case {
  const { choices } = context
  const base = allowedBase(context, {
    ...(rules ? { rules } : { calls: choices.pick([1, 1, 2]) }),
    runtime: choices.chance(10),
  })
  if (base === undefined) return
  const { calls } = base.built
  const index = choices.below(calls.length)
  const call = calls[index]
  if (call === undefined) return
  const { value } = call
  const other = BigInt.asUintN(
    256,
    choices.pick([value + 1n, value - 1n, 1n, 0n, -1n, 1n << 255n, 1n << 128n, 1n << 64n, 1n << 97n]),
  )
  yield mutant(base, `value ${other} for ${value}, call ${index}`, {
    operation: withCalls(base.built, calls.with(index, { ...call, value: other })),
  })
}

/** As `valueOf`, for the rule that a reason names; of a nested one the value of a record. */
export function* valueFor(context: Context, { rule, inner }: Reason): Case {
  if (rule === undefined) return
  if (inner === undefined) {
    yield* valueOf(context, [rule])
    return
  }
  const base = allowedBase(context, { rules: [rule], inner })
  const record = base && innerCalls(base.draft).find(({ allow }) => allow === inner)
  if (base === undefined || record === undefined) return
  record.callValue.value += 1n
  yield mutant({ built: build(base.draft) }, 'value with a record', {})
}

export const value: Kind = {
  name: 'value one more or less',
  weight: 4,
  make: valueOf,
}
