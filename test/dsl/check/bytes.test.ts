import { describe, expect, test } from 'vitest'
import { holdTo } from './laws.js'
import { account, alice, codesOf, lowered, policyOf, usdc } from './writs.js'

const signature =
  'put(bytes data, bytes other, string note, bytes4 tag, bytes20 node, address to, uint256 x, uint8 mode, bytes32 id, bool flag)'
const low = (where: string, effect: 'allow' | 'deny' = 'allow') => lowered(where, effect, signature)
const on = (where: string) => `allow ${signature} on Router where ${where}`
const forty = `0x${'ab'.repeat(40)}`

describe('byte strings', () => {
  test.each([
    ['data == 0x0102', '#0 == 0x0102'],
    ['data != "ab"', '#0 != 0x6162'],
    ['note == ""', '#2 == 0x'],
    ['data == 0x', '#0 == 0x'],
    ['"url" == note', '#2 == 0x75726c'],
    ['note in ["avatar", "url", "url"]', '(#2 == 0x617661746172 or #2 == 0x75726c)'],
    ['note not in ["a", "b"]', '#2 != 0x61 and #2 != 0x62'],
    ['not (note in ["a", "b"])', '#2 != 0x61 and #2 != 0x62'],
    ['note in ["a"]', '#2 == 0x61'],
    ['data == other and data != note', '#0 == #1 and #0 != #2'],
    ['data in [other, 0x01]', '(#0 == #1 or #0 == 0x01)'],
    ['data == 0x1111111111111111111111111111111111111111', `#0 == ${alice}`],
    ['data starts with 0x01a2b3c4', '#0 starts with 0x01a2b3c4'],
    ['note starts with "https://"', '#2 starts with 0x68747470733a2f2f'],
    ['not note starts with "http"', '#2 does not start with 0x68747470'],
    ['data starts with other', '#0 starts with #1'],
    ['data starts with other[4:8]', '#0 starts with #1[4:8]'],
    ['data starts with tag or flag', ''],
    [`data[4:44] == ${forty}`, `#0[4:44] == ${forty}`],
    ['data[4:] == other[:-4]', '#0[4:] == #1[0:-4]'],
    ['data[4:] in [0x01, "ab"]', '(#0[4:] == 0x01 or #0[4:] == 0x6162)'],
    ['data[-36:4] starts with 0x01', '#0[-36:4] starts with 0x01'],
    ['data[:] == 0x01 and data[0:] == 0x02', '#0 == 0x01 and #0 == 0x02'],
  ])('%s', (where, expected) => {
    if (expected === '') expect(codesOf(on(where))).toEqual(['W114'])
    else expect(low(where)).toBe(expected)
  })

  test.each([
    ['data[0:20] == USDC', `#0[0:20] == ${usdc}`],
    ['data[-20:] == account', '#0[-20:] == session.account'],
    ['data[-40:-20] in [Alice, account]', `#0[-40:-20] in ${alice} | ${account}`],
    ['data[0:20] == to', '#0[0:20] == #5'],
    ['data[0:20] == data[-20:]', '#0[0:20] == #0[-20:]'],
    ['data[0:20] == "abcdefghijklmnopqrst"', '#0[0:20] == 0x6162636465666768696a6b6c6d6e6f7071727374'],
    ['data[0:4] == 0x01020304', '#0[0:4] == 0x01020304'],
    ['note[0:4] == "http"', '#2[0:4] == 0x68747470'],
    ['data[:4] in [0x01020304, "abcd"]', '#0[0:4] in 0x01020304 | 0x61626364'],
    ['data[0:4] == tag', '#0[0:4] == #3'],
    ['data[-32:] == id', '#0[-32:] == #8'],
    ['data[4:36] == bytes32(account)', `#0[4:36] == 0x${'0'.repeat(24)}${account.slice(2)}`],
    ['(data[0:4], x) in [(0x01020304, 1)]', '#0[0:4],#6 in 0x01020304,1'],
    // A part that is a word is a byte string too, where it meets one.
    ['data[0:4] == other', '#0[0:4] == #1'],
    ['data[0:20] == other[4:]', '#0[0:20] == #1[4:]'],
    ['data[0:4] starts with 0x0102', '#0[0:4] starts with 0x0102'],
    ['data[0:20] starts with 0x0102', '#0[0:20] starts with 0x0102'],
    ['len(data[0:4]) == 4', ''],
  ])('a part of 1 to 32 bytes is a word: %s', (where, expected) => {
    if (expected === '') expect(codesOf(on(where))).toEqual(['W112'])
    else expect(low(where)).toBe(expected)
  })
})

describe('masks', () => {
  test.each([
    ['x & 0x0f == 0x01', '(#6 & 15) == 1'],
    ['0x0f & x == 1', '(#6 & 15) == 1'],
    ['x & 6 & 0x0c in [4, 0]', '(#6 & 4) in 0 | 4'],
    ['x & (0x0f & 6) == 2', '(#6 & 6) == 2'],
    ['x & (2 + 3 & 2 * 6) == 4', '(#6 & 4) == 4'],
    ['x & 1 + 2 == 3', '(#6 & 3) == 3'],
    ['mode & 0x80 == 0', '(#7 & 128) == 0'],
    ['x & 0xff <= mode', '(#6 & 255) <= #7'],
    ['(x & 0xff) * 2 + 1 <= 5', '(#6 & 255) * 2 + 1 <= 5'],
    ['tag & 0xff000000 == 0x12000000', '(#3 & 4278190080) == 0x12000000'],
    ['data[0:4] & 0xffff0000 in [0x12340000, "ab\\x00\\x00"]', '(#0[0:4] & 4294901760) in 0x12340000 | 0x61620000'],
    ['tag starts with 0x12', '(#3 & 4278190080) == 0x12000000'],
    ['not tag starts with 0x1234', '(#3 & 4294901760) != 0x12340000'],
    ['tag starts with "abcd"', '#3 == 0x61626364'],
    ['not (x & 1 == 1)', '(#6 & 1) != 1'],
  ])('%s', (where, expected) => {
    expect(low(where)).toBe(expected)
  })

  test('a sum that becomes a mask is a constant', () => {
    expect(codesOf(on('x & 1 + mode == 3'))).toEqual(['W110'])
  })

  test.each(['x & 5 == 2', 'mode & 0x0f == 0x10', 'tag & 0xff000000 == 0x00000001'])(
    'W101: a bit that the mask leaves out is never met: %s',
    (where) => {
      expect(codesOf(on(where))).toEqual(['W101'])
    },
  )
})

holdTo({
  code: 'W110',
  title: 'a mask takes bits that there are',
  refused: [
    'x & 0 == 0',
    'x & 6 & 9 == 0',
    'mode & 0x100 == 0',
    'to & 1 == 1',
    'flag & 1 == 1',
    'data & 0x01 == 0x01',
    'tag & 0xff == 0xff',
    'tag & 255 == 0x000000ff',
    'x & mode == 1',
    'x & -1 == 1',
    'x & 1 gwei == 1',
    '-x & 1 == 1',
    'data[0:20] & 0xff == 1',
    'x + 1 & 1 == 1',
    'call.value & 1 == 1',
  ].map(on),
  accepted: [
    'x & 1 == 1',
    'mode & 0xff == 1',
    'node & 0xff00000000000000000000000000000000000000 == 0x1200000000000000000000000000000000000000',
  ].map(on),
})

holdTo({
  code: 'W111',
  title: 'a part is one of bytes, and has some',
  refused: [
    'data[4:4] == 0x01',
    'data[8:4] == 0x01',
    'data[-4:-8] == 0x01',
    'data[:0] == 0x01',
    'data[65536:] == 0x01',
    'data[-65536:] == 0x01',
    'data[0] == 0x01',
    'data[last] == 0x01',
    'data[4:][0:4] == 0x01020304',
    'tag[0:1] == 0x01',
    'to[0:4] == 0x01020304',
    'every t in slices(data, 20, 3) (t[0:4] == 0x01020304)',
  ].map(on),
  accepted: ['data[4:5] == 0x01', 'data[8:-4] == 0x01', 'data[-65535:65535] == 0x01'].map(on),
})

holdTo({
  code: 'W114',
  title: 'a beginning is one of bytes',
  refused: [
    'x starts with 0x01',
    'to starts with 0x01',
    'flag starts with true',
    'data starts with 5',
    'data starts with USDC',
    'note starts with ["a", "b"]',
    'tag starts with ""',
    'tag starts with data',
  ].map(on),
  accepted: ['data starts with 0x01', 'note starts with "a"', 'tag starts with 0x01'].map(on),
})

holdTo({
  code: 'W067',
  title: 'bytes of a known width meet as many',
  refused: [
    'data[0:4] == 0x0102',
    'data[0:4] == "abcde"',
    'data[0:4] in [0x0102]',
    `data[0:41] == ${forty}`,
    'data[0:40] == other[0:41]',
    'data[0:4] starts with 0x0102030405',
    'tag starts with 0x0102030405',
    'tag == "abc"',
  ].map(on),
  accepted: ['tag == "abcd"', `data[0:40] == ${forty}`].map(on),
})

holdTo({
  code: 'W063',
  title: 'bytes compare with bytes',
  refused: [
    'data == 5',
    'data == x',
    'data == tag',
    'data == USDC',
    'data < other',
    'note >= "a"',
    'data[0:20] < to',
    'data[0:20] == node',
    'data[0:20] == x',
    'data == true',
    'data == 0x123',
    '"a" == "a"',
    'to == "abcdefghijklmnopqrst"',
    'data in [5]',
  ].map(on),
  accepted: ['data[0:20] == to', 'data == note'].map(on),
})

test('W101: everything begins with nothing', () => {
  expect(codesOf(on('note starts with ""'))).toEqual(['W101'])
})

describe('`let` of every kind', () => {
  const lets = `let Where = "https://"
let Prefix = 0x01a2b3c4
let Flags = 0x0f
let Names = ["avatar", "url"]
let Firsts = [0x01020304, Prefix]
let Pairs = [(Prefix, 1), (0x01020304, 2)]
let Soon = 20m
let Night = 2026-11-22
let Me = bytes32(Alice)
let Yes = true
let Half = 50% of 10
let Gap = 3
`
  const where = (text: string) => lowered(text, 'allow', signature, lets)
  test.each([
    ['note starts with Where', '#2 starts with 0x68747470733a2f2f'],
    ['data starts with Prefix and tag == Prefix', '#0 starts with 0x01a2b3c4 and #3 == 0x01a2b3c4'],
    ['tag starts with Prefix', '#3 == 0x01a2b3c4'],
    ['x & Flags == Flags', '(#6 & 15) == 15'],
    ['note in Names', '(#2 == 0x617661746172 or #2 == 0x75726c)'],
    ['data[0:4] in Firsts', '#0[0:4] in 0x01020304 | 0x01a2b3c4'],
    ['(tag, x) in Pairs', '#3,#6 in 0x01020304,2 | 0x01a2b3c4,1'],
    ['(data[:4], x) not in Pairs', '#0[0:4],#6 not in 0x01020304,2 | 0x01a2b3c4,1'],
    ['(data, x) in Pairs', '((#0 == 0x01a2b3c4 and #6 == 1) or (#0 == 0x01020304 and #6 == 2))'],
    ['x <= Soon and x < Night', '#6 <= 1200 and #6 < 1795305600'],
    ['x <= now + Soon', '#6 at most now 1200'],
    ['id == Me', `#8 == 0x${'0'.repeat(24)}${alice.slice(2)}`],
    ['flag == Yes', '#9 == true'],
    ['len(slices(data, 20, Gap)) == 1', 'len(slices(#0, 20, 3)) == 1'],
  ])('%s', (text, expected) => {
    expect(where(text)).toBe(expected)
  })

  test('the account as 32 bytes begins bytes', () => {
    expect(low('data starts with bytes32(account)')).toBe(`#0 starts with 0x${'0'.repeat(24)}${account.slice(2)}`)
  })
})

describe('which token is spent', () => {
  const charge = (where: string) => {
    const { rules } = policyOf(
      `allow route(bytes path, uint256 amount, bytes20 node, address[] list) on Router where ${where} budget 100 USDC/day counting amount`,
    )
    const [rule] = rules
    return rule?.effect === 'allow' && rule.charges[0]?.assetChecked
  }
  test('a part of the bytes that is fixed to the token names it', () => {
    expect(charge('path[0:20] == USDC')).toBe(true)
    expect(charge('path[0:20] in [USDC]')).toBe(true)
    expect(charge('path[0:20] in [USDC, WETH]')).toBe(false)
    expect(charge('path[0:20] == USDC or amount == 0')).toBe(false)
  })
  test('what is said of elements does not, since a list may be empty', () => {
    expect(charge('every t in list (t == USDC)')).toBe(false)
    expect(charge('any t in list (t == USDC)')).toBe(false)
    expect(charge('every t in slices(path, 20, 3) (t == USDC)')).toBe(false)
    expect(charge('list[0] == USDC')).toBe(true)
  })
  test('a condition on the account or the key names no token', () => {
    expect(charge('account == USDC or account == USDC')).toBe(false)
    expect(charge('session.key == USDC')).toBe(false)
  })
  test('what a mask keeps does not', () => {
    const half = '0xffffffffffffffffffffffffffffffffffffff00'
    expect(charge(`node & ${half} == 0x833589fcd6edb6e08f4c7c32d4f71b54bda02900`)).toBe(false)
    expect(
      charge(`node & 0x833589fcd6edb6e08f4c7c32d4f71b54bda02913 == 0x833589fcd6edb6e08f4c7c32d4f71b54bda02913`),
    ).toBe(false)
  })
})

describe('tokens of the policy', () => {
  test('those that only elements, parts or sums speak of are there', () => {
    const { tokens } = policyOf(
      `allow put(bytes path, uint256[] amounts, address[] list) on Router where every t in list (any u in slices(path, 20, 3) (u == WETH)) and sum(amounts) <= 5 USDC`,
    )
    expect(tokens.map(({ symbol }) => symbol)).toEqual(['USDC', 'WETH'])
  })
})
