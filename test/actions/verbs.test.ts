import { concat, encodeFunctionData, parseAbi, toFunctionSelector, type Abi } from 'viem'
import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { library } from '../../src/actions/library.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { decide } from '../../src/semantics/decide.js'

const me = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
const thief = '0x9999999999999999999999999999999999999999'
const usdc = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const weth = '0x4200000000000000000000000000000000000006'
const dai = '0x50c5725949a6f0c72e6c4a641f24049a917db0cb'
const target = '0x2626664c2603336e57b271c5c0b26f421741e481'
const from = 1_795_352_400
const soon = BigInt(from + 600)

const policyOf = (rule: string): Policy => {
  const { policy, diagnostics } = checkWrit(
    `chain base account ${me} key 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 from 2026-11-22 13:00:00 ttl 7d fees unlimited
token USDC = ${usdc} decimals 6
token WETH = ${weth} decimals 18
contract Target = ${target}
${rule}`,
  )
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return policy
}

/** What a policy says to one call: the charges where it allows it. */
const judge = (policy: Policy, data: Hex, value = 0n, to: Hex = target) => {
  const meters = policy.meters.map(() => ({ window: 0, spent: 0n }))
  const binding = { module: `0x${'77'.repeat(20)}`, entityId: 1, tag: `0x${'00'.repeat(6)}` } as const
  const callData = executeCalldata([{ to, value, data }])
  const decision = decide(policy, binding, { status: 'active', meters }, { callData }, from + 60)
  return decision.outcome === 'allow' ? decision.charges.map(({ amount }) => amount) : 'deny'
}

/** A call of a function as its contract's source declares it. */
const call = (signature: string, args: readonly unknown[]): Hex => {
  const lines: readonly string[] = [`function ${signature}`]
  const abi: Abi = parseAbi(lines)
  return encodeFunctionData({ abi, args })
}

const path = (...parts: Hex[]): Hex => concat(parts)
const [fee, fees] = ['0x0001f4', '0x000bb8'] as const

/** A verb's rule, a call of a function as its contract declares it, what that spends, and the same call with other arguments, which is denied. */
type Case = {
  readonly rule: string
  readonly signature: string
  readonly good: readonly unknown[]
  readonly value?: bigint
  readonly spends: readonly bigint[]
  readonly bad: readonly (readonly unknown[])[]
}

const swap = 'allow swap on Target budget 500 USDC/day'
const swapEther = 'allow swap on Target budget 1 ETH/day'
const single =
  '(address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96)'
const singleOut = single.replace('amountIn,', 'amountOut,').replace('amountOutMinimum', 'amountInMaximum')
const old = (tuple: string) => tuple.replace('address recipient, ', 'address recipient, uint256 deadline, ')
const many = '(bytes path, address recipient, uint256 amountIn, uint256 amountOutMinimum)'
const manyOut = '(bytes path, address recipient, uint256 amountOut, uint256 amountInMaximum)'

const oneHop = {
  tokenIn: usdc,
  tokenOut: weth,
  fee: 500,
  recipient: me,
  deadline: soon,
  amountIn: 7n,
  amountOut: 1n,
  amountOutMinimum: 1n,
  amountInMaximum: 7n,
  sqrtPriceLimitX96: 0n,
}
const hops = {
  path: path(usdc, fee, weth, fees, dai),
  recipient: me,
  deadline: soon,
  amountIn: 7n,
  amountOut: 1n,
  amountOutMinimum: 1n,
  amountInMaximum: 7n,
}
const back = { ...hops, path: path(dai, fees, weth, fee, usdc) }
const wrongPaths = [
  path(weth, fee, usdc),
  path(usdc, fee),
  path(usdc),
  '0x',
  path(usdc, fee, weth, '0x00'),
  path(usdc, fee, weth, fee),
].map((path) => [{ ...hops, path }])
const wrongBack = [path(usdc, fee, weth), path(weth, fee, '0x00', usdc), path(fee, usdc), path(usdc)].map((path) => [
  { ...back, path },
])

const cases: readonly Case[] = [
  ...[single, old(single)].map((tuple) => ({
    rule: swap,
    signature: `exactInputSingle(${tuple} params)`,
    good: [oneHop],
    spends: [7n],
    bad: [[{ ...oneHop, recipient: thief }], [{ ...oneHop, tokenIn: dai }], [{ ...oneHop, amountIn: 500_000_001n }]],
  })),
  ...[singleOut, old(singleOut)].map((tuple) => ({
    rule: swap,
    signature: `exactOutputSingle(${tuple} params)`,
    good: [oneHop],
    spends: [7n],
    bad: [
      [{ ...oneHop, recipient: thief }],
      [{ ...oneHop, tokenIn: dai }],
      [{ ...oneHop, amountInMaximum: 500_000_001n }],
    ],
  })),
  ...[many, old(many)].flatMap((tuple) => [
    {
      rule: swap,
      signature: `exactInput(${tuple} params)`,
      good: [hops],
      spends: [7n],
      bad: [[{ ...hops, recipient: thief }], [{ ...hops, amountIn: 500_000_001n }], ...wrongPaths],
    },
    {
      rule: swapEther,
      signature: `exactInput(${tuple} params)`,
      good: [{ ...hops, path: path(weth, fee, usdc) }],
      value: 7n,
      spends: [7n],
      bad: [
        [hops],
        [{ ...hops, path: path(weth, fee, usdc), amountIn: 8n }],
        [{ ...hops, path: path(weth, fee, usdc), amountIn: 6n }],
      ],
    },
  ]),
  ...[manyOut, old(manyOut)].map((tuple) => ({
    rule: swap,
    signature: `exactOutput(${tuple} params)`,
    good: [back],
    spends: [7n],
    bad: [[{ ...back, recipient: thief }], [{ ...back, amountInMaximum: 500_000_001n }], ...wrongBack],
  })),
  ...['swapExactTokensForTokens', 'swapExactTokensForETH'].map((name) => ({
    rule: swap,
    signature: `${name}(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline)`,
    good: [7n, 1n, [usdc, weth], me, soon],
    spends: [7n],
    bad: [
      [7n, 1n, [usdc, weth], thief, soon],
      [7n, 1n, [weth, usdc], me, soon],
      [7n, 1n, [], me, soon],
    ],
  })),
  ...['swapTokensForExactTokens', 'swapTokensForExactETH'].map((name) => ({
    rule: swap,
    signature: `${name}(uint256 amountOut, uint256 amountInMax, address[] path, address to, uint256 deadline)`,
    good: [1n, 7n, [usdc, weth], me, soon],
    spends: [7n],
    bad: [
      [1n, 7n, [usdc, weth], thief, soon],
      [1n, 500_000_001n, [usdc, weth], me, soon],
    ],
  })),
  {
    rule: swap,
    signature: 'swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to)',
    good: [7n, 1n, [usdc, weth], me],
    spends: [7n],
    bad: [[7n, 1n, [usdc, weth], thief]],
  },
  {
    rule: swap,
    signature: 'swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to)',
    good: [1n, 7n, [usdc, weth], me],
    spends: [7n],
    bad: [[1n, 7n, [usdc, weth], thief]],
  },
  {
    rule: swapEther,
    signature: 'swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline)',
    good: [1n, [weth, usdc], me, soon],
    value: 7n,
    spends: [7n],
    bad: [
      [1n, [weth, usdc], thief, soon],
      [1n, [usdc, weth], me, soon],
    ],
  },
  {
    rule: swapEther,
    signature: 'swapETHForExactTokens(uint256 amountOut, address[] path, address to, uint256 deadline)',
    good: [1n, [weth, usdc], me, soon],
    value: 7n,
    spends: [7n],
    bad: [[1n, [weth, usdc], thief, soon]],
  },
  {
    rule: 'allow transfer on USDC where to == Target budget 5 USDC/day',
    signature: 'transfer(address to, uint256 value)',
    good: [target, 7n],
    spends: [7n],
    bad: [
      [thief, 7n],
      [target, 5_000_001n],
    ],
  },
  {
    rule: 'allow approve on USDC where spender == Target budget 5 USDC/day',
    signature: 'approve(address spender, uint256 value)',
    good: [target, 7n],
    spends: [7n],
    bad: [
      [thief, 7n],
      [target, 2n ** 256n - 1n],
    ],
  },
  ...['supply', 'deposit'].map((name) => ({
    rule: 'allow supply on Target budget 5 USDC/day',
    signature: `${name}(address asset, uint256 amount, address onBehalfOf, uint16 referralCode)`,
    good: [usdc, 7n, me, 0],
    spends: [7n],
    bad: [
      [usdc, 7n, thief, 0],
      [weth, 7n, me, 0],
      [usdc, 5_000_001n, me, 0],
    ],
  })),
  {
    rule: 'allow supply on Target budget 5 USDC/day',
    signature: 'supply(address asset, uint256 amount)',
    good: [usdc, 7n],
    spends: [7n],
    bad: [
      [weth, 7n],
      [usdc, 2n ** 256n - 1n],
    ],
  },
  {
    rule: 'allow repay on Target budget 5 USDC/day',
    signature: 'repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf)',
    good: [usdc, 7n, 2n, me],
    spends: [7n],
    bad: [
      [usdc, 7n, 2n, thief],
      [dai, 7n, 2n, me],
      [usdc, 2n ** 256n - 1n, 2n, me],
    ],
  },
  {
    rule: 'allow withdraw on Target',
    signature: 'withdraw(address asset, uint256 amount, address to)',
    good: [usdc, 2n ** 256n - 1n, me],
    spends: [],
    bad: [[usdc, 7n, thief]],
  },
  ...['withdraw', 'redeem'].map((name) => ({
    rule: 'allow withdraw on Target',
    signature: `${name}(uint256 amount, address receiver, address owner)`,
    good: [7n, me, me],
    spends: [],
    bad: [
      [7n, thief, me],
      [7n, me, thief],
    ],
  })),
  {
    rule: 'allow claim on Target',
    signature: 'claimRewards(address[] assets, uint256 amount, address to, address reward)',
    good: [[usdc], 7n, me, dai],
    spends: [],
    bad: [[[usdc], 7n, thief, dai]],
  },
  {
    rule: 'allow claim on Target',
    signature: 'claimRewardsToSelf(address[] assets, uint256 amount, address reward)',
    good: [[usdc], 7n, dai],
    spends: [],
    bad: [],
  },
  {
    rule: 'allow claim on Target',
    signature: 'claimAllRewards(address[] assets, address to)',
    good: [[usdc], me],
    spends: [],
    bad: [[[usdc], thief]],
  },
  {
    rule: 'allow claim on Target',
    signature: 'claimAllRewardsToSelf(address[] assets)',
    good: [[]],
    spends: [],
    bad: [],
  },
  {
    rule: 'allow claim on Target',
    signature: 'claim(address comet, address src, bool shouldAccrue)',
    good: [dai, me, true],
    spends: [],
    bad: [[dai, thief, true]],
  },
  {
    rule: 'allow claim on Target',
    signature: 'claim(address[] users, address[] tokens, uint256[] amounts, bytes32[][] proofs)',
    good: [
      [me, me],
      [usdc, dai],
      [1n, 2n],
      [[`0x${'ab'.repeat(32)}`], []],
    ],
    spends: [],
    bad: [
      [
        [me, thief],
        [usdc, dai],
        [1n, 2n],
        [[], []],
      ],
    ],
  },
  {
    rule: 'allow claim on Target',
    signature: 'claim(uint256 index, address account, uint256 amount, bytes32[] merkleProof)',
    good: [3n, me, 7n, []],
    spends: [],
    bad: [[3n, thief, 7n, []]],
  },
  { rule: 'allow claim on Target', signature: 'claimWithdrawal(uint256 requestId)', good: [3n], spends: [], bad: [] },
  {
    rule: 'allow claim on Target',
    signature: 'claimWithdrawals(uint256[] requestIds, uint256[] hints)',
    good: [[3n], [1n]],
    spends: [],
    bad: [],
  },
  {
    rule: 'allow claim on Target',
    signature: 'collect((uint256 tokenId, address recipient, uint128 amount0Max, uint128 amount1Max) params)',
    good: [{ tokenId: 3n, recipient: me, amount0Max: 7n, amount1Max: 7n }],
    spends: [],
    bad: [[{ tokenId: 3n, recipient: thief, amount0Max: 7n, amount1Max: 7n }]],
  },
  { rule: 'allow claim on Target', signature: 'getReward()', good: [], spends: [], bad: [] },
  {
    rule: 'allow stake on Target budget 1 ETH/day',
    signature: 'submit(address referral)',
    good: [thief],
    value: 7n,
    spends: [7n],
    bad: [],
  },
  { rule: 'allow wrap on WETH budget 1 ETH/day', signature: 'deposit()', good: [], value: 7n, spends: [7n], bad: [] },
  { rule: 'allow unwrap on WETH', signature: 'withdraw(uint256 wad)', good: [7n], spends: [], bad: [] },
]

const targetOf = (rule: string): Hex => (rule.includes('on USDC') ? usdc : rule.includes('on WETH') ? weth : target)

describe('the functions of the verbs, as their contracts declare them', () => {
  test.each(cases)('$rule: $signature', ({ rule, signature, good, value, spends, bad }) => {
    const policy = policyOf(rule)
    const at = targetOf(rule)
    expect(judge(policy, call(signature, good), value, at)).toEqual(spends)
    for (const args of bad) expect(judge(policy, call(signature, args), value, at)).toBe('deny')
    // Ether beside what the rule budgets is denied, and so is more of it.
    expect(judge(policy, call(signature, good), value === undefined ? 1n : 2n * 10n ** 18n, at)).toBe('deny')
  })

  test('each of them is called here', () => {
    const called = new Set(cases.map(({ signature }) => toFunctionSelector(`function ${signature}`)))
    const missing = [...library().verbs.values()]
      .flat()
      .filter(({ signature }) => !called.has(toFunctionSelector(`function ${signature}`)))
    expect(missing.map(({ signature }) => signature)).toEqual([])
  })
})

describe('verbs inside a block', () => {
  const rule = `allow multicall(bytes[] data) on Target each call in calls(data) { allow swap budget 10 units USDC/day }`
  const multicall = (...data: Hex[]) => call('multicall(bytes[] data)', [data])
  const swapped = (params: object) => call(`exactInput(${many} params)`, [{ ...hops, ...params }])

  test('count every element, and hold each of them to what they require', () => {
    const policy = policyOf(rule)
    expect(judge(policy, multicall(swapped({ amountIn: 4n }), swapped({ amountIn: 6n })))).toEqual([10n])
    expect(judge(policy, multicall(swapped({ amountIn: 4n }), swapped({ amountIn: 7n })))).toBe('deny')
    expect(judge(policy, multicall(swapped({ amountIn: 4n }), swapped({ recipient: thief })))).toBe('deny')
    expect(judge(policy, swapped({ amountIn: 4n }))).toBe('deny')
  })
})
