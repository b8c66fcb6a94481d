import { BaseError } from 'viem'

/** What was given as a writ is no grant in the one form that `writ compile` makes. */
export class InvalidWritError extends BaseError {
  override readonly name = 'InvalidWritError'

  constructor(reason: string) {
    super(`This is no compiled writ: ${reason}.`, {
      metaMessages: ['Give the artifact that `writ compile` prints, or its `grant`.'],
    })
  }
}
