import { encodeFunctionData, parseAbi } from 'viem'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { Call } from '../../../src/policy/Operation.js'

const abi = parseAbi([
  'function execute(address target, uint256 value, bytes data)',
  'function executeBatch((address target, uint256 value, bytes data)[] calls)',
  'function transfer(address to, uint256 amount)',
])

export const execute = ({ to, value, data }: Call): Hex =>
  encodeFunctionData({ abi, functionName: 'execute', args: [to, value, data] })

export const executeBatch = (calls: readonly Call[]): Hex =>
  encodeFunctionData({
    abi,
    functionName: 'executeBatch',
    args: [calls.map(({ to, value, data }) => ({ target: to, value, data }))],
  })

export const transferOf = (token: Address, to: Address, amount: bigint): Call => ({
  to: token,
  value: 0n,
  data: encodeFunctionData({ abi, functionName: 'transfer', args: [to, amount] }),
})

export const sendOf = (to: Address, value: bigint): Call => ({ to, value, data: '0x' })
