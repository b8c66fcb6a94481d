import type { Policy } from '../policy/Policy.js'
import type { Asset } from '../policy/Units.js'
import { type Callable, type FunctionShape, isCallable, keyOfFunction, shapeOf } from './FunctionShape.js'
import { ASSET } from './layout.js'
import { rulesWithin } from './rulesWithin.js'

/** The tables of a grant, by which its parts refer to tokens and functions. */
export class Tables {
  readonly #codes = new Map<Asset | 'calls', number>([
    ['ETH', ASSET.eth],
    ['calls', ASSET.calls],
  ])
  readonly #decimals = new Map<Asset, number>([['ETH', 18]])
  readonly #byAction = new Map<Callable, { readonly index: number; readonly shape: FunctionShape }>()
  readonly #byKey = new Map<string, { readonly index: number; readonly shape: FunctionShape }>()

  constructor(policy: Policy) {
    for (const [index, { address, decimals }] of policy.tokens.entries()) {
      this.#codes.set(address, index)
      this.#decimals.set(address, decimals === 'base units' ? 0 : decimals)
    }
    for (const { action } of rulesWithin(policy.rules)) if (isCallable(action)) this.functionOf(action)
  }

  /** The asset byte. */
  assetCode(asset: Asset | 'calls'): number {
    const code = this.#codes.get(asset)
    if (code === undefined)
      throw new RangeError(`${asset} is none of the policy's tokens: the policy cannot be encoded`)
    return code
  }

  /** Decimals that a price counts with: 0 where the token's amounts are base units. */
  decimalsOf(asset: Asset): number {
    return this.#decimals.get(asset) ?? 0
  }

  /** Index and shape of a function or a command, which is known by its signature and the names of its parameters. */
  functionOf(action: Callable): { readonly index: number; readonly shape: FunctionShape } {
    const known = this.#byAction.get(action)
    if (known !== undefined) return known
    const key = keyOfFunction(action)
    const entry = this.#byKey.get(key) ?? { index: this.#byKey.size, shape: shapeOf(action) }
    this.#byKey.set(key, entry)
    this.#byAction.set(action, entry)
    return entry
  }

  /** All functions, by first use. */
  functions(): readonly FunctionShape[] {
    return [...this.#byKey.values()].map(({ shape }) => shape)
  }
}
