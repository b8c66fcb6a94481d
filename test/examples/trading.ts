import type { Address, Hex } from '../../src/policy/Hex.js'
import { USDC, WETH, account, approve, call, encode, ether, mallory, path, usdc, type Steps } from './step.js'

const router02: Address = '0x2626664c2603336e57b271c5c0b26f421741e481'
const pool: Address = '0xa238dd80c259a72e81d7e4664a9801593f98d1c5'
const router2: Address = '0x7a250d5630b4cf539739df2c5dacb4c659f2488d'
const usdcMainnet: Address = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const usdtMainnet: Address = '0xdac17f958d2ee523a2206206994597c13d831ec7'
const wethMainnet: Address = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
const perp: Address = '0x00000000000000000000000000000000000be490'
const market: Hex = '0x4554482d50455250000000000000000000000000000000000000000000000000'

const exactInputSingle =
  'function exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params) external payable returns (uint256 amountOut)'
const exactInput =
  'function exactInput((bytes path, address recipient, uint256 amountIn, uint256 amountOutMinimum) params) external payable returns (uint256 amountOut)'
const multicall =
  'function multicall(uint256 deadline, bytes[] calldata data) external payable returns (bytes[] memory)'
const sweepToken = 'function sweepToken(address token, uint256 amountMinimum, address recipient) external payable'
const supply = 'function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external'
const swapV2 =
  'function swapExactTokensForTokens(uint amountIn, uint amountOutMin, address[] calldata path, address to, uint deadline) external returns (uint[] memory amounts)'
const adjustPosition = 'function adjustPosition(bytes32 market, int256 sizeDelta) external'
const setRange = 'function setRange(int24 tickLower, int24 tickUpper) external'

const start = BigInt(Date.parse('2026-11-22T13:00:00Z') / 1000)
/** The moment of an operation that says none, and minutes after it. */
const minutes = (count: number): bigint => start + 3600n + BigInt(count * 60)

const single = (tokenIn: Address, tokenOut: Address, recipient: Address, amountIn: bigint, least: bigint) => [
  { tokenIn, tokenOut, fee: 500, recipient, amountIn, amountOutMinimum: least, sqrtPriceLimitX96: 0n },
]
const buy = (amount: string, recipient = account, sent = ether(amount), tokenIn = WETH) =>
  call(router02, exactInputSingle, single(tokenIn, USDC, recipient, ether(amount), 1n), sent)
const rebalance = (tokenIn: Address, amountIn: bigint, tokenOut: Address, least: bigint, recipient = account) =>
  call(router02, exactInputSingle, single(tokenIn, tokenOut, recipient, amountIn, least))
const hop = (along: Hex, amountIn: string, least: string, recipient = account) =>
  encode(exactInput, [{ path: along, recipient, amountIn: usdc(amountIn), amountOutMinimum: ether(least) }])
const many = (inner: readonly Hex[], deadline = minutes(5)) => call(router02, multicall, [deadline, inner])
const swap = (amountIn: string, least: string, along: readonly Address[], to = account, deadline = minutes(20)) =>
  call(router2, swapV2, [usdc(amountIn), usdc(least), along, to, deadline])

/** Examples that trade by calls of their own. */
export const trading: Steps = {
  dca: [
    { does: 'buy for 0.04 ether', calls: [buy('0.04')] },
    {
      does: 'have the bought tokens sent to somebody else',
      calls: [buy('0.01', mallory)],
      because: 'condition-failed',
    },
    { does: 'leave ether in the router', calls: [buy('0.01', account, ether('0.02'))], because: 'condition-failed' },
    { does: 'sell a token of the account', calls: [buy('0.01', account, 0n, USDC)], because: 'condition-failed' },
    {
      does: 'buy for more than 0.05 ether at once',
      calls: [buy('0.050000000000000001')],
      because: 'per-call-exceeded',
    },
    {
      does: 'take tokens out of the router',
      calls: [call(router02, sweepToken, [USDC, 0n, mallory])],
      because: 'no-rule',
    },
  ],
  rebalancer: [
    {
      does: 'approve 1500 USDC and swap it at a fair price',
      calls: [call(USDC, approve, [router02, usdc('1500')]), rebalance(USDC, usdc('1500'), WETH, ether('0.49'))],
    },
    { does: 'sell half an ether at a fair price', calls: [rebalance(WETH, ether('0.5'), USDC, usdc('1470'))] },
    { does: 'supply what is idle', calls: [call(pool, supply, [USDC, usdc('1000'), account, 0])] },
    {
      does: 'swap at a bad price',
      calls: [rebalance(USDC, usdc('300'), WETH, ether('0.098') - 1n)],
      because: 'condition-failed',
    },
    {
      does: 'swap for a stranger',
      calls: [rebalance(USDC, usdc('300'), WETH, ether('0.1'), mallory)],
      because: 'condition-failed',
    },
    {
      does: 'buy a token without worth',
      calls: [rebalance(USDC, usdc('300'), mallory, ether('0.1'))],
      because: 'condition-failed',
    },
    {
      does: 'spend the shared budget twice, as a swap and as savings',
      calls: [call(pool, supply, [USDC, usdc('501'), account, 0])],
      because: 'meter-exceeded',
    },
    { does: 'approve a stranger', calls: [call(WETH, approve, [mallory, 1n])], because: 'condition-failed' },
  ],
  'uniswap-v2': [
    { does: 'swap 4000 USDC through WETH', calls: [swap('4000', '3920', [usdcMainnet, wethMainnet, usdtMainnet])] },
    {
      does: 'swap at a bad price',
      calls: [swap('100', '97.9', [usdcMainnet, usdtMainnet])],
      because: 'condition-failed',
    },
    {
      does: 'swap for a stranger',
      calls: [swap('100', '99', [usdcMainnet, usdtMainnet], mallory)],
      because: 'condition-failed',
    },
    {
      does: 'let a swap wait for an hour',
      calls: [swap('100', '99', [usdcMainnet, usdtMainnet], account, minutes(60))],
      because: 'condition-failed',
    },
    { does: 'buy another token', calls: [swap('100', '99', [usdcMainnet, mallory])], because: 'condition-failed' },
    {
      does: 'swap more than 5000 USDC a day',
      calls: [swap('1001', '999', [usdcMainnet, usdtMainnet])],
      because: 'meter-exceeded',
    },
  ],
  'multicall-swapper': [
    {
      does: 'swap along two paths at once',
      calls: [many([hop(path(USDC, WETH), '900', '0.294'), hop(path(USDC, WETH, WETH), '600', '0.2')])],
    },
    {
      does: 'hide a sweep behind a swap',
      calls: [many([hop(path(USDC, WETH), '30', '0.01'), encode(sweepToken, [WETH, 0n, mallory])])],
      because: 'nested-call-denied',
    },
    {
      does: 'hide a swap for a stranger',
      calls: [many([hop(path(USDC, WETH), '30', '0.01'), hop(path(USDC, WETH), '30', '0.01', mallory)])],
      because: 'nested-call-denied',
    },
    {
      does: 'buy another token at the end of a path',
      calls: [many([hop(path(USDC, WETH, mallory), '30', '0.01')])],
      because: 'nested-call-denied',
    },
    {
      does: 'cut a path off inside a token',
      calls: [many([hop(path(USDC, WETH).slice(0, -2) as Hex, '30', '0.01')])],
      because: 'nested-call-denied',
    },
    { does: 'swap nothing at all', calls: [many([])], because: 'condition-failed' },
    {
      does: 'let the swaps wait',
      calls: [many([hop(path(USDC, WETH), '30', '0.01')], minutes(11))],
      because: 'condition-failed',
    },
    {
      does: 'swap more than 2000 USDC in 24 hours',
      calls: [many([hop(path(USDC, WETH), '501', '0.17')])],
      because: 'meter-exceeded',
    },
    {
      does: 'find the budget fresh where a second day begins',
      calls: [many([hop(path(USDC, WETH), '501', '0.17')], minutes(24 * 60 - 60))],
      at: '2026-11-23 13:00',
      because: 'meter-exceeded',
    },
    {
      does: 'swap through a nested multicall',
      calls: [many([many([hop(path(USDC, WETH), '30', '0.01')]).data])],
      because: 'nested-call-denied',
    },
  ],
  'perp-trader': [
    { does: 'sell 5 of the market', calls: [call(perp, adjustPosition, [market, -ether('5')])] },
    { does: 'set a range below zero', calls: [call(perp, setRange, [-500, -200])] },
    {
      does: 'sell more than 5',
      calls: [call(perp, adjustPosition, [market, -ether('5') - 1n])],
      because: 'condition-failed',
    },
    {
      does: 'trade in another market',
      calls: [call(perp, adjustPosition, [`0x${'11'.repeat(32)}`, 1n])],
      because: 'condition-failed',
    },
    { does: 'set a range upside down', calls: [call(perp, setRange, [200, -200])], because: 'condition-failed' },
    { does: 'set a range that is too wide', calls: [call(perp, setRange, [-200, 201])], because: 'condition-failed' },
    { does: 'send ether along', calls: [call(perp, adjustPosition, [market, 1n], 1n)], because: 'value-not-allowed' },
  ],
}
