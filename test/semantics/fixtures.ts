import {
  type AbiParameter,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  parseAbi,
  toFunctionSelector,
} from 'viem'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Argument, Constant, Operand } from '../../src/policy/Operand.js'
import type { Call, OperationFees } from '../../src/policy/Operation.js'
import type { Place } from '../../src/policy/Place.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import type { State } from '../../src/policy/State.js'

/** Sunday 2026-11-22 13:00:00 UTC. */
export const start = 1_795_352_400
export const account: Address = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
export const key: Address = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
export const usdc: Address = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
export const weth: Address = '0x4200000000000000000000000000000000000006'
export const alice: Address = '0x1111111111111111111111111111111111111111'
export const bob: Address = '0x2222222222222222222222222222222222222222'
export const binding: Binding = {
  module: '0x7c2e6525256000000000000000000000000000aa',
  entityId: 1,
  tag: '0x000000000000',
}

export const accountAbi = parseAbi([
  'function execute(address target, uint256 value, bytes data)',
  'function executeBatch((address target, uint256 value, bytes data)[] calls)',
])

/** `execute` for one call, `executeBatch` otherwise. */
export function callDataOf(...calls: Call[]): Hex {
  const [only] = calls
  return only && calls.length === 1
    ? encodeFunctionData({ abi: accountAbi, functionName: 'execute', args: [only.to, only.value, only.data] })
    : encodeFunctionData({
        abi: accountAbi,
        functionName: 'executeBatch',
        args: [calls.map(({ to, value, data }) => ({ target: to, value, data }))],
      })
}

/** A call of a function whose parameters are given as viem wants them. */
export function callOf(to: Address, name: string, types: readonly AbiParameter[], values: readonly unknown[]): Call {
  const selector = toFunctionSelector(`${name}(${types.map(textOf).join()})`)
  return { to, value: 0n, data: `${selector}${encodeAbiParameters(types, values).slice(2)}` }
}

function textOf(parameter: AbiParameter): string {
  return 'components' in parameter && parameter.type.startsWith('tuple')
    ? `(${parameter.components.map(textOf).join()})${parameter.type.slice(5)}`
    : parameter.type
}

/** A call of `transfer(address,uint256)`. */
export function transfer(to: Address, amount: bigint, token: Address = usdc): Call {
  return callOf(token, 'transfer', [{ type: 'address' }, { type: 'uint256' }], [to, amount])
}

export const address = (value: Address): Operand => ({ kind: 'constant', constant: addressConstant(value) })
export const addressConstant = (value: Address): Constant => ({ kind: 'address', value })
export const number = (value: bigint): Operand => ({ kind: 'constant', constant: { kind: 'number', value } })
export const environment = (name: (Operand & { kind: 'environment' })['name']): Operand => ({
  kind: 'environment',
  name,
})

/** The argument at a top-level index. */
export const argument = (index: number, type: Argument['type'], ...rest: Argument['path']): Argument => ({
  kind: 'argument',
  path: [{ kind: 'component', index }, ...rest],
  type,
})

/** A comparison of two plain operands. */
export const compare = (
  left: Operand,
  operator: (Condition & { kind: 'compare' })['operator'],
  right: Operand,
): Condition => ({ kind: 'compare', operator, left: sum(left), right: sum(right) })

/** A sum of plain operands. */
export const sum = (...operands: Operand[]) =>
  operands.map((operand) => ({ negative: false, scales: [], factors: [operand] as const }))

export const uint256 = { kind: 'uint', bits: 256 } as const

/** `transfer` of USDC to Alice or Bob, charged to meter 1. */
export const transferRule: AllowRule = {
  effect: 'allow',
  target: usdc,
  action: {
    kind: 'call',
    name: 'transfer',
    inputs: [
      { name: 'to', type: { kind: 'address' } },
      { name: 'amount', type: uint256 },
    ],
  },
  where: [
    {
      kind: 'member',
      negated: false,
      operands: [argument(0, { kind: 'address' })],
      rows: [[addressConstant(alice)], [addressConstant(bob)]],
    },
  ],
  charges: [{ kind: 'meter', meter: 1, amount: sum(argument(1, uint256)), assetChecked: true }],
  unlimited: [],
}

/** 100 USDC a day to Alice or Bob for a week, fees 0.01 ETH a day. */
export const payroll: Policy = {
  chainId: 8453,
  account,
  key,
  from: start,
  until: start + 7 * 86_400,
  fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] },
  tokens: [{ symbol: 'USDC', address: usdc, decimals: 6 }],
  meters: [
    { counts: 'ETH', limit: 10n ** 16n, window: { kind: 'period', seconds: 86_400 } },
    { counts: usdc, limit: 100_000_000n, window: { kind: 'period', seconds: 86_400 } },
  ],
  rules: [transferRule],
}

/** An active session that has spent nothing. */
export function fresh(policy: Policy): State {
  return {
    status: 'active',
    meters: policy.meters.map(({ window }) => ({
      window: 0,
      spent: 0n,
      ...(window.kind === 'rolling' ? { past: Array.from({ length: 8 }, () => 0n) } : {}),
    })),
  }
}

/** Gas fields that cost nothing. */
export const freeGas: OperationFees = {
  callGasLimit: 0n,
  verificationGasLimit: 0n,
  preVerificationGas: 0n,
  maxFeePerGas: 0n,
  maxPriorityFeePerGas: 0n,
  paymasterAndData: '0x',
}

/** A place from the arguments, by components. */
export const argumentPlace = (...indexes: readonly number[]): Place => ({
  kind: 'argument',
  path: indexes.map((index) => ({ kind: 'component', index })),
})

/** `multiSend(bytes transactions)`. */
export const multiSend: FunctionAction = {
  kind: 'call',
  name: 'multiSend',
  inputs: [{ name: 'transactions', type: { kind: 'bytes' } }],
}

/** One record of a multisend: operation, target, value, length, data. */
export const recordOf = ({ to, value, data }: Call, operation = 0): string =>
  encodePacked(
    ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
    [operation, to, value, BigInt(data.length / 2 - 1), data],
  ).slice(2)

/** A multisend of the calls. */
export const multisendOf = (to: Address, ...calls: readonly Call[]): Call =>
  callOf(to, 'multiSend', [{ type: 'bytes' }], [`0x${calls.map((call) => recordOf(call)).join('')}`])
