import * as fc from 'fast-check'
import { encodeAbiParameters } from 'viem'
import { decode, type Decoded } from '../compiler/decode.js'
import { deviceText, displayable } from '../compiler/device/deviceText.js'
import { Malformed } from '../compiler/Malformed.js'
import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import type { Binding } from '../policy/Binding.js'
import type { Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { bytesOf, hexOf, joined, numberBytes } from './bytes.js'
import type { Chain } from './Chain.js'
import { type ChangedPolicy, changedPolicies } from './changedPolicies.js'
import { Disagree } from './Disagreement.js'
import type { Expectation } from './Expectation.js'

/** One change of a grant: of a byte, or of a number that stands at a bound of the format. */
type Change = {
  readonly note: string
  readonly bytes: Uint8Array
  /** The encoder wrote it: what stands in two places is the same in both. */
  readonly written?: true
  /** Whatever byte was hit. */
  readonly random?: true
  /** One byte of it alone was changed by one. */
  readonly single?: true
}

/** What became of changed grants. */
export type GrantTally = {
  readonly refused: number
  readonly accepted: number
  /** Taken by the module for their root alone, though the compiler refuses them: for what stands in names and symbols. They have no text. */
  readonly lenient: number
}

/**
 * What the compiler refuses and the module does not look at where it makes a root: characters of names and symbols. The root is not made of them, so that what
 * is enforced is the same whatever they say, and the account that grants by its own call reads none. Where an owner reads them, the printer on the chain refuses each: a
 * grant that falls under one of these must have no text.
 */
const leftToThePrinter = [
  /is no name of a (parameter|function)/,
  /is no symbol of a token/,
  // Symbols that are the same but for their case; of addresses each is there once.
  /^`(?!0x)[^`]*` stands twice in the tokens/,
  /text that is not ASCII/,
]

/** How far from a fault the module, or the decoder, may come before it sees it. */
const NEAR = 160
/** How far before it: a long list, sum or byte string is named by where it begins. */
const BEFORE = 1000
/** Faults that are in what the module does not read: it sees only that lengths do not come out right, anywhere behind, and be it for want of gas. */
const unseen = [/too early/, /is no name of/, /not a signature/, /text that is not ASCII/]
/** Faults that the module says are there, but not where. */
const unlocated = [
  /the meters are not those/,
  /the fees are counted by no meter/,
  // Known when all is read, or at another rule that uses the same table's entry.
  /is not used/,
  /stands twice/,
  /have one selector/,
  // The times of a nested rule stand far behind where the decoder finds fault with them.
  /not within the policy's time/,
]

const tooLarge = /common denominator|coefficient .* 2\^256/

/** Where the module must see what is wrong: about where the grant was changed, or where the decoder sees it; undefined where that is not known. */
const placesOf = (
  original: Uint8Array,
  { bytes: changed, written, random }: Change,
  { reason, offset }: { readonly reason: string; readonly offset: number },
): Expectation => {
  // A changed price may be none of the token's too, which the module sees first.
  if (tooLarge.test(reason)) return written === true ? { kind: 'coefficient too large' } : { kind: 'failure' }
  // What stands behind a byte too many, or too few, is read at other places than it was meant for.
  if (written !== true && changed.length !== original.length) return { kind: 'failure' }
  if (unseen.some((each) => each.test(reason))) return { kind: 'failure' }
  if (unlocated.some((each) => each.test(reason))) return { kind: 'invalid grant', places: [[0, Infinity]] }
  const size = Math.min(original.length, changed.length)
  let same = 0
  while (same < size && original[same] === changed[same]) same++
  let tail = 0
  while (tail < size - same && original.at(-1 - tail) === changed.at(-1 - tail)) tail++
  const end = changed.length - tail
  // What was changed in a table may be wrong only where it is used: then the decoder sees it elsewhere, and so may the module.
  if (random === true && (offset < same - NEAR || offset > end + NEAR)) return { kind: 'failure' }
  return {
    kind: 'invalid grant',
    places: [
      [same - BEFORE, end + NEAR],
      [offset - BEFORE, offset + NEAR],
    ],
  }
}

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
 * Puts changed grants to the module and the compiler's decoder. What the decoder reads has the same root on the chain and the same text, and no two roots have one text: an
 * owner who signs it would else sign two sessions. What the decoder refuses the module refuses too, and says about where the fault is; but for what is
 * left to the printer, which then prints nothing.
 */
export const judgeChangedGrants = async (
  chain: Chain,
  policy: Policy,
  binding: Binding,
  options: {
    readonly seed: number
    /** Changes at random. */
    readonly count: number
    /** Changed policies; all when left out, and then the long ones too. */
    readonly variants?: number
  },
): Promise<GrantTally> => {
  const bytes = bytesOf(encode(policy, binding))
  const random = fc.sample(changeOf(bytes), { seed: options.seed, numRuns: options.count })
  const all = [...changedPolicies(policy)]
  const { variants, seed } = options
  const chosen =
    variants === undefined
      ? all
      : sampleOf(
          all.filter(({ long }) => long !== true),
          variants,
          seed,
        )
  const meant = [...otherwiseMeant(chosen, binding)]
  const tally = { refused: 0, accepted: 0, lenient: 0 }
  const single = variants === undefined ? [...everyByte(bytes)] : []
  const changes = [
    ...atBounds(bytes),
    ...meant,
    ...single,
    ...random.map((each) => ({ ...each, random: true as const })),
  ]
  const rootsOfTexts = new Map<string, Hex>()
  for (const change of changes) {
    const grant = hexOf(change.bytes)
    const decoded = decode(grant)
    const fail = (what: string): never => {
      const read = decoded.ok ? 'the compiler reads it' : `the compiler refuses it (${decoded.reason})`
      throw new Disagree({
        kind: 'changed grant',
        note: change.note,
        what: `${read}: ${what}; the grant is ${grant}`,
        steps: [],
      })
    }
    chain.begin()
    const outcome = await chain.rootOf(grant)
    const { expectation, became } = expectationOf(grant, decoded, outcome.success, () =>
      faultOf(bytes, change, decoded),
    )
    const difference = await chain.settle(outcome, expectation)
    if (difference !== undefined) fail(difference)
    tally[became] += 1
    if (became === 'refused') continue

    const text = textOf(decoded)
    const printed = await chain.settle(
      await chain.textOf(grant),
      text === undefined ? { kind: 'failure' } : { kind: 'success', returns: encodeAbiParameters([STRING], [text]) },
    )
    if (printed !== undefined) fail(`its text: ${printed}`)
    if (text === undefined) continue
    const root = rootOf(grant)
    const other = rootsOfTexts.get(text) ?? root
    if (other !== root) fail(`its text is also that of the root ${other}`)
    rootsOfTexts.set(text, root)
  }
  return tally
}

const STRING = { type: 'string' } as const

/** The text that an owner reads of what was decoded; undefined where there is none. */
const textOf = (decoded: Decoded): string | undefined => {
  if (!decoded.ok) return undefined
  const { policy, binding } = decoded
  return displayable(policy, binding).length > 0 ? undefined : deviceText(policy, binding)
}

/** How the module must refuse a change that the decoder refuses. */
const faultOf = (original: Uint8Array, change: Change, decoded: Decoded): Expectation => {
  if (decoded.ok) throw new Error(`${change.note}: the decoder reads it`)
  const found = placesOf(original, change, decoded)
  // One number of a grant made another may be a fault of whatever is read by it.
  return change.single === true && found.kind === 'invalid grant'
    ? { kind: 'invalid grant', places: [[0, Infinity]] }
    : found
}

const expectationOf = (
  grant: Hex,
  decoded: Decoded,
  taken: boolean,
  fault: () => Expectation,
): { readonly expectation: Expectation; readonly became: keyof GrantTally } => {
  if (decoded.ok) return { expectation: { kind: 'success', returns: rootOf(grant) }, became: 'accepted' }
  const mayBeTaken = leftToThePrinter.some((reason) => reason.test(decoded.reason))
  if (!taken || !mayBeTaken) return { expectation: fault(), became: 'refused' }
  const root = rootOfParts(grant)
  return { expectation: { kind: 'success', ...(root && { returns: root }) }, became: 'lenient' }
}

const sampleOf = <T>(all: readonly T[], count: number, seed: number): readonly T[] =>
  all.length <= count
    ? all
    : (fc.sample(fc.shuffledSubarray([...all], { minLength: count, maxLength: count }), { seed, numRuns: 1 })[0] ?? [])

/** Each byte of the grant one more, and one less. */
function* everyByte(bytes: Uint8Array): Generator<Change> {
  for (const [at, byte] of bytes.entries())
    for (const step of [1, 255])
      yield {
        note: `byte ${at} changed by ${step === 1 ? 1 : -1}`,
        bytes: bytes.with(at, byte + step),
        random: true,
        single: true,
      }
}

/** The grants of changed policies, as far as they can be written at all. */
function* otherwiseMeant(policies: readonly ChangedPolicy[], binding: Binding): Generator<Change> {
  for (const { note, policy: changed } of policies) {
    let bytes: Uint8Array
    try {
      bytes = bytesOf(encode(changed, binding))
    } catch (error) {
      // What has no place in its field cannot be put to the module.
      if (error instanceof RangeError) continue
      throw new Error(note, { cause: error })
    }
    yield { note, bytes, written: true }
  }
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
