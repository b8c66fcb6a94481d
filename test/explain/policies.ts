import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule } from '../../src/policy/Rule.js'
import {
  account,
  addressConstant,
  alice,
  argument,
  bob,
  compare,
  environment,
  number,
  payroll,
  start,
  sum,
  transferRule,
  uint256,
  usdc,
  weth,
} from '../semantics/fixtures.js'

const router = '0x2626664c2603336e57b271c5c0b26f421741e481'
const day = { kind: 'period', seconds: 86_400 } as const
const params = [
  'address tokenIn',
  'address tokenOut',
  'uint24 fee',
  'address recipient',
  'uint256 amountIn',
  'uint256 amountOutMinimum',
].map((text) => {
  const [type = '', name = ''] = text.split(' ')
  const bits = type === 'uint24' ? 24 : 256
  return { name, type: type === 'address' ? ({ kind: 'address' } as const) : ({ kind: 'uint', bits } as const) }
})
const param = (index: number) => argument(0, params[index]?.type ?? uint256, { kind: 'component', index })
const address = { kind: 'address' } as const

const swap: AllowRule = {
  effect: 'allow',
  target: router,
  action: {
    kind: 'call',
    name: 'exactInputSingle',
    inputs: [{ name: 'params', type: { kind: 'tuple', components: params } }],
  },
  where: [
    compare(param(3), '==', environment('session.account')),
    compare(param(0), '==', { kind: 'constant', constant: addressConstant(usdc) }),
    compare(param(1), '==', { kind: 'constant', constant: addressConstant(weth) }),
    {
      kind: 'compare',
      operator: '>=',
      left: sum(param(5)),
      right: [
        {
          negative: false,
          scales: [
            { kind: 'at', price: { digits: 30005n, decimals: 1 }, quote: usdc, base: weth },
            { kind: 'percent', percent: { digits: 985n, decimals: 1 } },
          ],
          factors: [param(4)],
        },
      ],
    },
  ],
  charges: [
    { kind: 'meter', meter: 1, amount: sum(param(4)), assetChecked: true },
    { kind: 'meter', meter: 2, amount: sum(number(1n)), assetChecked: true },
  ],
  unlimited: [],
  hours: { start: 540, end: 1020, weekdays: 31 },
}

const approve: AllowRule = {
  effect: 'allow',
  target: usdc,
  action: {
    kind: 'call',
    name: 'approve',
    inputs: [
      { name: 'spender', type: address },
      { name: 'amount', type: uint256 },
    ],
  },
  where: [compare(argument(0, address), '==', { kind: 'constant', constant: addressConstant(router) })],
  charges: [
    { kind: 'per call', asset: usdc, limit: 500_000_000n, amount: sum(argument(1, uint256)), assetChecked: true },
  ],
  unlimited: [],
}

const denyBob: DenyRule = {
  effect: 'deny',
  target: usdc,
  action: transferRule.action,
  where: [compare(argument(0, address), '==', { kind: 'constant', constant: addressConstant(bob) })],
  from: start + 86_400,
  hours: { start: 0, end: 1440, weekdays: 96 },
}

/** A swapper that may approve its router, with a shared budget, hours, and a deny rule. */
export const swapper: Policy = {
  ...payroll,
  tokens: [...payroll.tokens, { symbol: 'WETH', address: weth, decimals: 18 }],
  meters: [
    { counts: 'ETH', limit: 10n ** 16n, window: day },
    { counts: usdc, limit: 500_000_000n, window: day },
    { counts: 'calls', limit: 20n, window: { kind: 'period', seconds: 3_600 } },
  ],
  rules: [swap, approve, transferRule, denyBob],
}

/** Everything that is unlimited or has no budget, and words that are rarely used. */
export const careless: Policy = {
  ...payroll,
  chainId: 424_242,
  fees: { paidBy: { kind: 'unlimited' }, where: [] },
  tokens: [{ symbol: 'ODD', address: usdc, decimals: 'base units' }],
  meters: [],
  rules: [
    { ...transferRule, where: [], charges: [], unlimited: [usdc] },
    {
      effect: 'allow',
      target: alice,
      action: {
        kind: 'call',
        name: 'vote',
        inputs: [
          { name: '', type: uint256 },
          { name: 'choices', type: { kind: 'array', element: { kind: 'int', bits: 8 } } },
        ],
      },
      where: [
        {
          kind: 'or',
          any: [
            {
              kind: 'and',
              all: [
                compare(argument(0, uint256), '<', number(5n)),
                compare(argument(1, { kind: 'int', bits: 8 }, { kind: 'last' }), '!=', number(-1n)),
              ],
            },
            { kind: 'false' },
          ],
        },
        {
          kind: 'member',
          negated: true,
          operands: [argument(0, uint256), argument(1, { kind: 'int', bits: 8 }, { kind: 'element', index: 2 })],
          rows: [
            [
              { kind: 'number', value: 2n ** 256n - 1n },
              { kind: 'number', value: -3n },
            ],
            [
              { kind: 'number', value: 7n },
              { kind: 'number', value: 0n },
            ],
          ],
        },
        { kind: 'now', bound: 'at most', operand: argument(0, uint256), seconds: 1_200 },
      ],
      charges: [],
      unlimited: [],
      from: start + 60,
      until: start + 600,
    },
    {
      effect: 'allow',
      target: bob,
      action: { kind: 'send' },
      where: [
        compare(environment('call.value'), '<=', {
          kind: 'constant',
          constant: { kind: 'amount', asset: 'ETH', value: 5n * 10n ** 17n },
        }),
      ],
      charges: [],
      unlimited: ['ETH'],
    },
    { effect: 'deny', target: bob, action: { kind: 'any' }, where: [] },
  ],
}

/** Ether for one person, out of the budget that pays for gas too, or a sponsor pays. */
export const pocketMoney: Policy = {
  ...payroll,
  fees: {
    paidBy: { kind: 'budget or sponsored', meter: 0, by: '0x00000000000000000000000000000000000face0' },
    where: [
      compare(environment('op.maxFeePerGas'), '<=', {
        kind: 'constant',
        constant: { kind: 'amount', asset: 'ETH', value: 50n * 10n ** 9n },
      }),
    ],
  },
  tokens: [],
  meters: [
    { counts: 'ETH', limit: 10n ** 18n, window: { kind: 'total' } },
    { counts: 'calls', limit: 1n, window: day },
  ],
  rules: [
    {
      effect: 'allow',
      target: alice,
      action: { kind: 'send' },
      where: [],
      charges: [
        {
          kind: 'per call',
          asset: 'ETH',
          limit: 10n ** 17n,
          amount: sum(environment('call.value')),
          assetChecked: true,
        },
        { kind: 'meter', meter: 0, amount: sum(environment('call.value')), assetChecked: true },
        { kind: 'meter', meter: 1, amount: sum(number(1n)), assetChecked: true },
      ],
      unlimited: [],
    },
    {
      effect: 'allow',
      target: router,
      action: { kind: 'call', name: 'pay', inputs: [{ name: 'amount', type: uint256 }] },
      where: [],
      charges: [
        { kind: 'per call', asset: account, limit: 5n, amount: sum(argument(0, uint256)), assetChecked: false },
        { kind: 'meter', meter: 1, amount: sum(number(1n)), assetChecked: true },
      ],
      unlimited: [],
    },
  ],
}

const bytes = { kind: 'bytes' } as const
const place = (...indexes: readonly number[]) =>
  ({ kind: 'argument', path: indexes.map((index) => ({ kind: 'component', index }) as const) }) as const

/** Lists, parts of byte strings, bits, sums, and a budget that rolls. */
export const particular: Policy = {
  ...payroll,
  meters: [
    { counts: 'ETH', limit: 10n ** 16n, window: day },
    { counts: usdc, limit: 100_000_000n, window: { kind: 'rolling', seconds: 86_400 } },
  ],
  rules: [
    {
      effect: 'allow',
      target: usdc,
      action: {
        kind: 'call',
        name: 'payMany',
        inputs: [
          {
            name: 'payments',
            type: {
              kind: 'array',
              element: {
                kind: 'tuple',
                components: [
                  { name: 'to', type: address },
                  { name: 'amount', type: uint256 },
                ],
              },
            },
          },
          { name: 'path', type: bytes },
          { name: 'memo', type: { kind: 'string' } },
          { name: 'flags', type: uint256 },
        ],
      },
      where: [
        {
          kind: 'every',
          over: { kind: 'array', place: place(0) },
          body: [
            compare(
              { kind: 'element', depth: 0, path: [{ kind: 'component', index: 0 }], type: address },
              '!=',
              environment('session.account'),
            ),
            {
              kind: 'any',
              over: { kind: 'packed', bytes: { place: place(1) }, size: 20, gap: 3 },
              body: [
                compare({ kind: 'packed element', depth: 0, size: 20 }, '==', {
                  kind: 'element',
                  depth: 1,
                  path: [{ kind: 'component', index: 0 }],
                  type: address,
                }),
              ],
            },
          ],
        },
        compare({ kind: 'length', of: { kind: 'array', place: place(0) } }, '<=', number(5n)),
        compare({ kind: 'slice', bytes: { place: place(1), slice: { start: -20 } } }, '==', {
          kind: 'constant',
          constant: addressConstant(alice),
        }),
        compare(
          { kind: 'length', of: { kind: 'bytes', bytes: { place: place(1), slice: { start: 20 } } } },
          '>',
          number(0n),
        ),
        { kind: 'bytes', operator: 'starts with', left: { place: place(2) }, right: '0x72656e743a20' },
        { kind: 'bytes', operator: '!=', left: { place: place(1), slice: { start: 0, end: -20 } }, right: '0x00ff' },
        compare({ kind: 'masked', operand: argument(3, uint256), mask: 0xf0n }, '==', number(0x10n)),
      ],
      charges: [
        {
          kind: 'meter',
          meter: 1,
          amount: sum({
            kind: 'total',
            over: { kind: 'array', place: place(0) },
            path: [{ kind: 'component', index: 1 }],
            type: uint256,
          }),
          assetChecked: true,
        },
      ],
      unlimited: [],
    },
  ],
}

/** Calls in calls: a multisend of transfers and of a router's commands. */
export const carrier: Policy = {
  ...payroll,
  rules: [
    {
      effect: 'allow',
      target: bob,
      action: { kind: 'call', name: 'multiSend', inputs: [{ name: 'transactions', type: bytes }] },
      where: [compare({ kind: 'length', of: { kind: 'multisend', bytes: { place: place(0) } } }, '>=', number(1n))],
      charges: [],
      unlimited: [],
      nested: [
        {
          form: 'multisend',
          list: { place: place(0) },
          rules: [
            transferRule,
            { ...approve, hours: { start: 540, end: 1020, weekdays: 31 } },
            {
              effect: 'allow',
              target: router,
              action: {
                kind: 'call',
                name: 'execute',
                inputs: [
                  { name: 'commands', type: bytes },
                  { name: 'inputs', type: { kind: 'array', element: bytes } },
                ],
              },
              where: [],
              charges: [],
              unlimited: [],
              nested: [
                {
                  form: 'commands',
                  list: { place: place(0) },
                  inputs: place(1),
                  rules: [
                    {
                      effect: 'allow',
                      target: router,
                      action: { kind: 'command', command: 8, inputs: [{ name: 'recipient', type: address }] },
                      where: [compare(argument(0, address), '==', environment('session.account'))],
                      charges: [
                        { kind: 'per call', asset: usdc, limit: 5n, amount: sum(number(1n)), assetChecked: false },
                      ],
                      unlimited: [],
                    },
                  ],
                },
              ],
            },
            { ...denyBob, hours: { start: 0, end: 1440, weekdays: 96 } },
          ],
        },
      ],
    },
    {
      effect: 'allow',
      target: usdc,
      action: { kind: 'call', name: 'multicall', inputs: [{ name: 'data', type: { kind: 'array', element: bytes } }] },
      where: [],
      charges: [],
      unlimited: [],
      nested: [{ form: 'calls', list: place(0), rules: [transferRule] }],
    },
  ],
}
