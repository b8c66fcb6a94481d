import type { Meter } from '../policy/Meter.js'
import type { Asset, Token } from '../policy/Units.js'
import { type Callable, type FunctionShape, shapeOf } from './FunctionShape.js'
import { ASSET, BASE_UNITS, LIMIT, METER_KIND, METER_KIND_SHIFT, METER_LENGTH_MASK, PERIOD_TOTAL } from './layout.js'
import { functionLaws } from './laws/functionLaws.js'
import { parseSignature } from './parseSignature.js'
import type { Reader } from './Reader.js'

/** The tables of a grant as they were read; parts refer to them by index. */
export type ReadTables = {
  readonly tokens: readonly Token[]
  readonly meters: readonly Meter[]
  readonly functions: readonly FunctionShape[]
}

/** Reads `tokenCount1 ‖ token* ‖ meterCount1 ‖ meter* ‖ functionCount2 ‖ function*`. */
export const readTables = (reader: Reader): ReadTables => {
  const tokens = reader.times(reader.uint(1), () => readToken(reader))
  const meters = reader.times(reader.uint(1), () => readMeter(reader, tokens))
  const functions = reader.times(reader.uint(2), () => shapeOf(readFunction(reader)))
  return { tokens, meters, functions }
}

/** Reads an asset byte. */
export const readAsset = (reader: Reader, tokens: readonly Token[]): Asset => {
  const at = reader.at
  const code = reader.uint(1)
  if (code === ASSET.eth) return 'ETH'
  return tokens[code]?.address ?? reader.fail('an asset that is not in the tokens', at)
}

const readToken = (reader: Reader): Token => {
  const address = reader.hex(20)
  const decimals = reader.uint(1)
  return { symbol: reader.text(1), address, decimals: decimals === BASE_UNITS ? 'base units' : decimals }
}

const readMeter = (reader: Reader, tokens: readonly Token[]): Meter => {
  const at = reader.at
  const code = reader.uint(1)
  const counts = code === ASSET.eth ? 'ETH' : code === ASSET.calls ? 'calls' : tokens[code]?.address
  if (counts === undefined) return reader.fail('an asset that is not in the tokens', at)
  const kindAndLength = reader.uint(1)
  const kind = kindAndLength >> METER_KIND_SHIFT
  const width = kindAndLength & METER_LENGTH_MASK
  if (kind === METER_KIND.perCall) reader.fail('an unknown kind of meter', at + 1)
  if (width > LIMIT.integerBytes) reader.fail('a limit of more than 32 bytes', at + 1)
  const seconds = reader.uint(4)
  const limit = reader.minimal(width)
  if (kind === METER_KIND.rolling) return { counts, limit, window: { kind: 'rolling', seconds } }
  return { counts, limit, window: seconds === PERIOD_TOTAL ? { kind: 'total' } : { kind: 'period', seconds } }
}

const readFunction = (reader: Reader): Callable => {
  const at = reader.at
  const action = parseSignature(reader.text(2), () => reader.text(1)) ?? reader.fail('not a signature', at)
  // Before the shape is made, which is only for what the bytes can hold.
  functionLaws(action, (message) => reader.fail(message, at))
  return action
}
