import type { Choices } from '../Choices.js'
import { bytesOf, flipped, hexOf, joined, numberBytes, patched } from '../bytes.js'
import type { Outer } from '../calldata/outer.js'
import { EXECUTE, EXECUTE_BATCH } from '../calldata/outer.js'
import { allowedBase, mutant } from './base.js'
import { hostileNumbers } from './spots.js'
import type { Kind } from './Kind.js'

const atSpot = ({ bytes, spots }: Outer, choices: Choices): { note: string; bytes: Uint8Array } => {
  const spot = choices.pick(spots)
  const { at, size, unused, kind, value } = spot
  switch (kind) {
    case 'word':
      return unused && unused.size > 0
        ? { note: 'dirty bits', bytes: flipped(bytes, 8 * unused.at + choices.below(8 * unused.size)) }
        : { note: 'a bit of the value', bytes: flipped(bytes, 8 * at + choices.below(256)) }
    case 'offset':
    case 'length':
      return { note: `another ${kind}`, bytes: patched(bytes, at, numberBytes(hostileNumbers(value, choices))) }
    case 'padding':
      return { note: 'padding not zero', bytes: flipped(bytes, 8 * at + choices.pick([0, 8 * size - 1])) }
    case 'content':
      return { note: 'a bit of a call', bytes: flipped(bytes, 8 * at + choices.below(8 * size)) }
    default:
      return kind satisfies never
  }
}

const asWhole = ({ bytes }: Outer, choices: Choices): { note: string; bytes: Uint8Array } => {
  const arguments_ = bytes.subarray(4)
  return choices.pick([
    { note: 'cut', bytes: bytes.subarray(0, choices.below(bytes.length)) },
    { note: 'one byte short', bytes: bytes.subarray(0, bytes.length - 1) },
    {
      note: 'the selector of the other function',
      bytes: joined(bytesOf(choices.pick([EXECUTE, EXECUTE_BATCH])), arguments_),
    },
    { note: 'another selector', bytes: flipped(bytes, choices.below(32)) },
    { note: 'no calldata', bytes: new Uint8Array() },
    { note: 'an empty batch', bytes: joined(bytesOf(EXECUTE_BATCH), numberBytes(32n), numberBytes(0n)) },
    { note: 'a selector alone', bytes: bytes.subarray(0, 4) },
  ])
}

/** The account's own calldata malformed. */
export const outerCalldata: Kind = {
  name: 'malformed account calldata',
  weight: 8,
  *make(context) {
    const { choices } = context
    const base = allowedBase(context, { calls: choices.pick([1, 1, 2, 3]), runtime: choices.chance(10) })
    if (base === undefined) return
    const { outer, operation } = base.built
    const { note, bytes } = choices.chance(65) ? atSpot(outer, choices) : asWhole(outer, choices)
    yield mutant(base, `outer calldata: ${note}`, { operation: { ...operation, callData: hexOf(bytes) } })
  },
}
