import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { account, alice, allowsOf, codesOf, header, policyOf, router, ruleOf, text, usdc, weth } from './writs.js'

const single =
  'exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params)'
const approved = 'allow approve on [USDC, WETH] where spender == Router budget 1000 USDC/call, 1 WETH/call'

holdTo({
  code: 'W081',
  title: 'what moves money has a budget',
  refused: [
    'allow transfer on USDC where to == Alice',
    'allow transfer on USDC where to == Alice limit 3 calls/day',
    'allow transfer(address,uint256) on USDC where args[0] == Alice',
    'allow transfer(address to, uint256 amount) on 0x3333333333333333333333333333333333333333',
    'allow transferFrom(address from, address to, uint256 amount) on USDC where to == Alice',
    'allow approve on USDC where spender == Router',
    'allow increaseAllowance(address spender, uint256 addedValue) on USDC where spender == Router',
    'allow permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) on USDC where spender == Router',
    'allow send on Alice',
    'allow swap on Router',
    `allow ${single} on Router where params.recipient == account and params.tokenIn == USDC`,
    'allow transfer on [USDC, WETH] where to == Alice budget 5 USDC/day',
  ],
  accepted: [
    'allow transfer on USDC where to == Alice budget unlimited USDC',
    'allow transfer on [USDC, WETH] where to == Alice budget 5 USDC/day, 1 WETH/day',
    'allow send on Alice budget 0.1 ETH/call',
    'allow poke() on Router',
    'allow transferFrom(address from, address to, uint256 id) on Router where to == account and id == 5',
    'allow approve(address spender, uint256 id) on Router where spender == Alice and id in [5, 6]',
  ],
})

holdTo({
  code: 'W082',
  title: 'where an argument names the token, a condition fixes it',
  refused: [
    `allow ${single} on Router where params.recipient == account budget 5 USDC/day\n${approved}`,
    `allow ${single} on Router where params.recipient == account and params.tokenIn in [USDC, WETH] budget 5 USDC/day\n${approved}`,
    `allow ${single} on Router where params.recipient == account and params.tokenIn != WETH budget unlimited USDC\n${approved}`,
    `allow ${single} on Router where params.recipient == account and (params.tokenIn == USDC or params.fee == 500) budget 5 USDC/day\n${approved}`,
    `allow ${single} on Router where params.recipient == account budget 1 ETH/day`,
    `allow ${single} on Router where params.recipient == account and params.tokenIn == WETH budget 1 ETH/day`,
    `allow ${single} on Router where params.recipient == account and call.value == params.amountIn budget 1 ETH/day`,
    'allow approve(address token, address spender, uint160 amount, uint48 expiration) on Router where spender == Alice budget 5 USDC/day',
  ],
  accepted: [
    `allow ${single} on Router where params.recipient == account and USDC == params.tokenIn budget 5 USDC/day\n${approved}`,
    `allow ${single} on Router where params.recipient == account and params.tokenIn in [USDC] budget 5 USDC/day\n${approved}`,
    `allow ${single} on Router where params.recipient == account and params.tokenIn == WETH and params.amountIn == call.value budget 1 ETH/day`,
    'allow approve(address token, address spender, uint160 amount, uint48 expiration) on Router where spender == Alice and token == USDC budget 5 USDC/day',
  ],
})

holdTo({
  code: 'W083',
  title: 'a budget counts what is spent',
  refused: [
    'allow deposit(uint256 amount) on Router budget 5 USDC/day',
    'allow transfer on USDC where to == Alice budget 5 USDC/day counting 2 * amount',
    'allow transfer(uint256[] a, address to, uint256 amount) on USDC budget 5 USDC/day',
    'allow deposit(uint256 amount) on Router budget 1 ETH/day counting amount',
    'allow send on Alice budget 1 ETH/day counting call.value + 1',
  ],
  accepted: [
    'allow deposit(uint256 amount) on Router budget 5 USDC/day counting amount',
    'allow transfer on USDC where to == Alice budget 5 USDC/day counting amount',
    'allow deposit(uint256 amount) on Router budget 1 ETH/day',
    'allow send on Alice budget 1 ETH/day counting call.value',
    'allow deposit(uint256 amount) on Router budget 1 ETH/day, 5 USDC/day counting amount',
    'allow deposit(uint256 amount) on Router budget unlimited USDC',
  ],
})

holdTo({
  code: 'W084',
  title: 'a condition on the value takes an ETH budget',
  refused: [
    'allow poke() on Router where call.value == 0',
    'allow poke(uint256 x) on Router where x == 1 or (x == 2 and call.value in [1, 2])',
  ],
  accepted: [
    'allow poke() on Router where call.value <= 1 ETH budget 2 ETH/day',
    'allow poke() on Router where call.value <= 1 ETH budget unlimited ETH',
    'allow poke() on Router\ndeny poke() on Router where call.value > 0',
  ],
})

holdTo({
  code: 'W085',
  title: 'an approval names the spender',
  refused: [
    'allow approve on USDC budget 5 USDC/day',
    'allow approve on USDC where spender != Alice budget 5 USDC/day',
    'allow approve on USDC where spender == Alice or amount == 0 budget 5 USDC/day',
    'allow increaseAllowance(address spender, uint256 addedValue) on USDC budget 5 USDC/day',
  ],
  accepted: [
    'allow approve on USDC where spender in [Alice, Router] budget 5 USDC/day',
    'allow approve on USDC where spender == Alice or spender == Router budget 5 USDC/day',
    'allow approve on USDC where (spender, amount) in [(Router, 5 USDC)] budget 5 USDC/day',
  ],
})

holdTo({
  code: 'W086',
  title: 'some powers stay with the owner',
  refused: [
    'allow setApprovalForAll(address operator, bool approved) on Router where operator == Alice',
    'allow delegate(address to) on USDC where to == account',
    'allow authorizeOperator(address operator) on USDC where operator == Alice',
    'allow permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32) on USDC where args[1] == Alice',
  ],
  accepted: ['allow poke() on Router\nallow setApprovalForAll(uint256 x) on Router\ndeny any on Router'],
})

const batch =
  'allow safeBatchTransferFrom(address from, address to, uint256[] ids, uint256[] amounts, bytes data) on Router'
holdTo({
  code: 'W087',
  title: 'a rule that moves single tokens names recipient and id',
  refused: [
    'allow safeTransferFrom(address from, address to, uint256 id) on Router where to == Alice',
    'allow safeTransferFrom(address from, address to, uint256 id, bytes data) on Router where id == 5',
    'allow safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data) on Router where to == Alice and id > 5',
    'allow safeBatchTransferFrom(address from, address to, uint256[] ids, uint256[] amounts, bytes data) on Router where to == Alice and ids[0] == 5',
    ...[
      'to == Alice and any id in ids (id in [5, 6])',
      'to == Alice and every id in amounts (id in [5, 6])',
      'to == Alice and every id in ids (id <= 6)',
      'to == Alice and (every id in ids (id == 5) or len(ids) == 1)',
      'every id in ids (id in [5, 6])',
    ].map((where) => `${batch} where ${where}`),
    'allow transferFrom(address from, address to, uint256 id) on Router',
    'allow approve on Router where spender == Alice',
  ],
  accepted: [
    'allow safeTransferFrom(address from, address to, uint256 id) on Router where to == Alice and id == 5',
    'allow safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data) on Router where (to, id) in [(Alice, 5), (Bob, 6)]',
    'allow approve on Router where spender == Alice and amount == 5',
    `${batch} where to == Alice and every id in ids (id in [5, 6] and id != 7)`,
    `${batch} where to in [Alice, Bob] and every id in ids (id == 5 or id == 6)`,
  ],
})

holdTo({
  code: 'W090',
  title: 'a period can be counted',
  refused: ['allow poke() on Router limit 1 calls/299s', 'allow send on Alice budget 1 ETH/49711d'],
  accepted: ['allow poke() on Router limit 1 calls/300s', 'allow send on Alice budget 1 ETH/49710d'],
})

holdTo({
  code: 'W080',
  title: 'a budget is complete',
  refused: [
    'allow send on Alice budget 1 ETH',
    'allow send on Alice budget 1 ETH/day limit 3 calls',
    'allow send on Alice budget 1 ETH/day limit 3 calls/call',
    'allow transfer on USDC where to == Alice budget 5 units/day',
  ],
  accepted: ['allow transfer on USDC where to == Alice budget 5 units USDC/day'],
})

holdTo({
  code: 'W091',
  title: 'a budget and `unlimited` contradict each other',
  refused: [
    'allow send on Alice budget 1 ETH/day, unlimited ETH',
    'allow send on Alice budget unlimited ETH budget 0.1 ETH/call',
    'limit votes = 3 calls/day\nallow poke() on Router limit votes, votes',
  ],
  accepted: ['limit votes = 3 calls/day\nallow poke() on Router limit votes, 5 calls/week, 5 calls/week'],
})

holdTo({
  code: 'W092',
  title: 'what is counted is a sum of arguments, or one argument with scales',
  refused: [
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting 1',
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting 50% of x + y',
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting 50% of (x * y)',
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting x / y',
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting -(50% of x)',
  ],
  accepted: [
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting x * y + x - y',
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting 50% of (x sold at 3000 USDC per WETH)',
    'allow put(uint256 x, uint256 y) on Router budget 5 USDC/day counting x * 2',
  ],
})

holdTo({
  code: 'W093',
  title: 'a budget is of what the rule spends',
  refused: [
    'allow transfer on USDC where to == Alice budget 1 ETH/day',
    'allow transfer on USDC where to == Alice budget 5 USDC/day, 1 WETH/day',
    'allow send on Alice budget 1 ETH/day, 5 USDC/day',
    'allow transfer on [USDC] where to == Alice budget 5 USDC/day, unlimited ETH',
  ],
  accepted: [`allow swap on Router budget 5 USDC/day, 1 WETH/day, 1 ETH/day\n${approved}`],
})

describe('charges', () => {
  test('come in the order of the text, and a list of targets shares its meters', () => {
    const policy = policyOf(
      'budget both = 100 USDC/day\nallow deposit(uint256 amount) on [Alice, Bob] limit 3 calls/day budget both, 5 USDC/call counting amount limit 9 calls total',
    )
    const expected = [
      { kind: 'meter', meter: 1 },
      { kind: 'meter', meter: 2 },
      { kind: 'per call', limit: 5_000_000n },
      { kind: 'meter', meter: 3 },
    ]
    expect(policy.rules).toMatchObject([{ charges: expected }, { charges: expected }])
    expect(policy.meters).toMatchObject([
      { counts: 'ETH' },
      { counts: 'calls', limit: 3n },
      { counts: usdc },
      { counts: 'calls', limit: 9n, window: { kind: 'total' } },
    ])
  })

  test('of ETH are the value of the call, and without an ETH budget there is none', () => {
    expect(ruleOf('allow poke() on Router budget 1 ETH/day')).toMatchObject({
      charges: [{ assetChecked: true, amount: [{ factors: [{ name: 'call.value' }] }] }],
    })
    expect(ruleOf('allow poke() on Router budget unlimited ETH')).toMatchObject({ charges: [], unlimited: ['ETH'] })
  })

  test('say whether the asset was seen', () => {
    const checked = (rule: string) => allowsOf(policyOf(rule))[0]?.charges.map(({ assetChecked }) => assetChecked)
    const put = 'allow put(address asset, uint256 amount)'
    expect(checked(`${put} on Router budget 5 USDC/day counting amount`)).toEqual([false])
    expect(checked(`${put} on Router where asset == USDC budget 5 USDC/day counting amount`)).toEqual([true])
    expect(checked(`${put} on Router where asset in [USDC, WETH] budget 5 USDC/day counting amount`)).toEqual([false])
    expect(checked(`${put} on USDC budget 5 USDC/day counting amount limit 3 calls/day`)).toEqual([true, true])
    expect(checked('allow transfer on USDC where to == Alice budget 5 USDC/day')).toEqual([true])
  })

  test('two budgets written alike are two meters', () => {
    expect(
      policyOf('allow poke() on Router limit 3 calls/day\nallow peek() on Router limit 3 calls/day').meters,
    ).toHaveLength(3)
  })
})

describe('tokens', () => {
  const symbols = (rules: string) => policyOf(rules).tokens.map(({ symbol }) => symbol)
  test('of a policy are those that it speaks of, in the order of their declaration', () => {
    expect(symbols('allow poke() on Router')).toEqual([])
    expect(symbols('allow poke() on WETH')).toEqual(['WETH'])
    expect(symbols('allow put(address a, address b) on Router where a == WETH and b in [USDC, Alice]')).toEqual([
      'USDC',
      'WETH',
    ])
    expect(symbols('allow put(uint256 x) on Router where x <= 5 USDC')).toEqual(['USDC'])
    expect(symbols('allow put(uint256 x, uint256 y) on Router where x >= y at 5 USDC per WETH')).toEqual([
      'USDC',
      'WETH',
    ])
    expect(symbols('allow put(uint256 x) on Router budget unlimited WETH')).toEqual(['WETH'])
    expect(symbols('allow poke() on Router\ndeny poke() on USDC\n')).toEqual(['USDC'])
    expect(symbols(`allow poke() on Router\ndeny poke() on ${usdc}`)).toEqual(['USDC'])
  })
})

describe('swap', () => {
  const conditions = (rules: string) =>
    allowsOf(policyOf(rules)).map(
      ({ action, where }) => `${action.kind === 'call' ? action.name : ''}: ${where.map(text).join(' and ')}`,
    )

  test('with ETH pays with the wrapped coin and sends what it pays', () => {
    const single = `#0.3 == session.account and #0.0 == ${weth} and call.value == #0.4`
    const packed = `len(slices(#0.0, 20, 3)) >= 2 and #0.1 == session.account and #0.0[0:20] == ${weth} and call.value == #0.2`
    expect(conditions('allow swap on Router budget 1 ETH/day')).toEqual([
      `exactInputSingle: ${single}`,
      `exactInput: ${packed}`,
      `exactInputSingle: ${single.replace('#0.4', '#0.5')}`,
      `exactInput: ${packed.replace('#0.2', '#0.3')}`,
      `swapExactETHForTokens: #1.0 == ${weth} and #2 == session.account`,
      `swapETHForExactTokens: #1.0 == ${weth} and #2 == session.account`,
    ])
  })

  test('with a token spends that token, to the account', () => {
    const found = conditions('allow swap on Router budget 5 USDC/day')
    expect(found).toHaveLength(14)
    expect(found[0]).toBe(`exactInputSingle: #0.0 == ${usdc} and #0.3 == session.account`)
    expect(found[3]).toBe(
      `exactOutput: #0.0[-20:] == ${usdc} and len(slices(#0.0, 20, 3)) >= 2 and #0.1 == session.account`,
    )
    expect(found.at(-1)).toBe(`swapTokensForExactTokens: #2.0 == ${usdc} and #3 == session.account`)
  })

  test('stands for a function once for each asset, and charges each on its own meter', () => {
    const rules = allowsOf(
      policyOf('allow swap on Router budget 5 USDC/day, 1 WETH/day, 1 ETH/day, 3 WETH/week limit 9 calls/day'),
    )
    expect(rules).toHaveLength(34)
    expect(
      rules
        .slice(0, 3)
        .map(({ charges }) => charges.map((charge) => (charge.kind === 'meter' ? charge.meter : charge.kind))),
    ).toEqual([
      [1, 2],
      [3, 4, 2],
      [5, 2],
    ])
  })

  test('keeps a rule apart from the one that spends the wrapped coin itself', () => {
    expect(codesOf(`allow swap on Router budget 1 WETH/day, 1 ETH/day\n${approved}`)).toEqual([])
    expect(conditions('allow swap on Router budget 1 WETH/day, 1 ETH/day')[1]).toMatch(/ and call.value > 0$/)
  })

  test('does not say twice what its author said', () => {
    const rule = 'allow swap on Router where call.value <= 1 ETH budget 1 ETH/day'
    expect(conditions(rule)[0]).toMatch(/^exactInputSingle: call.value <= /)
    const abi = JSON.stringify([`function ${single}`])
    const said = header.replace(
      'contract Router = 0x2626664c2603336E57B271c5C0b26F421741e481',
      'contract Router = 0x2626664c2603336E57B271c5C0b26F421741e481 abi "./router.json"',
    )
    const { policy } = checkWrit(`${said}allow swap on Router where params.recipient == account budget 5 USDC/day`, {
      readFile: () => abi,
    })
    expect(policy?.rules.map(({ where }) => where.map(text))).toEqual([[`#0.3 == session.account`, `#0.0 == ${usdc}`]])
  })

  test('needs a chain whose wrapped coin is known only where it pays with ether', () => {
    const elsewhere = header.replace('chain base', 'chain 424242')
    const codes = (rule: string) => checkWrit(elsewhere + rule).diagnostics.map(({ code }) => code)
    expect(codes('allow swap on Router budget 1 ETH/day')).toContain('W094')
    expect(codes('allow swap on Router budget 5 USDC/day')).not.toContain('W094')
  })

  test('is what its functions are in a deny, without its requirements', () => {
    const denies = policyOf('allow swap on Router budget 1 ETH/day\ndeny swap on Router').rules.filter(
      ({ effect }) => effect === 'deny',
    )
    expect(denies).toHaveLength(16)
    expect(denies.every(({ where }) => where.length === 0)).toBe(true)
  })
})

test('addresses of a policy are in lower case', () => {
  expect([account, alice, router].every((address) => address === address.toLowerCase())).toBe(true)
  expect(policyOf('allow send on Alice budget 1 ETH/day').rules[0]?.target).toBe(alice)
})
