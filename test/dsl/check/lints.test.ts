import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { header } from './writs.js'

const put = (where: string) => `allow put(uint8 small, int8 signed, uint256 x, address to) on Router where ${where}`

holdTo({
  code: 'W100',
  title: 'what is pulled is approved',
  refused: [
    'allow swap on Router budget 5 USDC/day',
    'allow swap on Router budget 5 USDC/day\nallow approve on USDC where spender == Alice budget 5 USDC/call',
    'allow swap on Router budget 5 USDC/day\nallow approve on WETH where spender == Router budget 1 WETH/call',
    'allow swap on [Router, Alice] budget unlimited USDC\nallow approve on USDC where spender == Alice budget 5 USDC/call',
  ],
  accepted: [
    'allow swap on Router budget 5 USDC/day\nallow approve on USDC where spender in [Alice, Router] budget 5 USDC/call',
    'allow swap on Router budget 1 ETH/day',
    'allow swap on Router budget 5 USDC/day\nallow increaseAllowance(address spender, uint256 addedValue) on USDC where spender == Router budget 5 USDC/call',
  ],
})

holdTo({
  code: 'W101',
  title: 'a comparison decides something',
  refused: [
    'small >= 0',
    'small > 255',
    'small < 0',
    'small <= 255',
    'signed >= -128',
    'x >= 0',
    '5 < 3',
    '5 == 5',
    '0 <= x',
    'x == 1 or small >= 0',
    '5 USDC >= 5 USDC',
  ].map(put),
  accepted: ['small >= 1', 'small < 255', 'signed > -128', 'x != 0', 'x in 0..5', 'small in 3..255', 'x - 1 >= 0'].map(
    put,
  ),
})

holdTo({
  code: 'W103',
  title: 'a deny denies something',
  refused: [
    'allow poke() on Router\ndeny poke() on Alice',
    'allow poke() on Router\ndeny send on Router',
    'allow poke() on Router\ndeny any on Alice',
    'allow poke() on Router\ndeny swap on Router',
  ],
  accepted: [
    'allow poke() on Router\ndeny any on [Alice, Router]',
    'allow swap on Router budget 1 ETH/day\ndeny swap on Router',
    'allow poke() on [Router, Alice]\ndeny poke() on Alice',
  ],
})

holdTo({
  code: 'W104',
  title: 'a rule can hold',
  refused: [
    'x > 5 and x < 6',
    'to == Alice and to == Bob',
    'to == Alice and to != Alice',
    'x in [1, 2] and x > 2',
    'false',
    'to in [Alice, Bob] and (to == account or to == Router)',
  ].map(put),
  accepted: ['x > 5 and x < 7', 'to in [Alice, Bob] and to != Alice', 'x in [1, 2] and x > 1'].map(put),
})

const single =
  'exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params)'
const approve = 'allow approve on USDC where spender == Router budget 5 USDC/call'
holdTo({
  code: 'W105',
  title: 'what comes out of a swap comes home',
  refused: [
    `allow ${single} on Router where params.tokenIn == USDC budget 5 USDC/day\n${approve}`,
    'allow swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline) on Router budget 1 ETH/day',
  ],
  accepted: [
    `allow ${single} on Router where params.tokenIn == USDC and params.recipient == account budget 5 USDC/day\n${approve}`,
    `allow ${single} on Router where params.tokenIn == USDC and params.recipient in [Alice, account] budget 5 USDC/day\n${approve}`,
    `allow swap on Router budget 5 USDC/day\n${approve}`,
  ],
})

describe('W102: names are used', () => {
  const unused = (text: string) =>
    checkWrit(text)
      .diagnostics.filter(({ code }) => code === 'W102')
      .map(({ span }) => text.slice(span?.start, span?.end))

  test('each that nothing speaks of is named', () => {
    expect(unused(`${header}budget b = 1 ETH/day\nlimit l = 1 calls/day\nallow poke() on Router`)).toEqual([
      'USDC',
      'WETH',
      'Alice',
      'Bob',
      'b',
      'l',
    ])
    expect(
      unused(
        `${header}let Pair = [Alice, Bob]\nallow put(address to, uint256 x) on Router where to in Pair and x <= 1 WETH budget 5 USDC/day counting x`,
      ),
    ).toEqual([])
  })

  test('nothing is said of names while a part of the text is not understood', () => {
    expect(unused(`${header}allow poke() on Ruoter`)).toEqual([])
    expect(unused(`${header}allow poke( on Router`)).toEqual([])
  })
})

describe('many faults', () => {
  test('are cut after twenty, errors before warnings', () => {
    const denies = Array.from(
      { length: 30 },
      (_, index) => `deny poke() on 0x${String(index + 10).padStart(40, '0')}`,
    ).join('\n')
    const { diagnostics } = checkWrit(`${header}${denies}\nallow poke() on Router where call.value == 5`)
    expect(diagnostics).toHaveLength(21)
    expect(diagnostics.at(-1)?.code).toBe('W029')
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['W084'])
    const warned = checkWrit(`${header}${denies}\nallow poke() on Router`)
    expect(warned.policy?.rules).toHaveLength(31)
    expect(warned.diagnostics.every(({ severity }) => severity === 'warning')).toBe(true)
  })
})
