import type { Address } from '../../src/policy/Hex.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Asset, Token } from '../../src/policy/Units.js'
import type { Readables } from './readables.js'

/** What the parts of one generated policy draw from. */
export type World = {
  readonly tokens: readonly Token[]
  readonly account: Address
  readonly key: Address
  /** Whatever the bytes can hold, also what no writ says. */
  readonly wide?: boolean
}

/** What a condition of one rule may speak of. */
export type Scope = World & {
  /** Values that may be read: of arguments, elements and the environment. */
  readonly operands: readonly Operand[]
  /** Byte strings and lists. */
  readonly reach: Readables
  /** `now` may be bounded: in an allow rule. */
  readonly now: boolean
}

/** The coin and every token. */
export const assetsOf = ({ tokens }: World): readonly Asset[] => ['ETH', ...tokens.map(({ address }) => address)]

/** Decimals that a price counts with; undefined where a price has no meaning. */
export const decimalsOf = ({ tokens }: World, asset: Asset): number | undefined => {
  if (asset === 'ETH') return 18
  const decimals = tokens.find(({ address }) => address === asset)?.decimals
  return decimals === 'base units' ? undefined : decimals
}
