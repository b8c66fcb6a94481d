import { describe, expect, test } from 'vitest'
import { account, alice, codesOf, lowered } from './writs.js'

describe('conditions become their negation normal form', () => {
  test.each([
    ['x == 5 and y == 6 and x != 7', '#0 == 5 and #1 == 6 and #0 != 7'],
    ['x == 5 and (y == 6 and s == 7)', '#0 == 5 and #1 == 6 and #2 == 7'],
    ['x == 5 or (y == 6 or s == 7)', '(#0 == 5 or #1 == 6 or #2 == 7)'],
    ['not (x == 5 and y < 6)', '(#0 != 5 or #1 >= 6)'],
    ['not (x > 5 or y <= 6)', '#0 <= 5 and #1 > 6'],
    ['not (not (x >= 5))', '#0 >= 5'],
    [
      'not (x == 1 or x != 2 or x < 3 or x <= 4 or x > 5 or x >= 6)',
      '#0 != 1 and #0 == 2 and #0 >= 3 and #0 > 4 and #0 <= 5 and #0 < 6',
    ],
    ['not (x == 5 and (y == 6 or s == 7))', '(#0 != 5 or (#1 != 6 and #2 != 7))'],
    ['true or not true', '(true or false)'],
    ['flag and not (flag == false)', '#5 == true and #5 != false'],
    ['not flag', '#5 != true'],
  ])('%s', (where, expected) => {
    expect(lowered(where)).toBe(expected)
  })
})

describe('ranges and lists', () => {
  test.each([
    ['x in 5..6', '#0 >= 5 and #0 <= 6'],
    ['not (x in 5..6)', '(#0 < 5 or #0 > 6)'],
    ['x not in 5..6', '(#0 < 5 or #0 > 6)'],
    ['s in -5e2..5e2', '#2 >= -500 and #2 <= 500'],
    ['x in [9, 3, 0x10, 3]', '#0 in 3 | 9 | 16'],
    ['x not in [9, 3]', '#0 not in 3 | 9'],
    // Rows ascend as bytes: negative numbers stand in two's complement, after the others.
    ['s in [-1, 5, 0, -7]', '#2 in 0 | 5 | -7 | -1'],
    ['x in [5 USDC, 0]', '#0 in 0@0x8335 | 5000000@0x8335'],
    ['to in [account, Alice]', `#3 in ${alice} | ${account}`],
    ['to in [Alice]', `#3 in ${alice}`],
    ['(to, x) in [(Alice, 2), (Alice, 1), (account, 3)]', `#3,#0 in ${alice},1 | ${alice},2 | ${account},3`],
    ['x in [y, 5]', '(#0 in 5 or #0 == #1)'],
    ['x not in [y, 5]', '#0 not in 5 and #0 != #1'],
    ['x + y in [5, 6]', '(#0 + #1 == 5 or #0 + #1 == 6)'],
    ['(to, x) == (Alice, 5)', `#3 == ${alice} and #0 == 5`],
    ['list[0] == (Alice, 5)', `#6.0.0 == ${alice} and #6.0.1 == 5`],
    ['tag in [0xabcdef01, 0x00000002]', '#4 in 0x00000002 | 0xabcdef01'],
  ])('%s', (where, expected) => {
    expect(lowered(where)).toBe(expected)
  })
})

describe('operands', () => {
  test.each([
    ['args.x == 5 and args[1] == 6', '#0 == 5 and #1 == 6'],
    ['three[0] == 1 and three[last] == 2 and three[-2] == 3', '#7.0 == 1 and #7.2 == 2 and #7.1 == 3'],
    ['list[last].small == 1 and list[-1].token == account', '#6.last.1 == 1 and #6.last.0 == session.account'],
    ['to == session.key and to != account', '#3 == session.key and #3 != session.account'],
    ['x <= op.maxFeePerGas * op.callGasLimit', '#0 <= op.maxFeePerGas * op.callGasLimit'],
    ['x >= 7d and x < 2026-11-22', '#0 >= 604800 and #0 < 1795305600'],
    [
      'x <= 1.5 ETH and x >= 50 gwei and x != 3 wei',
      '#0 <= 1500000000000000000@ETH and #0 >= 50000000000@ETH and #0 != 3@ETH',
    ],
    ['x == 5 units and x == 5 units USDC', '#0 == 5 and #0 == 5@0x8335'],
  ])('%s', (where, expected) => {
    expect(lowered(where)).toBe(expected)
  })
})

describe('arithmetic is exact', () => {
  test.each([
    ['x + 5 <= y - 6', '#0 + 5 <= #1 + - 6'],
    ['-x <= -5', '- #0 <= -5'],
    ['98% of x <= y', '98e-0% #0 <= #1'],
    ['97.5% of (x + y) <= 5', '975e-1% #0 + 975e-1% #1 <= 5'],
    ['50% of 10% of x <= y', '50e-0% 10e-0% #0 <= #1'],
    ['x at 3000.5 USDC per WETH <= y', 'at(30005e-1) #0 <= #1'],
    ['x sold at 3000 USDC per WETH <= 5 USDC', 'sold at(3000e-0) #0 <= 5000000@0x8335'],
    ['x / 4 <= y', '1/4 #0 <= #1'],
    ['x / -4 <= y', '- 1/4 #0 <= #1'],
    ['x * y <= 5', '#0 * #1 <= 5'],
    ['x * 3 <= y', '#0 * 3 <= #1'],
    // A constant factor is a percentage where a product has no room for it.
    ['x * 3 <= 98% of y', '300e-0% #0 <= 98e-0% #1'],
    ['x * -3 <= 98% of y', '- 300e-0% #0 <= 98e-0% #1'],
    ['1.5 * x <= y', '150e-0% #0 <= #1'],
    ['-1.5 * x <= y', '- 150e-0% #0 <= #1'],
    ['(x + y) * s <= 5', '#0 * #2 + #1 * #2 <= 5'],
  ])('%s', (where, expected) => {
    expect(lowered(where)).toBe(expected)
  })

  test('a product has no coefficient', () => {
    for (const where of ['x * y * 3 <= 5', 'x * y * s <= 5', 'x * y <= 98% of s', '98% of (x * y) <= s'])
      expect(codesOf(`allow set(uint256 x, uint256 y, uint256 s) on Router where ${where}`)).toEqual(['W068'])
  })

  test('a division by an argument becomes a product, and a division by zero the fault that it is', () => {
    expect(lowered('x / y <= 5')).toBe('#1 != 0 and #0 <= 5 * #1')
    expect(lowered('x / y <= 5', 'deny')).toBe('(#1 == 0 or #0 <= 5 * #1)')
    expect(lowered('not (x / y <= 5)')).toBe('#1 != 0 and #0 > 5 * #1')
    expect(lowered('not (x / y <= 5)', 'deny')).toBe('(#1 == 0 or #0 > 5 * #1)')
    expect(lowered('flag or x / y <= 5')).toBe('(#5 == true or (#1 != 0 and #0 <= 5 * #1))')
  })
})

describe('`now` bounds the time of inclusion', () => {
  test.each([
    ['deadline <= now + 20m', '#8 at most now 1200'],
    ['deadline < now + 20m', '#8 at most now 1199'],
    ['deadline <= now', '#8 at most now 0'],
    ['now + 20m >= deadline', '#8 at most now 1200'],
    ['deadline >= now - 20m', '#8 at least now 1200'],
    ['deadline > now - 20m', '#8 at least now 1199'],
    ['x == 5 and (y == 6 and deadline <= now + 1h - 5m)', '#0 == 5 and #1 == 6 and #8 at most now 3300'],
    ['not (deadline > now + 20m or x == 5)', '#8 at most now 1200 and #0 != 5'],
    ['deadline in now..now + 20m', '#8 at least now 0 and #8 at most now 1200'],
  ])('%s', (where, expected) => {
    expect(lowered(where)).toBe(expected)
  })

  test.each([
    'deadline < now',
    'deadline >= now + 1h',
    'deadline == now',
    'x == 5 or deadline <= now',
    's <= now',
    'deadline + 5 <= now',
    'now <= now',
  ])('not so: %s', (where) => {
    expect(codesOf(`allow set(uint256 x, int64 s, uint256 deadline) on Router where ${where}`)).toEqual(['W069'])
  })
})

describe('names of the header', () => {
  test('order is nothing, and a `let` may be a number, an amount, a tuple or a list', () => {
    const rules = (where: string) =>
      `let Most = 2 * Some\nlet Some = 5 USDC\nlet Pair = (Alice, Some)\nlet Payees = [Alice, Bob]\nallow set(address to, uint256 x) on Router where ${where}`
    expect(codesOf(rules('x <= Most and (to, x) in [Pair] and to in Payees and (to, x) != Pair'))).toEqual([])
    expect(codesOf(rules('to == Some'))).toEqual(['W063'])
  })

  test('a literal address meets 20 bytes, and only a literal does', () => {
    const rule = (value: string) => `allow set(bytes20 node) on Router where node == ${value}`
    expect(codesOf(rule('0x1111111111111111111111111111111111111111'))).toEqual([])
    expect(codesOf(rule('USDC'))).toEqual(['W063'])
  })
})
