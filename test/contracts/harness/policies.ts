import type { Binding } from '../../../src/policy/Binding.js'
import type { Condition } from '../../../src/policy/Condition.js'
import type { FunctionAction } from '../../../src/policy/Action.js'
import type { Argument, Constant } from '../../../src/policy/Operand.js'
import type { Policy } from '../../../src/policy/Policy.js'
import type { AllowRule } from '../../../src/policy/Rule.js'
import type { ValueType } from '../../../src/policy/AbiType.js'
import { ACCOUNT, ALICE, KEY, MODULE, USDC } from './actors.js'

export const FROM = 1_700_000_000
export const DAY = 86_400
export const UNTIL = FROM + 7 * DAY

export const binding: Binding = { module: MODULE, entityId: 1, tag: '0x000000000000' }

export const address: ValueType = { kind: 'address' }
export const uint256: ValueType = { kind: 'uint', bits: 256 }

export const transfer: FunctionAction = {
  kind: 'call',
  name: 'transfer',
  inputs: [
    { name: 'to', type: address },
    { name: 'amount', type: uint256 },
  ],
}

/** Argument number `index`. */
export const argument = (index: number, type: ValueType): Argument => ({
  kind: 'argument',
  path: [{ kind: 'component', index }],
  type,
})

export const is = (index: number, type: ValueType, constant: Constant): Condition => ({
  kind: 'compare',
  operator: '==',
  left: [{ negative: false, scales: [], factors: [argument(index, type)] }],
  right: [{ negative: false, scales: [], factors: [{ kind: 'constant', constant }] }],
})

/** `allow transfer on USDC where to == Alice budget 100 USDC/day` */
export const transferRule: AllowRule = {
  effect: 'allow',
  target: USDC,
  action: transfer,
  where: [is(0, address, { kind: 'address', value: ALICE })],
  charges: [
    {
      kind: 'meter',
      meter: 1,
      amount: [{ negative: false, scales: [], factors: [argument(1, uint256)] }],
      assetChecked: true,
    },
  ],
  unlimited: [],
}

/** `allow send on Alice budget 1 ETH/day` */
export const sendRule: AllowRule = {
  effect: 'allow',
  target: ALICE,
  action: { kind: 'send' },
  where: [],
  charges: [
    {
      kind: 'meter',
      meter: 1,
      amount: [{ negative: false, scales: [], factors: [{ kind: 'environment', name: 'call.value' }] }],
      assetChecked: true,
    },
  ],
  unlimited: [],
}

export const feeMeter = { counts: 'ETH', limit: 10n ** 16n, window: { kind: 'period', seconds: DAY } } as const

/** One rule, a fees budget of 0.01 ETH/day, a budget of 100 USDC/day. */
export const transferPolicy: Policy = {
  chainId: 8453,
  account: ACCOUNT,
  key: KEY,
  from: FROM,
  until: UNTIL,
  fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] },
  tokens: [{ symbol: 'USDC', address: USDC, decimals: 6 }],
  meters: [feeMeter, { counts: USDC, limit: 100_000_000n, window: { kind: 'period', seconds: DAY } }],
  rules: [transferRule],
}

/** One rule, a fees budget of 0.01 ETH/day, a budget of 1 ETH/day. */
export const sendPolicy: Policy = {
  ...transferPolicy,
  tokens: [],
  meters: [feeMeter, { counts: 'ETH', limit: 10n ** 18n, window: { kind: 'period', seconds: DAY } }],
  rules: [sendRule],
}
