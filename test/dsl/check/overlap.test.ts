import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { codesOf, header } from './writs.js'

const pay = 'allow transfer on USDC where'
const put = 'allow put(uint256 x, address to) on Router where'

holdTo({
  code: 'W088',
  title: 'two rules that can match the same call charge the same meters',
  refused: [
    `${pay} to == Alice budget 5 USDC/day\n${pay} to == Alice budget 5 USDC/day`,
    `${pay} to in [Alice, Bob] budget 5 USDC/day\n${pay} to == Bob and amount <= 5 USDC budget 6 USDC/day`,
    `budget b = 5 USDC/day\nallow transfer on USDC budget b\n${pay} to != Alice budget b limit 3 calls/day`,
    `${put} x <= 5 limit 1 calls/day\n${put} x >= 5 limit 1 calls/day`,
    `${put} x <= 5 or to == Alice limit 1 calls/day\n${put} x > 5 limit 1 calls/day`,
    `allow send on Alice budget 1 ETH/day\nallow send on [Bob, Alice] budget 1 ETH/day`,
    'budget b = 5 USDC/day\nallow put(uint256 x, uint256 y) on Router budget b counting x\nallow put(uint256 x, uint256 y) on Router budget b counting y',
    `${pay} to == Alice budget 5 USDC/day hours 09:00-12:00 UTC\n${pay} to == Alice budget 5 USDC/day hours 11:59-17:00 UTC mon`,
    'allow poke() on Router budget 1 ETH/day\nallow poke() on Router limit 3 calls/day',
    'allow poke() on Router budget unlimited ETH\nallow poke() on Router budget 1 ETH/day',
    `${pay} (to, amount) in [(Alice, 1 USDC)] budget 5 USDC/day\n${pay} (to, amount) in [(Alice, 1 USDC), (Bob, 2 USDC)] budget 5 USDC/day`,
    `${pay} (to, amount) not in [(Alice, 1 USDC)] budget 5 USDC/day\n${pay} to == Alice and amount == 1 USDC budget 5 USDC/day`,
  ],
  accepted: [
    `budget b = 5 USDC/day\n${pay} to == Alice budget b, 1 USDC/call\nallow transfer on USDC budget b, 2 USDC/call`,
    `${pay} to == Alice budget 5 USDC/day\n${pay} to == Bob budget 5 USDC/day`,
    `${pay} to in [Alice, Bob] budget 5 USDC/day\n${pay} to not in [Bob, Alice] budget 5 USDC/day`,
    `${pay} to == Alice budget 5 USDC/day\n${pay} not (to == Alice) budget 5 USDC/day`,
    `${pay} to == account budget 5 USDC/day\n${pay} to != 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c budget 5 USDC/day`,
    `${pay} (to, amount) in [(Alice, 1 USDC)] budget 5 USDC/day\n${pay} (to, amount) in [(Bob, 1 USDC)] budget 5 USDC/day`,
    `${put} x < 5 limit 1 calls/day\n${put} x >= 5 limit 1 calls/day`,
    `${put} x == 5 limit 1 calls/day\n${put} x in 6..9 limit 1 calls/day`,
    `${put} x == 1 or x == 2 limit 1 calls/day\n${put} x in [3, 4] limit 1 calls/day`,
    `${put} to == Alice limit 1 calls/day\nallow put(uint256 x, address to) on Alice limit 1 calls/day\nallow put(uint256 x) on Router limit 1 calls/day`,
    `${pay} to == Alice budget 5 USDC/day hours 09:00-12:00 UTC\n${pay} to == Alice budget 5 USDC/day hours 12:00-17:00 UTC`,
    `${pay} to == Alice budget 5 USDC/day until 2026-11-24\n${pay} to == Alice budget 5 USDC/day from 2026-11-24`,
    'allow poke() on Router where call.value > 0 budget 1 ETH/day\nallow poke() on Router limit 3 calls/day',
  ],
})

describe('the help for rules that overlap', () => {
  const helpOf = (rules: string) =>
    checkWrit(header + rules).diagnostics.find(({ code }) => code === 'W088')?.help ?? ''

  test.each([
    [
      `${pay} to in [Alice,\n  Bob] budget 5 USDC/day`,
      'allow transfer on USDC budget 6 USDC/day',
      'where not (to in [Alice, Bob])',
    ],
    [
      'allow transfer on USDC budget 6 USDC/day',
      `${pay} to == Alice and amount == 1 USDC budget 5 USDC/day`,
      'where not (to == Alice and amount == 1 USDC)',
    ],
    [`${pay} to == Alice budget 5 USDC/day`, `${pay} amount <= 1 USDC budget 5 USDC/day`, 'and not (to == Alice)'],
  ])('can be pasted: %s / %s', (first, second, pasted) => {
    const help = helpOf(`${first}\n${second}`)
    expect(help).toContain(`add \`${pasted}\` to `)
    const wide = help.includes('to this rule') ? second : first
    const mended = pasted.startsWith('where')
      ? wide.replace(' budget', ` ${pasted} budget`)
      : wide.replace(' budget', ` ${pasted} budget`)
    const rules = wide === second ? `${first}\n${mended}` : `${mended}\n${second}`
    // A conjunction denied is no constant of one argument; the author then shares a budget.
    if (!pasted.includes('amount ==')) expect(codesOf(rules)).toEqual([])
  })
})

/** Rules over a domain so small that every call can be tried. */
type Small = {
  readonly to?: readonly number[]
  readonly notTo?: readonly number[]
  readonly low?: number
  readonly high?: number
  readonly meter: number
}
const people = ['Alice', 'Bob', 'account']
const smallRules: fc.Arbitrary<readonly Small[]> = fc.array(
  fc.record(
    {
      to: fc.uniqueArray(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 }),
      notTo: fc.uniqueArray(fc.nat({ max: 2 }), { minLength: 1, maxLength: 2 }),
      low: fc.nat({ max: 5 }),
      high: fc.nat({ max: 5 }),
      meter: fc.nat({ max: 1 }),
    },
    { requiredKeys: ['meter'] },
  ),
  { minLength: 2, maxLength: 14 },
)

const matches = ({ to, notTo, low, high }: Small, person: number, x: number): boolean =>
  (to === undefined || to.includes(person)) &&
  (notTo === undefined || !notTo.includes(person)) &&
  (low === undefined || x >= low) &&
  (high === undefined || x <= high)

const conditionOf = ({ to, notTo, low, high }: Small): string => {
  const names = (list: readonly number[]) => `[${list.map((index) => people[index]).join(', ')}]`
  const parts = [
    to && `to in ${names(to)}`,
    notTo && `not (to in ${names(notTo)})`,
    low !== undefined && `x >= ${low}`,
    high !== undefined && `x <= ${high}`,
  ]
  return parts.filter(Boolean).join(' and ') || 'true'
}

describe('the law of overlapping rules', () => {
  test('never misses two rules that match one call and charge different meters', () => {
    fc.assert(
      fc.property(smallRules, (rules) => {
        const text = rules.map((rule) => `${put} ${conditionOf(rule)} limit m${rule.meter}`).join('\n')
        const codes = codesOf(`limit m0 = 1 calls/day\nlimit m1 = 2 calls/day\n${text}`)
        // A fourth person stands for everybody else.
        const calls = [0, 1, 2, 3].flatMap((person) =>
          [0, 1, 2, 3, 4, 5, 6].map((x) => rules.filter((rule) => matches(rule, person, x))),
        )
        const overlap = calls.some((found) => new Set(found.map(({ meter }) => meter)).size > 1)
        if (overlap) expect(codes).toContain('W088')
      }),
      { numRuns: 150, seed: 7 },
    )
  })

  test('says nothing of rules that differ in one argument', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], { minLength: 2 }), (values) => {
        const text = values.map(
          (value) =>
            `${put} ${value % 3 === 0 ? `x == ${value}` : `x in [${value}, ${value + 100}]`} limit 1 calls/day`,
        )
        expect(codesOf(text.join('\n'))).toEqual([])
      }),
      { numRuns: 20, seed: 7 },
    )
  })

  test('finds one rule that stands across thousands that are apart', () => {
    const rule = (index: number) => `${put} x == ${index} limit 1 calls/day`
    const many = Array.from({ length: 3000 }, (_, index) => rule(index))
    expect(codesOf(many.join('\n'))).toEqual([])
    expect(codesOf([...many, `${put} x in 2999..3100 limit 1 calls/day`].join('\n'))).toEqual(['W088'])
    expect(codesOf([...many, rule(1500)].join('\n'))).toEqual(['W088'])
  })

  test('goes through ranges side by side in one pass', () => {
    const many = Array.from(
      { length: 3000 },
      (_, index) => `${put} x in ${index * 10}..${index * 10 + 9} limit 1 calls/day`,
    )
    expect(codesOf(many.join('\n'))).toEqual([])
    expect(codesOf([...many, `${put} x in 5005..5006 limit 1 calls/day`].join('\n'))).toEqual(['W088'])
  })

  test('compares rules that are free in the argument that tells the others apart', () => {
    const fixed = Array.from({ length: 12 }, (_, index) => `${put} x == ${index} limit 1 calls/day`)
    const free = (most: number) => `${put} x > 20 and x < ${most} limit 1 calls/day`
    expect(codesOf([...fixed, free(30)].join('\n'))).toEqual([])
    expect(codesOf([...fixed, free(30), free(40)].join('\n'))).toEqual(['W088'])
  })

  test('sees that ranges touch', () => {
    const many = (width: number) =>
      Array.from({ length: 12 }, (_, index) => `${put} x in ${index * 10}..${index * 10 + width} limit 1 calls/day`)
    expect(codesOf(many(9).join('\n'))).toEqual([])
    expect(codesOf(many(10).join('\n'))).toEqual(['W088'])
  })

  test('gives up where nothing tells thousands of rules apart, instead of taking minutes', () => {
    const many = Array.from(
      { length: 3500 },
      (_, index) =>
        `${put} (x > ${index * 2} and x != ${index}) limit 1 calls/day hours ${String(Math.floor(index / 150)).padStart(2, '0')}:00-${String(Math.floor(index / 150)).padStart(2, '0')}:01 UTC`,
    )
    expect(codesOf(many.join('\n')).filter((code) => code === 'W097' || code === 'W088').length).toBeGreaterThan(0)
  })
})

describe('lists, bytes and masks tell rules apart', () => {
  const pair = (first: string, second: string) =>
    ['1 USDC', '2 USDC'].map((budget, index) => {
      const where = [first, second][index]
      return `allow put(bytes data, string note, uint256[] ids, uint256 x) on Router where ${where} budget ${budget}/day counting x`
    })
  test.each([
    ['note == "a"', 'note == "b"'],
    ['note in ["a", "b"]', 'note == "c"'],
    ['note in ["a", "b"]', 'note not in ["a", "b"]'],
    ['note == "a"', 'not note == "a"'],
    ['data[0:4] == 0x01020304', 'data[0:4] in [0x01020305, 0x01020306]'],
    ['data[-20:] == Alice', 'data[-20:] != Alice'],
    ['len(ids) <= 3', 'len(ids) in 4..5'],
    ['len(data) == 0', 'len(data) != 0'],
    ['x & 1 == 0', 'x & 1 == 1'],
    ['sum(ids) < 5', 'sum(ids) >= 5'],
    ['(note, x) in [("a", 1), ("b", 2)]', 'note == "c"'],
    ['data starts with 0x01', 'data starts with 0x02'],
    ['data starts with 0x0102', 'data starts with 0x0103 and data starts with 0x01'],
    ['data starts with 0x01', 'data in [0x02, 0x]'],
    ['data starts with 0x01 or data == 0x02', 'data starts with 0x03'],
    // The help of W088 offers `and not ( … )`: so it holds them apart, whatever stands there.
    ['data starts with 0x01', 'not data starts with 0x01'],
    ['x + 1 < 5', 'not (x + 1 < 5)'],
    ['x == 1 and len(ids) + x == 2', 'not (x == 1 and len(ids) + x == 2)'],
    ['x + 1 == 2 or note == data', 'not (x + 1 == 2 or note == data)'],
    ['any id in ids (id == 1 or id > x)', 'not any id in ids (id == 1 or id > x)'],
    ['every id in ids (id == 1 and id < x)', 'not every id in ids (id == 1 and id < x)'],
    [
      'any id in ids (id == 1) and (x == 1 or note == "a")',
      'not (any id in ids (id == 1) and (x == 1 or note == "a"))',
    ],
    ['100 / x < 5', 'not (100 / x < 5)'],
  ])('apart: %s | %s', (first, second) => {
    expect(codesOf(pair(first, second).join('\n'))).toEqual([])
  })
  test.each([
    ['note == "a"', 'note in ["a", "b"]'],
    ['note == "a"', 'data == "b"'],
    ['data[0:4] == 0x01020304', 'data[1:5] == 0x01020305'],
    ['every id in ids (id == 1)', 'every id in ids (id == 2)'],
    ['any id in ids (id == 1)', 'every id in ids (id == 2)'],
    ['x & 1 == 0', 'x & 2 == 2'],
    ['len(ids) <= 3', 'len(ids) in 3..5'],
    ['sum(ids) < 5', 'len(ids) == 6'],
    ['data starts with 0x01', 'data starts with 0x0102'],
    ['data starts with 0x01', 'data in [0x02, 0x0102]'],
    ['data starts with 0x01 or x == 1', 'data starts with 0x02'],
    ['data starts with 0x01', 'not data starts with 0x0102'],
    ['x + 1 == 2 or note == data', 'not (x + 1 == 2)'],
    ['x + 1 == 2 and note == data', 'x + 1 == 2 or note != data'],
    ['any id in ids (id == 1)', 'not any id in ids (id == 1 and id < x)'],
  ])('not apart: %s | %s', (first, second) => {
    expect(codesOf(pair(first, second).join('\n'))).toEqual(['W088'])
  })
})
