/** A command to the device (ISO 7816-4): class, instruction, two parameters, data. */
export type Apdu = {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data: Buffer
}

/** The status words that the Ethereum app answers with. */
export const STATUS = {
  ok: 0x9000,
  locked: 0x5515,
  noTransactionType: 0x6501,
  wrongLength: 0x6700,
  refused: 0x6985,
  badData: 0x6a80,
  noMemory: 0x6a84,
  badParameters: 0x6b00,
  badInstruction: 0x6d00,
  badClass: 0x6e00,
} as const

/** What the device answers instead of data. */
export class Refusal extends Error {
  constructor(readonly status: number) {
    super(`0x${status.toString(16)}`)
  }
}

/** The command in the bytes; a Refusal where its length is not the one it names. */
export const readApdu = (bytes: Buffer): Apdu => {
  if (bytes.length < 5 || bytes.length !== 5 + bytes.readUInt8(4)) throw new Refusal(STATUS.wrongLength)
  return {
    cla: bytes.readUInt8(0),
    ins: bytes.readUInt8(1),
    p1: bytes.readUInt8(2),
    p2: bytes.readUInt8(3),
    data: bytes.subarray(5),
  }
}

/** Data and status as one answer. */
export const answerOf = (data: Buffer, status: number = STATUS.ok): Buffer =>
  Buffer.concat([data, Buffer.from([status >> 8, status & 0xff])])

/** A derivation path at the beginning of data, and what follows it. */
export const readPath = (data: Buffer): { readonly path: `m/44'/60'/${string}`; readonly rest: Buffer } => {
  const count = data.at(0) ?? 0
  const end = 1 + 4 * count
  if (count < 1 || count > 10 || data.length < end) throw new Refusal(STATUS.badData)
  const steps = Array.from({ length: count }, (_, index) => {
    const step = data.readUInt32BE(1 + 4 * index)
    return step >= 0x80000000 ? `${String(step - 0x80000000)}'` : String(step)
  })
  if (steps[0] !== "44'" || steps[1] !== "60'") throw new Refusal(STATUS.badData)
  return { path: `m/44'/60'/${steps.slice(2).join('/')}`, rest: data.subarray(end) }
}
