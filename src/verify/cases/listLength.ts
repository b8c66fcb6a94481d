import type { Case } from '../Attempt.js'
import { build } from '../build.js'
import type { Value } from '../calldata/Value.js'
import { arrayLength, bytesLength } from '../calldata/views.js'
import { allowedBase, mutant } from './base.js'
import type { Context, Kind } from './Kind.js'
import type { Variable } from '../solve/Variable.js'

/** The lengths in a value that can be chosen: of arrays that say theirs, of plain byte strings. */
function* lengthsIn(value: Value): Generator<Variable> {
  switch (value.kind) {
    case 'word':
      return
    case 'bytes':
      if (value.holds === undefined) yield bytesLength(value, 'byte')
      return
    case 'array':
      if (value.counted) yield arrayLength(value)
      for (const element of value.elements) yield* lengthsIn(element)
      return
    case 'tuple':
      for (const component of value.components) yield* lengthsIn(component)
      return
    default:
      value satisfies never
  }
}

/** An allowed operation with one element or byte more or less, or none, well encoded. */
export function* listLengthOf(context: Context): Case {
  const { choices } = context
  const base = allowedBase(context, { runtime: choices.chance(5) })
  if (base === undefined) return
  const lengths = base.draft.calls.flatMap(({ args }) => (args ? [...lengthsIn(args)] : []))
  if (lengths.length === 0) return
  const length = choices.pick(lengths)
  const before = length.value
  length.value = choices.pick([before + 1n, before > 0n ? before - 1n : 1n, 0n, before + 3n, before + 23n])
  yield mutant({ built: build(base.draft) }, `a length of ${length.value} for ${before}`, {})
}

export const listLength: Kind = { name: 'list or text of another length', weight: 6, make: listLengthOf }
