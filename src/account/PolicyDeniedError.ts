import { BaseError } from 'viem'
import { explainDecision } from '../explain/index.js'
import type { Denial } from '../policy/Denial.js'
import type { Policy } from '../policy/Policy.js'

/**
 * The writ does not allow the operation: thrown before anything is signed. A program reads `denials` (docs/denials.md) and `retryAt`; the message
 * says the same in sentences.
 */
export class PolicyDeniedError extends BaseError {
  override readonly name = 'PolicyDeniedError'
  readonly denials: readonly Denial[]
  /** Unix seconds: the earliest moment at which the same operation would be allowed if nothing else were charged until then; absent where there is none. */
  readonly retryAt?: number

  constructor(policy: Policy, denials: readonly Denial[], retryAt?: number) {
    const [, ...sentences] = explainDecision(policy, { outcome: 'deny', denials }).trimEnd().split('\n')
    super('The writ does not allow this operation.', { metaMessages: sentences.map((sentence) => sentence.trim()) })
    this.denials = denials
    if (retryAt !== undefined) this.retryAt = retryAt
  }
}
