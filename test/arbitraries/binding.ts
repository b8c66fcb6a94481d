import type * as fc from 'fast-check'
import type { Binding } from '../../src/policy/Binding.js'
import { hexOf } from './address.js'
import { arbitrary, SIZE, type Source } from './Source.js'

/** A module that is no target of any generated rule, any entity, and mostly the tag of an account that never killed anything. */
export const buildBinding = (source: Source): Binding => ({
  module: hexOf((0xc0den << 144n) | source.random(128), 20),
  entityId: source.pick([1, 0, 2, 77, 2 ** 32 - 1]),
  tag: source.chance(30) ? hexOf(source.random(48), 6) : '0x000000000000',
})

/** Bindings. */
export const bindings = (): fc.Arbitrary<Binding> => arbitrary(SIZE.small, buildBinding)
