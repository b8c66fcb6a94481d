import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { allowsOf, codesOf, header, policyOf, text, usdc, weth } from './writs.js'

const fill =
  'action fill { function deposit(uint256 assets, address receiver); spends assets of USDC; requires receiver == account }\n'
const approved = 'allow approve on [USDC, WETH] where spender == Router budget 1000 USDC/call, 1 WETH/call\n'
const rulesOf = (rules: string) => allowsOf(policyOf(rules))

/** Each rule as its function, its conditions and the meters that it charges. */
const short = (rules: string): string[] =>
  rulesOf(rules).map(({ action, where, charges }) =>
    [
      action.kind === 'call' ? action.name : action.kind,
      ...where.map(text),
      ...charges.map((charge) => (charge.kind === 'meter' ? `meter ${charge.meter}` : 'per call')),
    ].join(' | '),
  )

describe('an action of the writ', () => {
  test('is a verb: its functions, what they spend, and what they require', () => {
    expect(short(`${fill}allow fill on Router where assets >= 5 budget 100 USDC/day`)).toEqual([
      'deposit | #0 >= 5 | #1 == session.account | meter 1',
    ])
  })

  test('counts what it says without being asked, and says that nothing checks the token it names', () => {
    const [rule] = rulesOf(`${fill}allow fill on Router budget 100 USDC/day`)
    expect(rule?.charges).toMatchObject([{ amount: [{ factors: [{ kind: 'argument' }] }], assetChecked: false }])
  })

  test('spends the token that it names and no other', () => {
    expect(codesOf(`${fill}allow fill on Router budget 1 WETH/day`)).toEqual(['W093'])
    expect(codesOf(`${fill}${approved}allow fill on Router budget 5 USDC/day, 1 WETH/day`)).toEqual(['W093'])
  })

  test('spends what an argument names, which its verb then fixes, once for each token', () => {
    const action = 'action lend { function lend(address what, uint256 much); spends much of what }\n'
    expect(short(`${action}${approved}allow lend on Router budget 5 USDC/day, 1 WETH/day`).slice(2)).toEqual([
      `lend | #0 == ${usdc} | meter 1`,
      `lend | #0 == ${weth} | meter 2`,
    ])
  })

  test('spends the token that is called, part of an argument, and ether', () => {
    const action = `action burn {
      function burn(uint256 amount) spends amount of target
      function zap(bytes path, uint256 amount) spends amount of path[0:20] unless ETH budget  spends call.value of ETH when ETH budget
        requires call.value == amount when ETH budget
    }\n`
    expect(short(`${action}${approved}allow burn on [USDC, Router] budget 5 USDC/day`).slice(2)).toEqual([
      'burn | meter 1',
      expect.stringMatching(/^zap \|/),
      expect.stringMatching(/^zap \|/),
    ])
    expect(short(`${action}allow burn on Router budget 1 ETH/day`)).toEqual(['zap | call.value == #1 | meter 1'])
  })

  test('may speak of the names of the writ, of the account and of the wrapped coin', () => {
    const action =
      'action go { function go(address to, address coin); requires to in [Alice, account] and coin == wrapped }\n'
    expect(short(`${action}allow go on Router`)).toEqual([expect.stringMatching(new RegExp(`go \\| .*#1 == ${weth}`))])
  })

  test('adds to what the library requires of a function, and cannot take away from it', () => {
    const action = `action mySwap {
      function exactInputSingle((address a, address b, uint24 fee, address c, uint256 d, uint256 e, uint160 f) q) requires q.fee == 500
    }\n`
    const [rule] = short(`${action}allow mySwap on Router budget 1 ETH/day`)
    expect(rule).toBe(
      `exactInputSingle | #0.3 == session.account | #0.0 == ${weth} | call.value == #0.4 | #0.2 == 500 | meter 1`,
    )
    expect(codesOf(`${action}allow mySwap on Router`)).toEqual(['W081'])
  })

  test('makes its functions known also to rules that name them', () => {
    expect(
      codesOf(`${fill}allow deposit(uint256 assets, address receiver) on Router where receiver == account`),
    ).toEqual(['W081'])
    expect(short(`${fill}allow deposit(uint256 assets, address receiver) on Router budget 5 USDC/day`)).toEqual([
      'deposit | meter 1',
    ])
  })

  test('may be denied, which denies its functions whatever they require', () => {
    const { rules } = policyOf(
      `${fill}allow fill on Router budget 5 USDC/day deny fill on Router hours 00:00-01:00 UTC`,
    )
    expect(rules[1]).toMatchObject({ effect: 'deny', action: { name: 'deposit' }, where: [] })
  })

  test('may be used inside a block', () => {
    const { rules } = policyOf(
      `${fill}allow multicall(bytes[] data) on Router each call in calls(data) { allow fill budget 5 USDC/day }`,
    )
    expect(rules[0]).toMatchObject({ nested: [{ rules: [{ action: { name: 'deposit' }, charges: [{ meter: 1 }] }] }] })
  })

  test('stands only for the functions that the declared ABI of the target lists, and loses to a function of its own name', () => {
    const action = 'action f { function f(uint256 x) function g(uint256 x) }\n'
    const of = (abi: string) => {
      const { policy } = checkWrit(
        `${header}contract R = 0x3333333333333333333333333333333333333333 abi "r.json"\n${action}allow f on R`,
        { readFile: () => abi },
      )
      return policy?.rules.map(
        (rule) => rule.action.kind === 'call' && `${rule.action.name}(${rule.action.inputs.length})`,
      )
    }
    expect(of('["function g(uint256 x)"]')).toEqual(['g(1)'])
    expect(of('["function f(uint256 x, uint256 y)", "function g(uint256 x)"]')).toEqual(['f(2)'])
  })

  test('that no rule names is told of', () => {
    const { diagnostics } = checkWrit(`${header}${fill}allow f() on Router`)
    expect(diagnostics.map(({ message }) => message)).toContain('nothing uses action `fill`')
  })

  test('asks for an approval of what it pulls', () => {
    expect(
      codesOf(
        'action lend { function lend(address what, uint256 much); spends much of what }\nallow lend on Router budget 5 USDC/day',
      ),
    ).toEqual(['W100'])
  })
})

holdTo({
  code: 'W150',
  title: 'the name of an action is free',
  refused: [
    'action swap { function f() }\nallow f() on Router',
    'action any { function f() }\nallow f() on Router',
    'action a { function f() }\naction a { function g() }\nallow a on Router',
  ],
  accepted: [
    'action a { function f() }\naction b { function g() }\nallow a on Router\nallow b on Router',
    // Names of values and names of verbs do not meet.
    'action USDC { function f() }\nallow USDC on Router',
  ],
})

holdTo({
  code: 'W151',
  title: 'an action says what can be',
  refused: [
    'action a { function transfer(address to, uint256 amount); spends amount of target }\nallow f() on Router',
    'action a { function f(uint256 x); spends x of ETH }\nallow f() on Router',
    'action a { function f(uint256 x); spends call.value + call.value of ETH }\nallow f() on Router',
    'action a { function f(uint256 x); spends x of Router }\nallow f() on Router',
    'action a { function f(uint256 x); spends x of x }\nallow f() on Router',
    'action a { function f(uint256 x, address t); spends x of t when USDC budget }\nallow f() on Router',
    'action a { function f(uint256 x) function f(uint256 y) }\nallow f() on Router',
    'action a { function f(uint256 x) }\naction b { function f(uint256 y) }\nallow f() on Router',
  ],
  accepted: [
    'action a { function f(uint256 x, address t); spends x of t; spends 2 * x of USDC }\nallow f() on Router',
    'action a { function f(); spends call.value of ETH }\nallow f() on Router',
  ],
})
