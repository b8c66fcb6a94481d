import type { Parameter } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Argument } from '../../src/policy/Operand.js'

const address = (name: string): Parameter => ({ name, type: { kind: 'address' } })
const uint = (name: string, bits = 256): Parameter => ({ name, type: { kind: 'uint', bits } })
const argument = (type: Argument['type'], ...path: readonly number[]): Argument => ({
  kind: 'argument',
  path: path.map((index) => ({ kind: 'component', index })),
  type,
})
const word = { kind: 'uint', bits: 256 } as const

/** A function of which the language knows what it spends. */
export type Mover = {
  readonly action: FunctionAction
  readonly amount: Argument
  /** The argument that names the token; without it the target is the token. */
  readonly token?: Argument
  /** The argument that a condition has to fix. */
  readonly spender?: Argument
}

/** Functions that move tokens, as real contracts have them. */
export const MOVERS: readonly Mover[] = [
  {
    action: { kind: 'call', name: 'transfer', inputs: [address('to'), uint('amount')] },
    amount: argument(word, 1),
  },
  {
    action: { kind: 'call', name: 'approve', inputs: [address('spender'), uint('amount')] },
    amount: argument(word, 1),
    spender: argument({ kind: 'address' }, 0),
  },
  {
    action: { kind: 'call', name: 'transferFrom', inputs: [address('from'), address('to'), uint('value')] },
    amount: argument(word, 2),
  },
  {
    action: {
      kind: 'call',
      name: 'exactInputSingle',
      inputs: [
        {
          name: 'params',
          type: {
            kind: 'tuple',
            components: [
              address('tokenIn'),
              address('tokenOut'),
              uint('fee', 24),
              address('recipient'),
              uint('amountIn'),
              uint('amountOutMinimum'),
              uint('sqrtPriceLimitX96', 160),
            ],
          },
        },
      ],
    },
    amount: argument(word, 0, 4),
    token: argument({ kind: 'address' }, 0, 0),
  },
]
