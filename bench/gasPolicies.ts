import {
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  pad,
  parseAbi,
  parseAbiParameters,
  size,
} from 'viem'
import { checkWrit } from '../src/actions/checkWrit.js'
import type { Address } from '../src/policy/Hex.js'
import type { Call } from '../src/policy/Operation.js'
import type { Policy } from '../src/policy/Policy.js'

export const usdc: Address = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
export const weth: Address = '0x4200000000000000000000000000000000000006'
export const router: Address = '0x2626664c2603336e57b271c5c0b26f421741e481'
export const account: Address = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'

/** Somebody to be paid. */
export function person(index: number): Address {
  return `0xa11ce${String(index).padStart(35, '0')}`
}
const alice = person(0)
/** Where nothing stands: what is measured is what it costs to allow the call. */
const carrier: Address = '0x66a9893cc07d91d95644aedd05d03f95e1dba8af'

const header = `writ 1
account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
chain base
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00
ttl 7d
fees 0.01 ETH/day
token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6
token WETH = 0x4200000000000000000000000000000000000006 decimals 18
`

/** `fees`, expiry and a daily budget: what is compared with other session keys. */
export const ether = policyOf(`allow send on ${alice} budget 1 ETH/day`)
export const erc20 = policyOf(`allow transfer on USDC where to == ${alice} budget 1000 USDC/day`)
export const swap = policyOf(`budget trading = 5000 USDC/day
allow exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params)
  on ${router}
  where params.recipient == account and params.tokenIn == USDC and params.tokenOut == WETH
  budget trading counting params.amountIn
allow transfer on USDC where to == ${alice} budget trading`)

/** What the rest of the language costs: a rolling budget, a list, calls in an argument. */
export const rolling = policyOf(`allow transfer on USDC where to == ${alice} budget 1000 USDC/day rolling`)
export const claims = policyOf(`allow batchClaim(address[] tokens) on ${carrier}
  where every t in tokens (t in [USDC, WETH]) limit 100 calls/day`)
export const routed = policyOf(`budget swaps = 5000 USDC/day
allow execute(bytes commands, bytes[] inputs, uint256 deadline) on ${carrier}
  where deadline <= now + 30m
  each command in commands(commands, inputs) {
    allow 0x00(address recipient, uint256 amountIn, uint256 amountOutMin, bytes path, bool payerIsUser)
      where recipient == account and path[0:20] == USDC and every t in slices(path, 20, 3) (t in [USDC, WETH])
      budget swaps counting amountIn
  }`)
export const multisend = policyOf(`allow multiSend(bytes transactions) on ${carrier}
  each call in multisend(transactions) { allow transfer on USDC where to == ${alice} budget 1000 USDC/day }`)

/** The ERC-20 policy with as many rules, each for a person of its own, all on one budget. */
export function manyRules(count: number): Policy {
  const [rule] = erc20.rules
  if (rule?.effect !== 'allow') throw new Error('the policy has one rule, which allows')
  const [condition] = rule.where
  if (condition?.kind !== 'compare') throw new Error('the rule has one condition, a comparison')
  const rules = Array.from({ length: count }, (_, index) => {
    const constant = { kind: 'address', value: person(index) } as const
    const right = [{ negative: false, scales: [], factors: [{ kind: 'constant', constant }] }] as const
    return { ...rule, where: [{ ...condition, right }] }
  })
  return { ...erc20, rules }
}

const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'struct Params { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
  'function exactInputSingle(Params params)',
  'function batchClaim(address[] tokens)',
  'function execute(bytes commands, bytes[] inputs, uint256 deadline)',
  'function multiSend(bytes transactions)',
])

export const send: Call = { to: alice, value: 1_000_000_000_000n, data: '0x' }

export function transfer(index = 0): Call {
  const data = encodeFunctionData({ abi, functionName: 'transfer', args: [person(index), 1_000_000n] })
  return { to: usdc, value: 0n, data }
}

export const approval: Call = {
  to: usdc,
  value: 0n,
  data: encodeFunctionData({ abi, functionName: 'approve', args: [router, 2n ** 256n - 1n] }),
}

export const swapCall: Call = {
  to: router,
  value: 0n,
  data: encodeFunctionData({
    abi,
    functionName: 'exactInputSingle',
    args: [
      {
        tokenIn: usdc,
        tokenOut: weth,
        fee: 500,
        recipient: account,
        amountIn: 5_000_000n,
        amountOutMinimum: 1_500_000_000_000_000n,
        sqrtPriceLimitX96: 0n,
      },
    ],
  }),
}

/** A claim of as many tokens. */
export function claim(count: number): Call {
  const tokens = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? usdc : weth))
  return { to: carrier, value: 0n, data: encodeFunctionData({ abi, functionName: 'batchClaim', args: [tokens] }) }
}

/** As many swaps of USDC to WETH by the Universal Router, each one command. */
export function commands(count: number): Call {
  const path = concat([usdc, '0x0001f4', weth])
  const types = parseAbiParameters('address, uint256, uint256, bytes, bool')
  const input = encodeAbiParameters(types, [account, 1_000_000n, 300_000_000_000_000n, path, true])
  const inputs = Array.from({ length: count }, () => input)
  const args = [pad('0x', { size: count }), inputs, 1_795_352_400n] as const
  return { to: carrier, value: 0n, data: encodeFunctionData({ abi, functionName: 'execute', args }) }
}

/** As many transfers of USDC in one multisend. */
export function records(count: number): Call {
  const { to, data } = transfer()
  const record = encodePacked(
    ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
    [0, to, 0n, BigInt(size(data)), data],
  )
  const args = [concat(Array.from({ length: count }, () => record))] as const
  return { to: carrier, value: 0n, data: encodeFunctionData({ abi, functionName: 'multiSend', args }) }
}

function policyOf(rules: string): Policy {
  const { policy, open, diagnostics } = checkWrit(header + rules, { file: 'bench.writ' })
  if (!policy || open.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return policy
}
