import { OUTER_SELECTOR } from '../compiler/layout.js'
import type { OperationFees } from '../policy/Operation.js'
import type { Targets } from './Candidates.js'
import type { Frame } from './Frame.js'
import { ZERO_WORD, isHex, smallAt, zeros } from './hex.js'
import { NO_ELEMENTS } from './Place.js'

const EXECUTE = OUTER_SELECTOR.execute.slice(2)
const EXECUTE_BATCH = OUTER_SELECTOR.executeBatch.slice(2)
const EXECUTE_USER_OP = OUTER_SELECTOR.executeUserOp.slice(2)

/**
 * The calls of `execute` or `executeBatch` calldata, perhaps after the selector of `executeUserOp`; undefined for anything else:
 * text that is no hex, an encoding that is not canonical, an empty batch. Bytes after the encoding are allowed.
 */
export const callsOf = (
  callData: string,
  fees: OperationFees | undefined,
  targets: Targets,
): readonly Frame[] | undefined => {
  if (!callData.startsWith('0x') || callData.length % 2 !== 0) return undefined
  return (
    parse(callData, fees, targets) ??
    (isHex(callData.slice(2)) ? undefined : parse(callData.toLowerCase(), fees, targets))
  )
}

const ADDRESS_ZEROS = zeros(24)
const EXECUTE_HEAD = EXECUTE + ADDRESS_ZEROS

const parse = (text: string, fees: OperationFees | undefined, targets: Targets): readonly Frame[] | undefined => {
  const start = text.startsWith(EXECUTE_USER_OP, 2) ? 10 : 2
  if (text.slice(start, start + 32) === EXECUTE_HEAD) {
    const frame = parseCall(text, start + 8, fees, targets)
    return frame && isHexBesides(frame) ? [frame] : undefined
  }
  return text.startsWith(EXECUTE_BATCH, start) ? parseBatch(text, start + 8, fees, targets) : undefined
}

/** Of a call's head: the offset of the data, and all but the last eight digits of their length, which can be no longer. */
const OFFSET_AND_LENGTH = '60'.padStart(64, '0') + zeros(56)
const NO_VALUE = ZERO_WORD + OFFSET_AND_LENGTH

/** `(address, uint256, bytes)` whose heads begin here; that the address is one was seen. Several words are compared at once, for speed. */
const parseCall = (text: string, at: number, fees: OperationFees | undefined, targets: Targets): Frame | undefined => {
  const valueAt = at + 64
  const dataAt = at + 256
  const noValue = text.slice(valueAt, dataAt - 8) === NO_VALUE
  if (!noValue && text.slice(valueAt + 64, dataAt - 8) !== OFFSET_AND_LENGTH) return undefined
  const size = parseInt(text.slice(dataAt - 8, dataAt), 16)
  if (!(size >= 0)) return undefined
  const dataEnd = dataAt + 2 * size
  const end = endOfData(dataAt, dataEnd)
  if (end > text.length || text.slice(dataEnd, end) !== zeros(end - dataEnd)) return undefined
  const to = text.slice(at + 24, valueAt)
  const rules = targets.get(to)
  return {
    text,
    to,
    noValue,
    valueAt,
    dataAt,
    dataEnd,
    fees,
    command: '',
    rules,
    walk: undefined,
    elements: NO_ELEMENTS,
  }
}

const endOfData = (dataAt: number, dataEnd: number): number => dataAt + 64 * Math.ceil((dataEnd - dataAt) / 64)

/** Whether the text is hex where it was not compared already: a target that is known is. */
const isHexBesides = ({ text, to, noValue, valueAt, dataAt, dataEnd, rules }: Frame): boolean => {
  const end = endOfData(dataAt, dataEnd)
  return (
    isHex(text.slice(noValue ? dataAt - 8 : valueAt, dataEnd)) &&
    (end === text.length || isHex(text.slice(end))) &&
    (rules !== undefined || isHex(to))
  )
}

/** `((address, uint256, bytes)[])`. */
const parseBatch = (
  text: string,
  at: number,
  fees: OperationFees | undefined,
  targets: Targets,
): readonly Frame[] | undefined => {
  if (!isHex(text.slice(at))) return undefined
  const base = at + 128
  const count = base <= text.length && smallAt(text, at) === 32 ? smallAt(text, at + 64) : -1
  let end = base + 64 * count
  if (count < 1 || end > text.length) return undefined
  const frames: Frame[] = []
  for (let index = 0; index < count; index++) {
    if (2 * smallAt(text, base + 64 * index) !== end - base) return undefined
    const frame = text.slice(end, end + 24) === ADDRESS_ZEROS ? parseCall(text, end, fees, targets) : undefined
    if (!frame) return undefined
    frames.push(frame)
    end = endOfData(frame.dataAt, frame.dataEnd)
  }
  return frames
}
