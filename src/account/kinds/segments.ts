import { concat, numberToHex, size } from 'viem'
import type { Hex } from '../../policy/Hex.js'
import type { HookSegment } from '../AccountKind.js'

/** The index that says: what follows is for the validation itself, to the end. */
const VALIDATION = 0xff

/**
 * `[index1 ‖ length4 ‖ data]* ‖ FF ‖ checked`: what each hook on a validation is given, by rising index, and then what the validation checks
 * (SparseCalldataSegmentLib of the reference implementation, which Modular Account v2 and Circle's account share). Accounts reject an empty
 * segment and give an absent hook empty data, so one with no data is left out. Throws RangeError where two are for one hook, or an index is none.
 */
export function segmented(checked: Hex, hooks: readonly HookSegment[] = []): Hex {
  const ordered = [...hooks].sort((a, b) => a.index - b.index)
  for (const [at, { index }] of ordered.entries()) {
    if (!Number.isInteger(index) || index < 0 || index >= VALIDATION) throw new RangeError(`no hook has index ${index}`)
    if (ordered[at + 1]?.index === index) throw new RangeError(`two segments are for the hook with index ${index}`)
  }
  const segments = ordered
    .filter(({ data }) => size(data) > 0)
    .map(({ index, data }) => concat([numberToHex(index, { size: 1 }), numberToHex(size(data), { size: 4 }), data]))
  return concat([...segments, numberToHex(VALIDATION, { size: 1 }), checked])
}
