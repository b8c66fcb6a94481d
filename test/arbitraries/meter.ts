import type { Meter, Window } from '../../src/policy/Meter.js'
import type { Source } from './Source.js'
import { assetsOf, type World } from './World.js'

/** A window: a common period, any period, or the whole life. */
export const buildWindow = (source: Source): Window => {
  switch (source.below(3)) {
    case 0:
      return { kind: 'period', seconds: source.pick([86_400, 3600, 604_800, 300, 2 ** 32 - 1]) }
    case 1:
      return { kind: 'period', seconds: 300 + source.below(10_000_000) }
    default:
      return { kind: 'total' }
  }
}

/** A meter of an asset, narrow or wide, or of calls. */
export const buildMeter = (source: Source, world: World): Meter => {
  const counts = source.pick(['ETH', 'calls', ...assetsOf(world)] as const)
  const limit =
    counts === 'calls' && !source.chance(10)
      ? BigInt(source.below(20))
      : source.bits(source.pick([97, 97, 64, 226, 98]))
  return { counts, limit, window: buildWindow(source) }
}
