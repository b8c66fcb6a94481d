/** The bytes are no grant of docs/format.md: why, and at which byte (0-based) reading stopped. */
export class InvalidGrantError extends Error {
  override readonly name = 'InvalidGrantError'

  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(`not a grant: ${reason} (at byte ${offset}); compile the writ again and load the bytes as they are`)
  }
}
