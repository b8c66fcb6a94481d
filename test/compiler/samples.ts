import type { AbiType, Parameter, ValueType } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Collection } from '../../src/policy/Collection.js'
import type { Condition, Sum } from '../../src/policy/Condition.js'
import type { Argument, Constant, Element, Operand } from '../../src/policy/Operand.js'
import type { PathStep, Place } from '../../src/policy/Place.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import type { Token } from '../../src/policy/Units.js'

export const USDC: Token = { symbol: 'USDC', address: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913', decimals: 6 }
export const WETH: Token = { symbol: 'WETH', address: '0x4200000000000000000000000000000000000006', decimals: 18 }

export const BINDING: Binding = {
  module: '0xc0dec0dec0dec0dec0dec0dec0dec0dec0dec0de',
  entityId: 1,
  tag: '0x000000000000',
}

export const uint256: ValueType = { kind: 'uint', bits: 256 }
export const address: ValueType = { kind: 'address' }

export const component = (index: number): PathStep => ({ kind: 'component', index })
export const element = (index: number): PathStep => ({ kind: 'element', index })
export const argument = (type: ValueType, ...path: readonly PathStep[]): Argument => ({ kind: 'argument', path, type })
export const constant = (value: Constant): Operand => ({ kind: 'constant', constant: value })
export const number = (value: bigint): Operand => constant({ kind: 'number', value })
export const one = (operand: Operand): Sum => [{ negative: false, scales: [], factors: [operand] }]

export const TRANSFER: FunctionAction = {
  kind: 'call',
  name: 'transfer',
  inputs: [
    { name: 'to', type: address },
    { name: 'amount', type: uint256 },
  ],
}

/** `allow transfer on USDC`, with nothing said but what is given. */
export const allow = (rest: Partial<AllowRule> = {}): AllowRule => ({
  effect: 'allow',
  target: USDC.address,
  action: TRANSFER,
  where: [],
  charges: [],
  unlimited: [],
  ...rest,
})

/** A policy of one rule, with nothing said but what is given. */
export const policyOf = (rest: Partial<Policy> = {}): Policy => ({
  chainId: 8453,
  account: '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c',
  key: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  from: 1_800_000_000,
  until: 1_800_604_800,
  fees: { paidBy: { kind: 'unlimited' }, where: [] },
  tokens: [USDC],
  meters: [],
  rules: [allow()],
  ...rest,
})

/** `(T name)` as a parameter. */
export const named = (name: string, type: AbiType): Parameter => ({ name, type })
/** `T[]` or `T[length]`. */
export const list = (of: AbiType, length?: number): AbiType => ({
  kind: 'array',
  element: of,
  ...(length === undefined ? {} : { length }),
})
export const bytes4: ValueType = { kind: 'fixedBytes', size: 4 }

/**
 * A function with lists, byte strings and static arrays. Heads: 0 ids, 1 path, 2 note, 3 to 8 the static pairs, 9 rows, 10 plan, 11 flags.
 */
export const WIDE: FunctionAction = {
  kind: 'call',
  name: 'wide',
  inputs: [
    named('ids', list(uint256)),
    named('path', { kind: 'bytes' }),
    named('note', { kind: 'string' }),
    named('pairs', list(list(uint256, 2), 3)),
    named('rows', list({ kind: 'tuple', components: [named('to', address), named('kind', bytes4)] })),
    named('plan', {
      kind: 'tuple',
      components: [named('hops', list(list(uint256), 2)), named('fees', list(uint256, 4))],
    }),
    named('flags', uint256),
  ],
}

/** A place reached from the arguments. */
export const at = (...path: readonly PathStep[]): Place => ({ kind: 'argument', path })
/** A word of the innermost element. */
export const inner = (type: ValueType, ...path: readonly PathStep[]): Element => ({
  kind: 'element',
  depth: 0,
  path,
  type,
})
export const array = (place: Place): Extract<Collection, { kind: 'array' }> => ({ kind: 'array', place })
export const equal = (left: Operand, right: Operand): Condition => ({
  kind: 'compare',
  operator: '==',
  left: one(left),
  right: one(right),
})
export const every = (over: Collection, ...body: readonly Condition[]): Condition => ({ kind: 'every', over, body })
export const any = (over: Collection, ...body: readonly Condition[]): Condition => ({ kind: 'any', over, body })
