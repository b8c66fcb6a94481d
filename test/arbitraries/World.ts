import type { Address } from '../../src/policy/Hex.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Asset, Token } from '../../src/policy/Units.js'

/** What the parts of one generated policy draw from. */
export type World = {
  readonly tokens: readonly Token[]
  readonly account: Address
  readonly key: Address
}

/** What a condition of one rule may speak of. */
export type Scope = World & {
  /** Words that may be read: arguments and the environment. */
  readonly operands: readonly Operand[]
  /** `now` may be spoken of: in an allow rule. */
  readonly now: boolean
}

/** The coin and every token. */
export const assetsOf = ({ tokens }: World): readonly Asset[] => ['ETH', ...tokens.map(({ address }) => address)]
