import type { ByteRange } from '../policy/Place.js'

/** Bytes between the ends of a range, where the range alone tells: its ends are counted from one side. It may be no width at all (0 or less). */
export const sliceWidth = ({ start, end }: ByteRange): number | undefined => {
  if (end === undefined) return start < 0 ? -start : undefined
  return start < 0 === end < 0 ? end - start : undefined
}
