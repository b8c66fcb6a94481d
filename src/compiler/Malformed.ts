/** Thrown inside a reading of foreign bytes and caught at its border: what is wrong, and at which byte. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
  readonly reason: string
  /** Offset in bytes. */
  readonly offset: number

  constructor(reason: string, offset: number) {
    super(`${reason} at byte ${offset}`)
    this.reason = reason
    this.offset = offset
  }
}
