import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { account, alice, codesOf, header, lowered, policyOf, usdc } from './writs.js'

const signature =
  'put(address[] path, (address to, uint256 amount, uint8[2] pair)[] payments, uint256[][] rows, bytes data, bytes[] calldatas, bool[] flags, int8[3] three, string[] notes, (uint256[] xs)[2] twice, uint256 x)'
const bob = '0x2222222222222222222222222222222222222222'
const low = (where: string, effect: 'allow' | 'deny' = 'allow') => lowered(where, effect, signature)

describe('`every` and `any`', () => {
  test.each([
    ['every t in path (t == Alice)', `every #0 (@0 == ${alice})`],
    ['any t in path (t in [Alice, USDC])', `any #0 (@0 in ${alice} | ${usdc})`],
    ['every p in payments (p.to == Alice and p.amount <= 5)', `every #1 (@0.0 == ${alice} and @0.1 <= 5)`],
    ['every p in payments (p.to == Alice or p.amount <= x)', `every #1 ((@0.0 == ${alice} or @0.1 <= #9))`],
    ['every p in payments (p.pair[1] == 2 and p.pair[last] == 3)', 'every #1 (@0.2.1 == 2 and @0.2.1 == 3)'],
    ['every row in rows (any v in row (v == x))', 'every #2 (any @0 (@0 == #9))'],
    [
      'every row in rows (row[last] == 1 and every v in row (v >= row[0]))',
      'every #2 (@0.last == 1 and every @0 (@0 >= @1.0))',
    ],
    ['every v in rows[1] (v == 1)', 'every #2.1 (@0 == 1)'],
    ['every v in rows[last] (v == 1)', 'every #2.last (@0 == 1)'],
    ['every s in three (s >= -5)', 'every #6 (@0 >= -5)'],
    ['every n in notes (n == "a" or len(n) == 0)', 'every #7 ((@0 == 0x61 or len(@0) == 0))'],
    [
      'every w in twice (sum(w.xs) <= 5 and every v in w.xs (v > 0))',
      'every #8 (sum(@0.0 ) <= 5 and every @0.0 (@0 > 0))',
    ],
    ['every f in flags (f)', 'every #5 (@0 == true)'],
    ['every h in slices(data, 20, 3) (h == USDC)', `every slices(#3, 20, 3) (@0:20 == ${usdc})`],
    [
      'any h in slices(data[4:], 4, 0) (h & 0xff000000 == 0x01000000)',
      'any slices(#3[4:], 4, 0) ((@0:4 & 4278190080) == 0x01000000)',
    ],
    [
      'every c in calldatas (every h in slices(c, 3, 0) (h != 0x010203))',
      'every #4 (every slices(@0, 3, 0) (@0:3 != 0x010203))',
    ],
    ['every token in args.path (token == account)', 'every #0 (@0 == session.account)'],
    ['every p in payments (x / p.amount <= 5)', 'every #1 (@0.1 != 0 and #9 <= 5 * @0.1)'],
  ])('%s', (where, expected) => {
    expect(low(where)).toBe(expected)
  })

  test.each([
    ['not every t in path (t == Alice)', `any #0 (@0 != ${alice})`],
    ['not any t in path (t == Alice and x == 1)', `every #0 ((@0 != ${alice} or #9 != 1))`],
    ['not any p in payments (p.to == Alice or p.amount < 5)', `every #1 (@0.0 != ${alice} and @0.1 >= 5)`],
    ['not every row in rows (any v in row (v == 1))', 'any #2 (every @0 (@0 != 1))'],
    ['not (every f in flags (f) or x == 1)', 'any #5 (@0 != true) and #9 != 1'],
    ['not every n in notes (n starts with "a")', 'any #7 (@0 does not start with 0x61)'],
  ])('%s has its negation inside', (where, expected) => {
    expect(low(where)).toBe(expected)
  })

  test('a division by an element that is zero is a fault: in a deny it holds', () => {
    expect(low('every p in payments (x / p.amount <= 5)', 'deny')).toBe('every #1 ((@0.1 == 0 or #9 <= 5 * @0.1))')
  })

  test('`now` does not stand inside', () => {
    expect(codesOf('allow put(uint256[] times) on Router where every t in times (t <= now)')).toEqual(['W069'])
  })
})

describe('structs and tuples', () => {
  test.each([
    [
      'every p in payments ((p.to, p.amount) in [(Alice, 2), (Bob, 1)])',
      `every #1 (@0.0,@0.1 in ${alice},2 | ${bob},1)`,
    ],
    ['payments[0] == (Alice, 5, (1, 2))', `#1.0.0 == ${alice} and #1.0.1 == 5 and #1.0.2.0 == 1 and #1.0.2.1 == 2`],
    ['payments[0] == (Alice, 5, [1, 2])', `#1.0.0 == ${alice} and #1.0.1 == 5 and #1.0.2.0 == 1 and #1.0.2.1 == 2`],
    [
      'every p in payments (p in [(Alice, 5, [1, 2]), (account, 6, (3, 4))])',
      `every #1 (@0.0,@0.1,@0.2.0,@0.2.1 in ${alice},5,1,2 | ${account},6,3,4)`,
    ],
    [
      'any p in payments (p == payments[0])',
      'any #1 (@0.0 == #1.0.0 and @0.1 == #1.0.1 and @0.2.0 == #1.0.2.0 and @0.2.1 == #1.0.2.1)',
    ],
    ['three == [1, 2, -3]', '#6.0 == 1 and #6.1 == 2 and #6.2 == -3'],
    ['three in [[1, 2, 3], [0, 0, 0]]', '#6.0,#6.1,#6.2 in 0,0,0 | 1,2,3'],
    ['(data, x) in [("ab", 1), (0x03, 2)]', '((#3 == 0x6162 and #9 == 1) or (#3 == 0x03 and #9 == 2))'],
    ['(data, x) not in [("ab", 1)]', '(#3 != 0x6162 or #9 != 1)'],
  ])('%s', (where, expected) => {
    expect(low(where)).toBe(expected)
  })

  test.each([
    ['payments[0] in [(Alice, 5)]', 'W072'],
    ['payments[0] == (Alice, 5)', 'W063'],
    ['path == [Alice]', 'W063'],
    ['path == path', 'W063'],
    ['three == [1, 2]', 'W063'],
  ])('not so: %s', (where, code) => {
    expect(codesOf(`allow ${signature} on Router where ${where}`)).toEqual([code])
  })
})

describe('`len` and `sum`', () => {
  test.each([
    ['len(path) in 1..5', 'len(#0) >= 1 and len(#0) <= 5'],
    ['len(rows[0]) == len(path)', 'len(#2.0) == len(#0)'],
    ['len(data) == 0 and len(data[4:]) > 3', 'len(#3) == 0 and len(#3[4:]) > 3'],
    ['len(notes[0]) <= 64', 'len(#7.0) <= 64'],
    ['len(three) == x', '3 == #9'],
    ['len(slices(data, 20, 3)) >= 2', 'len(slices(#3, 20, 3)) >= 2'],
    ['len(calls(calldatas)) <= 3 and len(multisend(data)) <= 4', 'len(#4) <= 3 and len(multisend(#3)) <= 4'],
    ['2 * len(path) <= x + 1', '2 * len(#0) <= #9 + 1'],
    ['sum(payments.amount) <= 5 USDC', 'sum(#1 1) <= 5000000@0x8335'],
    ['sum(payments[:].amount) <= 5', 'sum(#1 1) <= 5'],
    ['sum(payments[:][1]) <= 5', 'sum(#1 1) <= 5'],
    ['sum(payments.pair[0]) == 1', 'sum(#1 2.0) == 1'],
    ['sum(payments[0].pair) == 1', 'sum(#1.0.2 ) == 1'],
    ['sum(rows[last]) <= 98% of x', 'sum(#2.last ) <= 98e-0% #9'],
    ['sum(twice[1].xs) == 1', 'sum(#8.1.0 ) == 1'],
    ['every row in rows (sum(row) == x)', 'every #2 (sum(@0 ) == #9)'],
    ['sum(rows[0]) in [5, 6]', 'sum(#2.0 ) in 5 | 6'],
  ])('%s', (where, expected) => {
    expect(low(where)).toBe(expected)
  })

  test('a budget counts them', () => {
    const { rules } = policyOf(
      'allow pay((address to, uint256 amount)[] payments) on Router budget 100 USDC/day counting sum(payments.amount)\nallow mint(uint256[] ids) on Router budget 100 USDC/day counting len(ids) * 5 USDC',
    )
    expect(rules).toMatchObject([
      { charges: [{ amount: [{ factors: [{ kind: 'total', path: [{ index: 1 }] }] }], assetChecked: false }] },
      { charges: [{ amount: [{ factors: [{ kind: 'length' }, { constant: { value: 5_000_000n } }] }] }] },
    ])
  })
})

holdTo({
  code: 'W112',
  title: 'what is gone over, counted or summed is a list',
  refused: [
    'every v in x (v == 1)',
    'every v in data (v == 1)',
    'every v in payments.amount (v == 1)',
    'every c in calls(calldatas) (c == 0x01)',
    'len(x) == 1',
    'len("abc") == 1',
    'sum(three) == 1',
    'sum(path) == 1',
    'sum(x) == 1',
    'sum(data) == 1',
    'len(slices(data, 0, 3)) == 1',
    'len(slices(data, 33, 3)) == 1',
    'len(slices(data, 20, 256)) == 1',
    'len(slices(data, 20)) == 1',
    'len(slices(data, x, 3)) == 1',
    'len(slices(path, 20, 3)) == 1',
    'len(calls(data)) == 1',
    'len(multisend(calldatas)) == 1',
    'len(path, path) == 1',
  ].map((where) => `allow ${signature} on Router where ${where}`),
  accepted: ['len(slices(data, 32, 255)) == 1', 'len(slices(data, 1, 0)) == 1'].map(
    (where) => `allow ${signature} on Router where ${where}`,
  ),
})

describe('names of elements', () => {
  test.each([
    'every x in path (x == account)',
    'every USDC in path (USDC == account)',
    'every Alice in path (Alice == account)',
    'every account in path (args.path[0] == session.account)',
    'every call in path (call == Alice)',
    'every p in payments (every p in path (p == Alice))',
  ])('W061: %s', (where) => {
    expect(codesOf(`allow ${signature} on Router where ${where}`)).toEqual(['W061'])
  })

  test('an element is known inside only', () => {
    expect(codesOf(`allow ${signature} on Router where every p in path (p == Alice) and p == Alice`)).toEqual(['W060'])
    expect(low('every p in path (p == Alice) and any p in payments (p.amount == 1)')).toBe(
      `every #0 (@0 == ${alice}) and any #1 (@0.1 == 1)`,
    )
  })

  test('an element has the members of its type and no others', () => {
    const rule = (body: string) => `allow ${signature} on Router where every p in payments (${body})`
    expect(codesOf(rule('p.amont == 1'))).toEqual(['W060'])
    expect(codesOf(rule('p == 1'))).toEqual(['W063'])
    expect(codesOf(rule('p.amount.x == 1'))).toEqual(['W062'])
    expect(codesOf(rule('p.to == p.amount'))).toEqual(['W063'])
  })
})

describe('W062: paths through lists', () => {
  test.each(['sum(payments.pair) == 1', 'sum(rows[:][:]) == 1', 'payments.amount.x == 1', 'twice.xs[0] == 1'])(
    '%s',
    (where) => {
      expect(codesOf(`allow ${signature} on Router where ${where}`)).not.toEqual([])
    },
  )
})

describe('units', () => {
  test.each(['len(path) <= 5 USDC', 'x & 0xff <= 5 USDC', 'len(path) in [5 USDC]', '5 gwei >= len(data)'])(
    'W064: a plain number is no amount: %s',
    (where) => {
      expect(codesOf(`allow ${signature} on Router where ${where}`)).toEqual(['W064'])
    },
  )
})

test('a word of an element is checked as an argument is', () => {
  expect(codesOf(`allow ${signature} on Router where every p in payments (p.pair[0] == 256)`)).toEqual(['W065'])
  expect(codesOf(`allow ${signature} on Router where every p in payments (p.pair[0] >= 0)`)).toEqual(['W101'])
  expect(codesOf(`allow ${signature} on Router where len(path) == -1`)).toEqual(['W065'])
  expect(codesOf(`allow ${signature} on Router where len(path) >= 0`)).toEqual(['W101'])
})

describe('help that can be pasted', () => {
  test.each([
    ['path.length == 1', 'write `len(path)`'],
    ['rows[0].length == 1', 'write `len(rows[0])`'],
    ['data.length == 1', 'write `len(data)`'],
    ['payments.length == 1', 'write `len(payments)`'],
    ['payments[0].to in path', 'write `any item in path (item == payments[0].to)`'],
    ['x not in rows[0]', 'write `any item in rows[0] (item == x)`, with `not` before it'],
    ['data[0] == 0x01', 'write its bytes as a slice: `data[0:1]`'],
    ['notes[1][last] == "a"', 'write its bytes as a slice: `notes[1][-1:]`'],
    ['length(path) == 1', 'write `len(x)`: how many elements or bytes `x` has'],
    ['all(path) == 1', 'write `every x in list ( … )`: inside, `x` is each element of the list'],
    ['data[20:23] == 3000', 'write the number as 3 bytes: `0x000bb8`'],
    ['data[20:23] in [500]', 'write the number as 3 bytes: `0x0001f4`'],
    ['three == 5', 'write a list: `three == [ … ]` with 3 values'],
    ['path == [Alice]', 'compare length and elements: `len(path) == 1 and path[0] == …`'],
  ])('%s', (where, help) => {
    const { diagnostics } = checkWrit(`${header}allow ${signature} on Router where ${where}`)
    expect(diagnostics.filter(({ severity }) => severity === 'error').map((diagnostic) => diagnostic.help)).toEqual([
      help,
    ])
  })
})

test('every stretch of text gives diagnostics or a policy, and never throws', () => {
  const text = `let Names = ["a", 0x62]\nallow ${signature} on Router where every p in payments (p in [(Alice, 5, [1, 2])] and any h in slices(data[4:], 4, 0) (h & 0xff000000 == 0x01000000 or h == 0x01020304)) and sum(payments[:].pair[0]) <= 5 and notes[last] in Names and not data[-4:] starts with 0x01 and len(multisend(data)) in 1..3 and (data, x & 6) in [("ab", 2)] budget 5 USDC/day rolling counting sum(rows[0])`
  expect(codesOf(text)).toEqual([])
  for (let cut = 0; cut < text.length; cut += 3)
    for (const piece of [text.slice(0, cut), text.slice(cut), text.slice(0, cut) + text.slice(cut + 5)]) {
      const { policy, diagnostics } = checkWrit(header + piece)
      expect(policy === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
    }
})
