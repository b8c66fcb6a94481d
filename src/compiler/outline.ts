import type { Hex } from '../policy/Hex.js'
import { bytesOfHex, hexOfBytes } from './hex.js'
import {
  BODY_FLAG,
  CHARGE,
  DENIED,
  LIMIT,
  METER_KIND,
  METER_KIND_SHIFT,
  METER_LENGTH_MASK,
  NESTED,
  PLACE,
  RANGE_FLAG,
  RULE,
  VERSION,
} from './layout.js'
import { Malformed } from './Malformed.js'
import { assignPositions } from './meters.js'
import { parseSignature } from './parseSignature.js'
import { Reader } from './Reader.js'
import { Writer } from './Writer.js'

/** The parts of a grant that leaves and root are made of, cut out and not looked into. */
export type Outline = OutlinedRules & {
  /** `chainId8 ‖ module20 ‖ account20 ‖ entityId4 ‖ tag6` */
  readonly place: Uint8Array
  readonly header: Uint8Array
}

/** The rules of the grant, or of a block of nested calls. */
export type OutlinedRules = { readonly allows: readonly OutlinedAllow[]; readonly denies: readonly OutlinedDeny[] }

export type OutlinedAllow = {
  readonly body: Uint8Array
  /** `chargeCount1 ‖ leafCharge*` */
  readonly charges: Uint8Array
  readonly nested: readonly OutlinedBlock[]
}

export type OutlinedDeny = { readonly target: Hex; readonly action: DeniedKey; readonly clause: Uint8Array }

/** `list` is the block up to the count of its rules. */
export type OutlinedBlock = OutlinedRules & { readonly list: Uint8Array }

/** What a deny or a body is about, as a key to find the one for the other by. */
export type DeniedKey = 'any' | 'send' | `${'call' | 'command'} ${Hex}`

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
  const rules = readRules(reader, reader.uint(3), records, 0)
  reader.expectEnd()
  if (rules.allows.length === 0) reader.fail('no rule allows anything')
  return { place, header, ...rules }
}

const readRules = (reader: Reader, count: number, records: readonly Uint8Array[], blocks: number): OutlinedRules => {
  if (blocks > LIMIT.nestedDepth) reader.fail(`calls nested more than ${LIMIT.nestedDepth} deep`)
  const allows: OutlinedAllow[] = []
  const denies: OutlinedDeny[] = []
  reader.times(count, () => {
    const kind = reader.uint(1)
    reader.uint(2)
    if (kind === RULE.allow) {
      const body = reader.raw(reader.uint(2))
      const charges = readLeafCharges(reader, records)
      reader.raw(reader.uint(1))
      const blockCount = ((body[0] ?? 0) & BODY_FLAG.nested) === 0 ? 0 : reader.uint(1)
      const nested = reader.times(blockCount, () => {
        const list = readListHead(reader)
        return { list, ...readRules(reader, reader.uint(2), records, blocks + 1) }
      })
      allows.push({ body, charges, nested })
    } else if (kind === RULE.deny) {
      const target = reader.hex(20)
      denies.push({ target, action: readDenied(reader), clause: reader.raw(reader.uint(2)) })
    } else {
      reader.fail('an unknown kind of rule')
    }
  })
  return { allows, denies }
}

const readDenied = (reader: Reader): DeniedKey => {
  switch (reader.uint(1)) {
    case DENIED.any:
      return 'any'
    case DENIED.send:
      return 'send'
    case DENIED.call:
      return `call ${reader.hex(4)}`
    case DENIED.command:
      return `command ${reader.hex(4)}`
    default:
      return reader.fail('an unknown kind of deny')
  }
}

/** A block's form and where its list is. */
const readListHead = (reader: Reader): Uint8Array =>
  reader.passed(() => {
    const form = reader.uint(1)
    passPlace(reader)
    if (form === NESTED.calls) return
    passRange(reader)
    if (form === NESTED.commands) passPlace(reader)
  })

const passPlace = (reader: Reader): void => {
  if (reader.uint(1) === PLACE.heads) reader.raw(1)
  else reader.raw(3 * reader.uint(1))
}

const passRange = (reader: Reader): void => {
  const flags = reader.uint(1)
  reader.raw(((flags & RANGE_FLAG.present) === 0 ? 0 : 2) + ((flags & RANGE_FLAG.end) === 0 ? 0 : 2))
}

/** The meters' records: what the grant says of each, and the position that follows. */
const readMeterRecords = (reader: Reader): readonly Uint8Array[] => {
  const meters = reader.times(reader.uint(1), () => {
    reader.uint(1)
    const kindAndLength = reader.uint(1)
    return { kindAndLength, period: reader.raw(4), limit: reader.raw(kindAndLength & METER_LENGTH_MASK) }
  })
  const positions = assignPositions(meters.map(({ kindAndLength }) => kindAndLength >> METER_KIND_SHIFT))
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
export const subjectOf = (body: Uint8Array): { readonly target: Hex; readonly action: DeniedKey } => {
  const flags = body[0] ?? 0
  const target = hexOfBytes(body.subarray(1, 21))
  if ((flags & BODY_FLAG.send) !== 0) return { target, action: 'send' }
  const selector = hexOfBytes(body.subarray(21, 25))
  return { target, action: `${(flags & BODY_FLAG.command) === 0 ? 'call' : 'command'} ${selector}` }
}
