import { type AbiParameter, concatHex, encodeAbiParameters, encodePacked, size } from 'viem'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Place } from '../../src/policy/Place.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import {
  alice,
  address,
  argument,
  callOf,
  compare,
  payroll,
  sum,
  transferRule,
  uint256,
} from '../semantics/fixtures.js'

// A router that carries calls in every form, for the tests of what the evaluator says to them.

export const router: Address = '0x2626664c2603336e57b271c5c0b26f421741e481'

const bytes: AbiParameter = { type: 'bytes' }
const list: AbiParameter = { type: 'bytes[]' }
const bytesType = { kind: 'bytes' } as const
const listType = { kind: 'array', element: bytesType } as const
const at = (index: number): Place => ({ kind: 'argument', path: [{ kind: 'component', index }] })

const multicall: FunctionAction = { kind: 'call', name: 'multicall', inputs: [{ name: 'data', type: listType }] }
const multiSend: FunctionAction = {
  kind: 'call',
  name: 'multiSend',
  inputs: [{ name: 'transactions', type: bytesType }],
}
const execute: FunctionAction = {
  kind: 'call',
  name: 'execute',
  inputs: [
    { name: 'commands', type: bytesType },
    { name: 'inputs', type: listType },
  ],
}

/** A rule of the router that carries the calls of this block. */
export const carrier = (nested: Nested, more: Partial<AllowRule> = {}): AllowRule => ({
  effect: 'allow',
  target: router,
  action: { calls: multicall, multisend: multiSend, commands: execute }[nested.form],
  where: [],
  charges: [],
  unlimited: [],
  nested: [nested],
  ...more,
})

/** `pay(address to, uint256 amount)` of the router, to Alice, charged to meter 1. */
export const pay: AllowRule = {
  ...transferRule,
  target: router,
  action: { kind: 'call', name: 'pay', inputs: transferRule.action.kind === 'call' ? transferRule.action.inputs : [] },
  where: [compare(argument(0, { kind: 'address' }), '==', address(alice))],
  charges: [{ kind: 'meter', meter: 1, amount: sum(argument(1, uint256)), assetChecked: false }],
}

/** The same as the router's command 8. */
export const command: AllowRule = {
  ...pay,
  action: { kind: 'command', command: 8, inputs: pay.action.kind === 'call' ? pay.action.inputs : [] },
}

export const calls = (...rules: Nested['rules']): Nested => ({ form: 'calls', list: at(0), rules })
export const multisend = (...rules: Nested['rules']): Nested => ({ form: 'multisend', list: { place: at(0) }, rules })
export const commands = (...rules: Nested['rules']): Nested => ({
  form: 'commands',
  list: { place: at(0) },
  inputs: at(1),
  rules,
})

export const policyOf = (...rules: Policy['rules']): Policy => ({ ...payroll, rules })

/** Calldata of `pay`. */
export const paying = (to: Address, amount: bigint): Hex =>
  callOf(router, 'pay', [{ type: 'address' }, { type: 'uint256' }], [to, amount]).data

/** Its arguments alone, as a command has them. */
export const payingInput = (to: Address, amount: bigint): Hex =>
  encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [to, amount])

export const carryCalls = (...data: readonly Hex[]): Call => callOf(router, 'multicall', [list], [data])
export const carryCommands = (codes: Hex, ...inputs: readonly Hex[]): Call =>
  callOf(router, 'execute', [bytes, list], [codes, inputs])

/** A record of a multisend. */
export const record = ({ to, value, data }: Call, operation = 0): Hex =>
  encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [operation, to, value, BigInt(size(data)), data])
export const carryRecords = (...records: readonly Hex[]): Call =>
  callOf(router, 'multiSend', [bytes], [concatHex(['0x', ...records])])
