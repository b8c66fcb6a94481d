import * as fc from 'fast-check'
import { decode } from '../compiler/decode.js'
import { Malformed } from '../compiler/Malformed.js'
import { rootOf } from '../compiler/root.js'
import type { Hex } from '../policy/Hex.js'
import { bytesOf, hexOf, joined, numberBytes } from './bytes.js'
import type { Chain } from './Chain.js'
import { Disagree } from './Disagreement.js'
import type { Expectation } from './Expectation.js'

/** One change of a grant: of a byte, or of a number that stands at a bound of the format. */
type Change = { readonly note: string; readonly bytes: Uint8Array }

/** What became of changed grants. */
export type GrantTally = {
  readonly refused: number
  readonly accepted: number
  /**
   * Taken by the module though the compiler refuses them: names, what no leaf holds, what a printer alone reads. They have the root that
   * their parts have, and a leaf is read strictly wherever it is used.
   */
  readonly lenient: number
}

/**
 * What the compiler refuses and the module does not look at when it grants: names and symbols, what is never used, the forms of values of which each
 * is read strictly wherever it is used. A printer on the chain has to look at them, since the text shows them. INVARIANT: all that the module
 * does check is refused here, or a module that no longer checks it would pass.
 */
const leftToThePrinter = [
  /is no name of a (parameter|function)/,
  /is no symbol of a token/,
  /^the (token|symbol|address) /,
  /is not used/,
  /text that is not ASCII/,
  // A command's: no selector comes from it.
  /not a signature/,
  /a type that is not the argument's/,
  /is compared with|compares integers only/,
  /counts something that is no integer/,
  /not the one form of its policy/,
]

/** The root of the parts that a grant is cut into, whatever they hold; undefined where it cannot be cut. */
const rootOfParts = (grant: Hex): Hex | undefined => {
  try {
    return rootOf(grant)
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

/**
 * Puts changed grants to the module and the compiler's decoder: what the decoder reads must have the same root on the chain, and
 * what the module takes must have the root of its parts.
 * `strict`: the module must also refuse what the compiler refuses, but for what is left to the printer. That is for policies all of whose rules end up in a
 * leaf: of a deny that touches no allowed function the module reads no more than where it ends.
 */
export const judgeChangedGrants = async (
  chain: Chain,
  grant: Hex,
  options: { readonly seed: number; readonly count: number; readonly strict: boolean },
): Promise<GrantTally> => {
  const bytes = bytesOf(grant)
  const random = fc.sample(changeOf(bytes), { seed: options.seed, numRuns: options.count })
  const tally = { refused: 0, accepted: 0, lenient: 0 }
  for (const change of [...atBounds(bytes), ...random]) {
    const hex = hexOf(change.bytes)
    const decoded = decode(hex)
    chain.begin()
    const outcome = await chain.rootOf(hex)
    const { what, expectation, became } = expectationOf(hex, decoded, outcome.success, options.strict)
    const difference = await chain.settle(outcome, expectation)
    if (difference !== undefined)
      throw new Disagree({
        kind: 'changed grant',
        note: change.note,
        what: `${what}: ${difference}; the grant is ${hex}`,
        steps: [],
      })
    tally[became] += 1
  }
  return tally
}

const expectationOf = (
  grant: Hex,
  decoded: ReturnType<typeof decode>,
  taken: boolean,
  strict: boolean,
): { readonly what: string; readonly expectation: Expectation; readonly became: keyof GrantTally } => {
  if (decoded.ok)
    return {
      what: 'the compiler reads it',
      expectation: { kind: 'success', returns: rootOf(grant) },
      became: 'accepted',
    }
  const what = `the compiler refuses it (${decoded.reason})`
  const mayBeTaken = !strict || leftToThePrinter.some((reason) => reason.test(decoded.reason))
  if (!taken || !mayBeTaken) return { what, expectation: { kind: 'failure' }, became: 'refused' }
  const root = rootOfParts(grant)
  return { what, expectation: { kind: 'success', ...(root && { returns: root }) }, became: 'lenient' }
}

const changeOf = (bytes: Uint8Array): fc.Arbitrary<Change> =>
  fc
    .record({ at: fc.nat(bytes.length - 1), way: fc.nat(6), bit: fc.nat(7), byte: fc.nat(255) })
    .map(({ at, way, bit, byte }) => {
      const old = bytes[at] ?? 0
      const put = (value: number): Uint8Array => bytes.with(at, value & 255)
      switch (way) {
        case 0:
          return { note: `bit ${bit} of byte ${at} turned`, bytes: put(old ^ (1 << bit)) }
        case 1:
          return { note: `byte ${at} one more`, bytes: put(old + 1) }
        case 2:
          return { note: `byte ${at} one less`, bytes: put(old - 1) }
        case 3:
          return { note: `byte ${at} is ${byte}`, bytes: put(byte) }
        case 4:
          return { note: `byte ${at} left out`, bytes: joined(bytes.slice(0, at), bytes.slice(at + 1)) }
        case 5:
          return { note: `cut at byte ${at}`, bytes: bytes.slice(0, at) }
        default:
          return {
            note: `byte ${byte} put in at ${at}`,
            bytes: joined(bytes.slice(0, at), Uint8Array.of(byte), bytes.slice(at)),
          }
      }
    })

const header = 61
const from = header + 21

/** Numbers of the header and the meters on both sides of what the format allows. */
function* atBounds(bytes: Uint8Array): Generator<Change> {
  const put = (at: number, size: number, value: number): Uint8Array => {
    const changed = bytes.slice()
    changed.set(numberBytes(BigInt(value), size), at)
    return changed
  }
  const times = (start: number, end: number): Uint8Array => {
    const changed = put(from, 5, start)
    changed.set(numberBytes(BigInt(end), 5), from + 5)
    return changed
  }
  const edges: readonly (readonly [number, number])[] = [
    [1_600_000_000, 2 ** 38 - 1],
    [1_599_999_999, 2 ** 38 - 1],
    [1_600_000_000, 2 ** 38],
    [1_700_000_000, 1_700_000_000],
    [1_700_000_000, 1_700_000_001],
    [1_700_000_000, 1_699_999_999],
  ]
  for (const [start, end] of edges) yield { note: `from ${start} until ${end}`, bytes: times(start, end) }
  yield { note: 'a key of zeros', bytes: joined(bytes.slice(0, header + 1), new Uint8Array(20), bytes.slice(from)) }
  yield { note: 'nothing at all', bytes: new Uint8Array(0) }
  yield { note: 'one byte more', bytes: joined(bytes, Uint8Array.of(0)) }

  let at = header + Number((bytes[header - 2] ?? 0) * 256 + (bytes[header - 1] ?? 0))
  for (let tokens = bytes[at++] ?? 0; tokens > 0; tokens--) {
    for (const decimals of [0, 77, 78, 254, 255])
      yield { note: `${decimals} decimals at ${at}`, bytes: bytes.with(at + 20, decimals) }
    at += 22 + (bytes[at + 21] ?? 0)
  }
  for (let meters = bytes[at++] ?? 0; meters > 0; meters--) {
    for (const period of [0, 1, 299, 300, 301])
      yield { note: `period ${period} at ${at}`, bytes: put(at + 2, 4, period) }
    for (const period of [304, 305, 86_400, 86_404, 2 ** 32 - 8])
      yield {
        note: `rolling period ${period} at ${at}`,
        bytes: put(at + 2, 4, period).with(at + 1, 0x80 | ((bytes[at + 1] ?? 0) & 63)),
      }
    const end = at + 6 + ((bytes[at + 1] ?? 0) & 63)
    for (const [wide, bits] of [
      [0, 96n],
      [0, 97n],
      [1, 97n],
      [1, 225n],
      [1, 226n],
      [2, 111n],
      [2, 112n],
    ] as const)
      for (const limit of [(1n << bits) - 1n, 1n << bits]) {
        const size = Math.ceil(limit.toString(16).length / 2)
        const record = joined(
          bytes.slice(at, at + 1),
          Uint8Array.of((wide << 6) | size),
          bytes.slice(at + 2, at + 6),
          numberBytes(limit, size),
        )
        yield {
          note: `limit ${limit} of kind ${wide} at ${at}`,
          bytes: joined(bytes.slice(0, at), record, bytes.slice(end)),
        }
      }
    at = end
  }
}
