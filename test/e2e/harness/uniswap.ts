import { type Abi, encodeFunctionData } from 'viem'
import { contractArtifact } from '../../../src/evm/artifacts.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { Anvil } from './Anvil.js'
import { deploy } from './deploy.js'
import { shipped } from './tools.js'

/** The real Uniswap v3 with a pool of two tokens and one of each with WETH9, all with liquidity around 1:1. */
export type Uniswap = {
  readonly router: Address
  readonly weth: Address
  readonly tokenA: Address
  readonly tokenB: Address
}

const core = '@uniswap/v3-core/artifacts/contracts'
const periphery = '@uniswap/v3-periphery/artifacts/contracts'
/** A fee of 0.3 %, whose ticks are 60 apart. */
const fee = 3000
const spacing = 60
const oneToOne = 2n ** 96n

/** Deploys from the npm artifacts, as a funded account would. */
export async function deployUniswap(anvil: Anvil): Promise<Uniswap> {
  const weth = await deploy(anvil, shipped('canonical-weth/build/contracts/WETH9.json'))
  const factory = await deploy(anvil, shipped(`${core}/UniswapV3Factory.sol/UniswapV3Factory.json`))
  const router = await deploy(anvil, shipped(`${periphery}/SwapRouter.sol/SwapRouter.json`), [factory, weth])
  const manager = shipped(`${periphery}/NonfungiblePositionManager.sol/NonfungiblePositionManager.json`)
  const positions = await deploy(anvil, manager, [factory, weth, router])
  const tokenA = await deployToken(anvil, 'Token A', 'AAA')
  const tokenB = await deployToken(anvil, 'Token B', 'BBB')
  const owner = anvil.funded(0).address
  await send(anvil, weth, encodeFunctionData({ abi: wethAbi, functionName: 'deposit' }), 1000n * 10n ** 18n)
  for (const token of [tokenA, tokenB]) await mint(anvil, token, owner, 10_000n * 10n ** 18n)
  for (const token of [weth, tokenA, tokenB])
    await send(
      anvil,
      token,
      encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [positions, 2n ** 255n] }),
    )
  for (const [one, other] of [
    [tokenA, tokenB],
    [tokenA, weth],
    [tokenB, weth],
  ] as const)
    await addLiquidity(anvil, positions, manager.abi, one, other)
  return { router, weth, tokenA, tokenB }
}

/** An OpenZeppelin ERC-20 of 18 decimals that anyone may mint. */
export function deployToken(anvil: Anvil, name: string, symbol: string): Promise<Address> {
  return deploy(anvil, contractArtifact('TestToken'), [name, symbol, 18])
}

export async function mint(anvil: Anvil, token: Address, to: Address, amount: bigint): Promise<void> {
  await send(anvil, token, encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [to, amount] }))
}

async function addLiquidity(anvil: Anvil, positions: Address, abi: Abi, one: Address, other: Address): Promise<void> {
  const [token0, token1] = one < other ? [one, other] : [other, one]
  const create = [token0, token1, fee, oneToOne]
  await send(
    anvil,
    positions,
    encodeFunctionData({ abi, functionName: 'createAndInitializePoolIfNecessary', args: create }),
  )
  const edge = Math.floor(887_272 / spacing) * spacing
  const params = {
    token0,
    token1,
    fee,
    tickLower: -edge,
    tickUpper: edge,
    amount0Desired: 400n * 10n ** 18n,
    amount1Desired: 400n * 10n ** 18n,
    amount0Min: 0n,
    amount1Min: 0n,
    recipient: anvil.funded(0).address,
    deadline: 2n ** 40n,
  }
  await send(anvil, positions, encodeFunctionData({ abi, functionName: 'mint', args: [params] }))
}

/** Sends a transaction of the first funded account, which must succeed. */
export async function send(anvil: Anvil, to: Address, data: Hex, value = 0n): Promise<void> {
  // Not estimated: what a pool writes depends on the second in which it is asked.
  const hash = await anvil.wallet(0).sendTransaction({ to, data, value, gas: 5_000_000n })
  const { status } = await anvil.client().waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error(`a transaction to ${to} reverted`)
}

const wethAbi = [{ type: 'function', name: 'deposit', inputs: [], outputs: [], stateMutability: 'payable' }] as const
const tokenAbi = [
  {
    type: 'function',
    name: 'approve',
    inputs: [
      { name: 'spender', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
    outputs: [{ name: '', type: 'bool' }],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    name: 'mint',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
    outputs: [],
    stateMutability: 'nonpayable',
  },
] as const
