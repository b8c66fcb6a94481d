import type { Meter, Window } from '../../src/policy/Meter.js'
import type { Source } from './Source.js'
import { assetsOf, type World } from './World.js'

/** A window: a common period, any period, one that rolls, or the whole life. */
export const buildWindow = (source: Source, life: number): Window => {
  switch (source.below(4)) {
    case 0:
      return { kind: 'period', seconds: source.pick([86_400, 3600, 604_800, 300, 2 ** 32 - 1]) }
    case 1:
      return { kind: 'period', seconds: 300 + source.below(10_000_000) }
    case 2: {
      const eighth = source.pick([10_800, 450, 38, 75_600, 38 + source.below(1_000_000)])
      // A session's sub-windows are numbered with 30 bits.
      return { kind: 'rolling', seconds: 8 * Math.max(eighth, Math.ceil(life / 2 ** 30)) }
    }
    default:
      return { kind: 'total' }
  }
}

/** A meter of an asset, narrow, wide or rolling, or of calls, of a policy that lives for so many seconds. */
export const buildMeter = (source: Source, world: World, life: number): Meter => {
  const counts = source.pick(['ETH', 'calls', ...assetsOf(world)] as const)
  const window = buildWindow(source, life)
  const bits = source.pick(window.kind === 'rolling' ? [112, 97, 64] : [97, 97, 64, 226, 98])
  const limit = counts === 'calls' && !source.chance(10) ? BigInt(source.below(20)) : source.bits(bits)
  return { counts, limit, window }
}
