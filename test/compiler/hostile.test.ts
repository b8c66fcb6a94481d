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
const grant = ({
  signature = 'f()',
  names = '',
  head = { flags: '00', rest: '26121ff000' },
  conditions = '00',
  rules = '000001',
  behind = '',
}): Hex => {
  const functions = `0001${hex(signature.length, 2)}${text(signature)}${names}`
  const body = `${head.flags}${'11'.repeat(20)}${head.rest}${conditions}`
  return `0x${START}${HEADER}0000${functions}${rules}010000${hex(body.length / 2, 2)}${body}0000${behind}`
}

/** Of `f(bytes[])`; bit 6 of the flags: blocks follow. */
const listed = (flags: string): Partial<Parameters<typeof grant>[0]> => ({
  signature: 'f(bytes[])',
  names: '00',
  head: { flags, rest: '00000000010301' + '0302' },
})

/** So many blocks, each in the only rule of the one around it. */
const nested = (depth: number): string => {
  const body = `60${'11'.repeat(20)}000000000103010302` + '00'
  const rule = `010000001f${body}0000`
  return `01000001000000${'0001'}${rule}`.repeat(depth)
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
    ['masks on masks', grant({ conditions: `0110${'150101'.repeat(20_000)}20` }), /a mask on a mask/],
    [
      'quantifiers inside quantifiers',
      grant({ ...listed('20'), conditions: `01${'3000000100000001'.repeat(5000)}` }),
      /nested more than 32 deep/,
    ],
    ['a quantifier without a body', grant({ ...listed('20'), conditions: '0130000001000000' }), /end too early/],
    [
      'a constant of 65,535 bytes',
      grant({ ...listed('20'), conditions: '01380002000000010000000000ffff' }),
      /end too early/,
    ],
    ['65,535 nested rules', grant({ ...listed('60'), behind: '01000001000000ffff' }), /end too early/],
    ['255 blocks', grant({ ...listed('60'), behind: `ff${'0000010000000001'.repeat(100)}` }), /unknown kind of rule/],
    ['blocks inside blocks', grant({ ...listed('60'), behind: nested(2000) }), /nested more than 4 deep/],
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
