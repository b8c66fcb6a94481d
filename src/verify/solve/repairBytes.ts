import { joined, patched } from '../bytes.js'
import { selected } from '../calldata/views.js'
import type { Choices } from '../Choices.js'
import { bytesIn, type BytesAtom } from './Atom.js'
import type { Part } from './Scope.js'

/** Writes bytes with which the comparison holds, where the left side is no calls and can be written. */
export const repairBytes = (atom: BytesAtom, choices: Choices): void => {
  const { operator, left, right } = atom
  const wanted = bytesIn(right)
  if (wanted === undefined) return
  switch (operator) {
    case '==':
      write(left, wanted)
      return
    case 'starts with': {
      const more = choices.pick([0, 1, 20, 40])
      const old = bytesIn(left) ?? new Uint8Array()
      const tail = old.length > wanted.length ? old.subarray(wanted.length) : new Uint8Array(more).fill(0x61)
      write(left, joined(wanted, tail))
      return
    }
    case '!=':
    case 'does not start with':
      write(left, unlike(wanted, operator === '!=', choices))
      return
    default:
      operator satisfies never
  }
}

/** Bytes next to those that are not wanted: one changed, one more, one less, other letters, none. */
const unlike = (wanted: Uint8Array, byLength: boolean, choices: Choices): Uint8Array => {
  if (wanted.length === 0) return Uint8Array.of(choices.below(256))
  const at = choices.below(wanted.length)
  const changed = patched(wanted, at, Uint8Array.of((wanted[at] ?? 0) ^ choices.pick([1, 0x20, 0x80])))
  const others = [changed, wanted.subarray(0, wanted.length - 1), joined(changed, Uint8Array.of(0x61))]
  return choices.pick(byLength ? [...others, joined(wanted, Uint8Array.of(0)), new Uint8Array()] : others)
}

/** Puts bytes in the part's place; the whole takes their length, a range keeps its own. */
const write = ({ value, range }: Part, bytes: Uint8Array): void => {
  if (value.holds) return
  if (range === undefined) {
    value.bytes = Uint8Array.from(bytes)
    return
  }
  const part = selected(range, value.bytes.length)
  if (part) value.bytes = patched(value.bytes, part[0], bytes.subarray(0, part[1] - part[0]))
}
