import { BaseError } from 'viem'

const HELP = {
  chain: 'Connect to the chain that the writ names, or have the owner grant a writ for this chain.',
  account: 'Give the address that the writ was compiled for, or compile the writ for this account.',
  key: 'Give the key that the writ names, or have the owner grant a writ for this key.',
} as const

/** The writ is for another chain, account or key than the one given; both are in the fields and the message. */
export class SessionMismatchError extends BaseError {
  override readonly name = 'SessionMismatchError'
  readonly what: 'chain' | 'account' | 'key'
  /** What the writ says. */
  readonly granted: string
  /** What was given. */
  readonly given: string

  constructor(what: 'chain' | 'account' | 'key', granted: string, given: string) {
    super(`The writ is for the ${what} ${granted}, and the ${what} given is ${given}.`, { metaMessages: [HELP[what]] })
    this.what = what
    this.granted = granted
    this.given = given
  }
}
