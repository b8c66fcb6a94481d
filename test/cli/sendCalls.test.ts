import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Token } from '../../src/policy/Units.js'
import { CliError } from '../../src/cli/CliError.js'
import { nodeIo } from '../../src/cli/nodeIo.js'
import { amountOf } from '../../src/cli/send/amountOf.js'
import { readCalls, type CallFlags } from '../../src/cli/send/readCalls.js'

const usdc: Token = { symbol: 'USDC', address: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913', decimals: 6 }
const odd: Token = { symbol: 'ODD', address: '0x4200000000000000000000000000000000000006', decimals: 'base units' }
const tokens = [usdc, odd]
const alice = '0xa11ce00000000000000000000000000000000001'
const read = (flags: CallFlags, words: readonly string[] = [], file = '') =>
  readCalls({ ...nodeIo(), read: () => new TextEncoder().encode(file) }, flags, words, tokens)
const fault = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof CliError) return `${error.exitCode} ${error.message}`
    throw error
  }
  return 'no fault'
}

describe('an amount of the command line', () => {
  test.each([
    ['0.1 ETH', 10n ** 17n],
    ['50gwei', 50n * 10n ** 9n],
    ['7 wei', 7n],
    ['7', 7n],
    ['1.000001 USDC', 1_000_001n],
    ['0.000000000000000001 eth', 1n],
  ])('%s is exact', (text, amount) => expect(amountOf(text, tokens)).toBe(amount))

  test.each([
    '',
    'x',
    '1.',
    '.5 ETH',
    '0.1',
    '1.0000001 USDC',
    '0.5 wei',
    '1 ODD',
    '1 usdc',
    '-1 ETH',
    '1e18',
    '1 2',
    `1${'0'.repeat(77)}9`,
  ])('`%s` is none, and nothing is rounded', (text) => expect(amountOf(text, tokens)).toBeUndefined())
})

describe('the calls of writ send', () => {
  test('ether goes with its unit', () => {
    expect(read({ to: alice, value: '0.1 ETH' })).toEqual([{ to: alice, value: 10n ** 17n, data: '0x' }])
    expect(read({ to: alice, data: '0x1234', value: '0' })).toEqual([{ to: alice, value: 0n, data: '0x1234' }])
    expect(fault(() => read({ to: alice, value: '100' }))).toBe('2 `100` is no amount of ether')
    expect(fault(() => read({ to: alice, value: '1 USDC' }))).toBe('2 `1 USDC` is no amount of ether')
  })

  test('tokens of the writ are known by their symbols, as targets, addresses and amounts', () => {
    const abi = parseAbi(['function transfer(address to, uint256 amount)'])
    const [call] = read({ to: 'USDC', call: 'transfer(address,uint256)' }, ['ODD', '2.5 USDC'])
    expect(call).toEqual({
      to: usdc.address,
      value: 0n,
      data: encodeFunctionData({ abi, functionName: 'transfer', args: [odd.address, 2_500_000n] }),
    })
  })

  test('every type is read: lists and tuples as JSON, numbers of any size', () => {
    const abi = parseAbi([
      'struct P { address to; uint24 fee; int8[2] ticks; }',
      'function f(P p, (bool, string)[] list, bytes data, bytes4 id, uint256 big, int256 small, string text, bool on)',
    ])
    const signature =
      'f((address to, uint24 fee, int8[2] ticks) p, (bool, string)[] list, bytes data, bytes4 id, uint256 big, int256 small, string text, bool on)'
    const big = 2n ** 255n + 1n
    const expected = encodeFunctionData({
      abi,
      functionName: 'f',
      args: [
        { to: alice, fee: 3000, ticks: [-5, 127] },
        [
          [true, 'pay 5, 6'],
          [false, '"7"'],
        ],
        '0xab',
        '0x01020304',
        big,
        -9n,
        'hello 1, 2',
        true,
      ],
    })
    const rest = [
      '[[true, "pay 5, 6"], [false, "\\"7\\""]]',
      '0xAB',
      '0x01020304',
      String(big),
      '-9',
      'hello 1, 2',
      'true',
    ]
    for (const p of [`["${alice}", 3000, [-5,127]]`, `{"ticks": [-5, "127"], "to": "${alice}", "fee": "0xbb8"}`])
      expect(read({ to: alice, call: signature }, [p, ...rest])[0]?.data).toBe(expected)
  })

  test('a file is a list of calls, or a step of an operations file', () => {
    const calls = [
      { to: alice, value: '7' },
      { to: alice, data: '0xAB' },
    ]
    const right = [
      { to: alice, value: 7n, data: '0x' },
      { to: alice, value: 0n, data: '0xab' },
    ]
    expect(read({ calls: 'c.json' }, [], JSON.stringify(calls))).toEqual(right)
    expect(read({ calls: 'c.json' }, [], JSON.stringify({ at: 1, calls }))).toEqual(right)
  })

  const wrong: [string, CallFlags, readonly string[], string][] = [
    ['no target', {}, [], '2 nothing is to be done'],
    ['a word that is no address', { to: 'Alice' }, [], '2 the argument --to, of type address, cannot be `Alice`'],
    ['a wrong checksum', { to: '0xA11ce00000000000000000000000000000000001' }, [], '2 the argument --to'],
    ['two sorts of calldata', { to: alice, data: '0x', call: 'f()' }, [], '2 --call and --data exclude each other'],
    ['arguments of nothing', { to: alice }, ['1'], '2 `1` is an argument of no function'],
    ['no function', { to: alice, call: 'transfer(address' }, [], '2 `transfer(address` is no function'],
    ['too few arguments', { to: alice, call: 'f(uint256)' }, [], '2 f takes 1 arguments, 0 are given'],
    ['too many arguments', { to: alice, call: 'f()' }, ['1'], '2 f takes 0 arguments, 1 are given'],
    [
      'a number that does not fit',
      { to: alice, call: 'f(uint8)' },
      ['256'],
      '2 the argument of type uint8, cannot be `256`: it does not fit',
    ],
    [
      'a negative one',
      { to: alice, call: 'f(uint8)' },
      ['-1'],
      '2 the argument of type uint8, cannot be `-1`: it does not fit',
    ],
    ['a fraction', { to: alice, call: 'f(uint256)' }, ['1.5'], '2 the argument of type uint256, cannot be `1.5`'],
    [
      'digits that a token does not have',
      { to: alice, call: 'f(uint256)' },
      ['1.0000001 USDC'],
      '2 the argument of type uint256',
    ],
    [
      'bytes of another length',
      { to: alice, call: 'f(bytes4)' },
      ['0x01'],
      '2 the argument of type bytes4, cannot be `0x01`',
    ],
    ['yes for true', { to: alice, call: 'f(bool)' }, ['yes'], '2 the argument of type bool'],
    ['a list of another length', { to: alice, call: 'f(uint8[2])' }, ['[1]'], '2 the argument of type uint8[2]'],
    ['a list that is none', { to: alice, call: 'f(uint8[])' }, ['1'], '2 the argument of type uint8[]'],
    [
      'broken JSON',
      { to: alice, call: 'f(uint8[])' },
      ['[1'],
      '2 the argument of type uint8[], cannot be `[1`: it is not JSON',
    ],
    ['a number with an exponent', { to: alice, call: 'f(uint8[])' }, ['[1e1]'], '2 the argument of type uint8[]'],
    ['null', { to: alice, call: 'f(uint8[])' }, ['[null]'], '2 the argument of type uint8'],
    [
      'a tuple without a field',
      { to: alice, call: 'f((uint8 a, uint8 b) p)' },
      ['{"a":1}'],
      '2 the argument b, of type uint8, cannot be `{"a":"1"}`: it is missing',
    ],
    ['a file and a target', { to: alice, calls: 'c.json' }, [], '2 --calls says everything'],
    ['a file without calls', { calls: 'c.json' }, [], '3 `c.json`: the file is not JSON'],
  ]
  test.each(wrong)('%s is one clear fault', (_title, flags, words, message) => {
    expect(fault(() => read(flags, words))).toContain(message)
  })
  test('an empty list of calls is one clear fault', () => {
    expect(fault(() => read({ calls: 'c.json' }, [], '[]'))).toBe('3 `c.json`: calls are none')
    expect(fault(() => read({ calls: 'c.json' }, [], '[{"to":"0x1"}]'))).toBe(
      '3 `c.json`: calls[0].to is not an address',
    )
  })
})
