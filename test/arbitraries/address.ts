import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Source } from './Source.js'

/** An integer as so many bytes of hex. */
export const hexOf = (value: bigint, size: number): Hex => `0x${value.toString(16).padStart(2 * size, '0')}`

const KNOWN: readonly Address[] = [
  '0x1111111111111111111111111111111111111111',
  '0x2222222222222222222222222222222222222222',
  '0x2626664c2603336e57b271c5c0b26f421741e481',
  '0x00000000000000000000000000000000000000a1',
]

/** An address: often one of a few, so that parts of a policy meet. Never one of the forbidden targets. */
export const buildAddress = (source: Source): Address => {
  const known = source.below(KNOWN.length + 1)
  return KNOWN[known] ?? hexOf(source.random(160) | (1n << 159n), 20)
}
