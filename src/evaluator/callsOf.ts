import { OUTER_SELECTOR } from '../compiler/layout.js'
import type { OperationFees } from '../policy/Operation.js'
import type { Frame } from './Frame.js'
import { ZERO_WORD, isHexFrom, isZero, smallAt } from './hex.js'

const EXECUTE = OUTER_SELECTOR.execute.slice(2)
const EXECUTE_BATCH = OUTER_SELECTOR.executeBatch.slice(2)
const EXECUTE_USER_OP = OUTER_SELECTOR.executeUserOp.slice(2)

/**
 * The calls of `execute` or `executeBatch` calldata, perhaps after the selector of `executeUserOp`; undefined for anything else:
 * text that is no hex, an encoding that is not canonical, an empty batch. Bytes after the encoding are allowed.
 */
export const callsOf = (callData: string, fees: OperationFees | undefined): readonly Frame[] | undefined => {
  if (!callData.startsWith('0x') || callData.length % 2 !== 0) return undefined
  return parse(callData, fees) ?? (isHexFrom(callData, 2) ? undefined : parse(callData.toLowerCase(), fees))
}

const parse = (text: string, fees: OperationFees | undefined): readonly Frame[] | undefined => {
  const at = text.startsWith(EXECUTE_USER_OP, 2) ? 18 : 10
  if (text.startsWith(EXECUTE, at - 8)) {
    const frame = parseCall(text, at, fees)
    return frame && isHexBesides(frame) ? [frame] : undefined
  }
  return text.startsWith(EXECUTE_BATCH, at - 8) ? parseBatch(text, at, fees) : undefined
}

const ADDRESS_ZEROS = '0'.repeat(24)
const CALL_WORDS = 3
const DATA_OFFSET = (32 * CALL_WORDS).toString(16).padStart(64, '0')

/** `(address, uint256, bytes)` whose heads begin here. */
const parseCall = (text: string, at: number, fees: OperationFees | undefined): Frame | undefined => {
  const dataAt = at + 64 * (CALL_WORDS + 1)
  if (dataAt > text.length || !text.startsWith(ADDRESS_ZEROS, at) || !text.startsWith(DATA_OFFSET, at + 128))
    return undefined
  const size = smallAt(text, at + 192)
  if (size < 0) return undefined
  const dataEnd = dataAt + 2 * size
  const end = dataAt + 64 * Math.ceil(size / 32)
  if (end > text.length || !isZero(text, dataEnd, end)) return undefined
  const valueAt = at + 64
  return { text, to: text.slice(at + 24, valueAt), valueAt, dataAt, dataEnd, fees, walk: undefined }
}

/** Whether the text is hex where parseCall has not compared it already: for speed, since most of a head is zeros. */
const isHexBesides = ({ text, to, valueAt, dataAt }: Frame): boolean =>
  isHexFrom(to, 0) &&
  (text.startsWith(ZERO_WORD, valueAt) || isHexFrom(text.slice(valueAt, valueAt + 64), 0)) &&
  isHexFrom(text, dataAt - 8)

/** `((address, uint256, bytes)[])`. */
const parseBatch = (text: string, at: number, fees: OperationFees | undefined): readonly Frame[] | undefined => {
  const base = at + 128
  const count = base <= text.length && smallAt(text, at) === 32 ? smallAt(text, at + 64) : -1
  let end = base + 64 * count
  if (count < 1 || end > text.length) return undefined
  const frames: Frame[] = []
  for (let index = 0; index < count; index++) {
    if (2 * smallAt(text, base + 64 * index) !== end - base) return undefined
    const frame = parseCall(text, end, fees)
    if (!frame) return undefined
    frames.push(frame)
    end = frame.dataAt + 64 * Math.ceil((frame.dataEnd - frame.dataAt) / 64)
  }
  return isHexFrom(text, at) ? frames : undefined
}
