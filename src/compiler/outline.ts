import type { Hex } from '../policy/Hex.js'
import { bytesOfHex, hexOfBytes } from './hex.js'
import { CHARGE, DENIED, METER_KIND, METER_KIND_SHIFT, METER_LENGTH_MASK, RULE, VERSION } from './layout.js'
import { Malformed } from './Malformed.js'
import { assignPositions } from './meters.js'
import { parseSignature } from './parseSignature.js'
import { Reader } from './Reader.js'
import { Writer } from './Writer.js'

/** The parts of a grant that leaves and root are made of, cut out and not looked into. */
export type Outline = {
  /** `chainId8 ‖ module20 ‖ account20 ‖ entityId4 ‖ tag6` */
  readonly place: Uint8Array
  readonly header: Uint8Array
  readonly allows: readonly { readonly body: Uint8Array; readonly charges: Uint8Array }[]
  readonly denies: readonly {
    readonly target: Hex
    readonly action: 'any' | 'send' | Hex
    readonly clause: Uint8Array
  }[]
}

/** Cuts a grant into its parts. The grant is one that `encode` made or `decode` accepts; another one is a Malformed at best. */
export const outlineOf = (grant: Hex): Outline => {
  const bytes = bytesOfHex(grant)
  if (!(bytes instanceof Uint8Array)) throw new Malformed('not hex', Math.max(0, Math.floor(bytes.invalidAt / 2) - 1))
  const reader = new Reader(bytes)
  if (reader.uint(1) !== VERSION) reader.fail('an unknown version', 0)
  const place = reader.raw(8 + 20 + 20 + 4 + 6)
  const header = reader.raw(reader.uint(2))
  reader.times(reader.uint(1), () => {
    reader.raw(21)
    reader.text(1)
  })
  const records = readMeterRecords(reader)
  reader.times(reader.uint(2), () => {
    const action = parseSignature(reader.text(2), () => reader.text(1))
    if (action === undefined) reader.fail('not a signature')
  })
  const allows: { body: Uint8Array; charges: Uint8Array }[] = []
  const denies: { target: Hex; action: 'any' | 'send' | Hex; clause: Uint8Array }[] = []
  reader.times(reader.uint(3), () => {
    const kind = reader.uint(1)
    reader.uint(2)
    if (kind === RULE.allow) {
      const body = reader.raw(reader.uint(2))
      const charges = readLeafCharges(reader, records)
      reader.raw(reader.uint(1))
      allows.push({ body, charges })
    } else if (kind === RULE.deny) {
      const target = reader.hex(20)
      const code = reader.uint(1)
      const action = code === DENIED.call ? reader.hex(4) : code === DENIED.send ? 'send' : 'any'
      denies.push({ target, action, clause: reader.raw(reader.uint(2)) })
    } else {
      reader.fail('an unknown kind of rule')
    }
  })
  reader.expectEnd()
  if (allows.length === 0) reader.fail('no rule allows anything')
  return { place, header, allows, denies }
}

/** The meters' records: what the grant says of each, and the position that follows. */
const readMeterRecords = (reader: Reader): readonly Uint8Array[] => {
  const meters = reader.times(reader.uint(1), () => {
    reader.uint(1)
    const kindAndLength = reader.uint(1)
    return { kindAndLength, period: reader.raw(4), limit: reader.raw(kindAndLength & METER_LENGTH_MASK) }
  })
  const positions = assignPositions(
    meters.map(({ kindAndLength }) => kindAndLength >> METER_KIND_SHIFT !== METER_KIND.narrow),
  )
  return meters.map(({ kindAndLength, period, limit }, index) =>
    Uint8Array.of(kindAndLength, positions[index] ?? 0, ...period, ...limit),
  )
}

/** `chargeCount1 ‖ leafCharge*` from the grant's charges. */
const readLeafCharges = (reader: Reader, records: readonly Uint8Array[]): Uint8Array => {
  const count = reader.uint(1)
  const writer = new Writer()
  writer.uint(count, 1)
  reader.times(count, () => {
    const kind = reader.uint(1)
    const subject = reader.uint(1)
    reader.uint(1)
    if (kind === CHARGE.meter) {
      writer.raw(records[subject] ?? reader.fail('a charge of no meter'))
    } else if (kind === CHARGE.perCall) {
      const length = reader.uint(1)
      writer.uint((METER_KIND.perCall << METER_KIND_SHIFT) | (length & METER_LENGTH_MASK), 1)
      writer.raw(reader.raw(length))
    } else {
      reader.fail('an unknown kind of charge')
    }
    writer.raw(reader.raw(reader.uint(2)))
  })
  return writer.bytes()
}

/** The target and the action that a body is about. */
export const subjectOf = (
  body: Uint8Array,
  sendFlag: number,
): { readonly target: Hex; readonly action: 'send' | Hex } => ({
  target: hexOfBytes(body.subarray(1, 21)),
  action: ((body[0] ?? 0) & sendFlag) !== 0 ? 'send' : hexOfBytes(body.subarray(21, 25)),
})
