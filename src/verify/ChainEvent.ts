import type { Hex } from '../policy/Hex.js'
import type { Message } from '../evm/Evm.js'
import type { MeterState } from '../policy/State.js'
import type { Ending } from './Attempt.js'
import type { Expectation } from './Expectation.js'

/** What happens to a chain while cases are run on it: enough to do it again with another module. */
export type ChainEvent =
  /** A new case: back to the moment after the grant. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'meters'; readonly meters: readonly MeterState[] }
  | { readonly kind: 'ending'; readonly by: Ending['by'] }
  | { readonly kind: 'carried' }
  | { readonly kind: 'forge'; readonly digest: Hex; readonly signature: Hex }
  | { readonly kind: 'message'; readonly message: Message }
  /** What the last message or ending must have come to. */
  | { readonly kind: 'expect'; readonly expectation: Expectation }
