import type { ByteRange } from '../policy/Place.js'
import type { Frame } from './Frame.js'
import { smallAt } from './hex.js'
import { type Place, placeOf } from './Place.js'

/** A `bytes` or `string` of the calldata, or a part of it. */
export type Bytes = { readonly place: Place; readonly range: ByteRange | undefined }

/** Digits `[from, until)` of the text. */
export type Span = { readonly from: number; readonly until: number }

/** Where the bytes stand; undefined is a fault: they cannot be reached, or the part is not inside. */
export const spanOf = ({ place, range }: Bytes, frame: Frame): Span | undefined => {
  const at = placeOf(place, frame)
  if (at < 0) return undefined
  const length = smallAt(frame.text, at)
  const position = (value: number): number => (value < 0 ? length + value : value)
  const start = range ? position(range.start) : 0
  const end = range?.end === undefined ? length : position(range.end)
  if (start < 0 || start > end || end > length) return undefined
  return { from: at + 64 + 2 * start, until: at + 64 + 2 * end }
}
