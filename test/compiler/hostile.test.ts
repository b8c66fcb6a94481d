import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encode } from '../../src/compiler/encode.js'
import type { Hex } from '../../src/policy/Hex.js'
import { allow, BINDING, policyOf } from './samples.js'

const START =
  '010000000000002105c0dec0dec0dec0dec0dec0dec0dec0dec0dec0de5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c00000001000000000000'
const HEADER = '001f0070997970c51812dc3a010c7d01b50e0d17dc79c8006b49d200006b530c80'
const hex = (value: number, width: number): string => value.toString(16).padStart(2 * width, '0')
const text = (value: string): string => Buffer.from(value).toString('hex')

/** A grant of one rule, whose parts are lies. */
const grant = ({ signature = 'f()', names = '', conditions = '00', rules = '000001' }): Hex => {
  const functions = `0001${hex(signature.length, 2)}${text(signature)}${names}`
  const body = `00${'11'.repeat(20)}26121ff000${conditions}`
  return `0x${START}${HEADER}0000${functions}${rules}010000${hex(body.length / 2, 2)}${body}0000`
}

/** What decode says, which it says within a second. */
const rejected = (bytes: Hex): string => {
  const start = performance.now()
  const result = decode(bytes)
  expect(performance.now() - start).toBeLessThan(1000)
  return result.ok ? 'accepted' : result.reason
}

describe('decode of hostile bytes', () => {
  it('accepts what these grants are made from', () => {
    const action = { kind: 'call', name: 'f', inputs: [] } as const
    const policy = policyOf({ tokens: [], rules: [allow({ target: `0x${'11'.repeat(20)}`, action })] })
    expect(grant({})).toBe(encode(policy, BINDING))
  })

  it.each<readonly [string, Hex, RegExp]>([
    ['sixteen million rules', grant({ rules: 'ffffff' }), /end too early/],
    ['conditions inside conditions', grant({ conditions: `01${'0101'.repeat(30_000)}` }), /nested more than 32/],
    ['65,535 rows of 255 columns', grant({ conditions: `011aff${'200001'.repeat(255)}ffff` }), /end too early/],
    ['rows without columns', grant({ conditions: '011a00ffff' }), /without columns/],
    [
      'tuples inside tuples',
      grant({ signature: `f${'('.repeat(30_000)}${')'.repeat(30_000)}`, names: '00'.repeat(30_000) }),
      /not a signature/,
    ],
    ['arrays of arrays', grant({ signature: `f(bool${'[]'.repeat(30_000)})`, names: '00' }), /not a signature/],
    ['an array of 2^30 words', grant({ signature: 'f(uint256[32768][32768])', names: '00' }), /elements|words/],
    [
      'an array of a length past every number',
      grant({ signature: `f(bool[${'9'.repeat(60_000)}])`, names: '00' }),
      /not a signature/,
    ],
    [
      '10,000 parameters',
      grant({ signature: `f(${Array.from({ length: 10_000 }, () => 'bool').join(',')})`, names: '00'.repeat(10_000) }),
      /255 parameters/,
    ],
    [
      'tuples of 255 tuples',
      grant({
        signature: `f((${Array.from({ length: 255 }, () => `(${Array.from({ length: 20 }, () => 'bytes').join(',')})`).join(',')}))`,
        names: '00'.repeat(1 + 255 + 255 * 20),
      }),
      /describe/,
    ],
    ['an integer of 255 bytes', grant({ conditions: `011000ff${'ff'.repeat(255)}20` }), /32 bytes/],
    ['a chain id past 2^53', `0x01ffffffffffffffff${grant({}).slice(2 + 18)}`, /2\^53/],
  ])('is quick to reject %s', (_, bytes, reason) => {
    expect(rejected(bytes)).toMatch(reason)
  })

  it('rejects every other grant of the same policy', () => {
    // Redundant parts that disagree: selector, head words, flags, a minimal integer.
    const good = grant({ conditions: '0110200001ff' })
    expect(decode(good).ok).toBe(true)
    for (const [from, to] of [
      ['26121ff0', '26121ff1'],
      ['26121ff000', '26121ff001'],
      ['0001ff', '000200ff'],
      [`00${'11'.repeat(20)}`, `02${'11'.repeat(20)}`],
    ] as const) {
      const bad: Hex = `0x${good.slice(2).replace(from, to)}`
      expect(bad).not.toBe(good)
      expect(decode(bad).ok).toBe(false)
    }
  })
})
