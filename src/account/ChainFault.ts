import { BaseError } from 'viem'

/** What went wrong between this program and the chain, for programs. */
export type FaultCode =
  | 'rpc-unreachable'
  | 'rpc-timeout'
  | 'wrong-chain'
  | 'bundler-unreachable'
  | 'bundler-refused'
  /** The service that pays for gas (ERC-7677). */
  | 'paymaster-unreachable'
  | 'paymaster-refused'
  | 'module-missing'
  | 'reader-missing'
  | 'account-missing'
  | 'not-installed'
  | 'entity-taken'
  | 'session-missing'
  | 'session-ended'
  | 'insufficient-funds'
  /** AA24: the signature is not the key's for this very operation. */
  | 'signature-refused'
  /** AA22: the interval of the operation does not contain the block's time. */
  | 'expired-or-not-due'
  /** AA25: another operation took the nonce. */
  | 'nonce-taken'
  /** AA23: the account or its module reverted; `denials` or the module's error say why. */
  | 'validation-refused'
  | 'operation-dropped'
  | 'window-ending'
  | 'transaction-reverted'
  /** The owner's signed text cannot be carried by an operation, or not yet. */
  | 'activation-refused'
  | 'unknown'

/** Ends an act on the chain: one lower-case clause in the user's words, and what to do. */
export class ChainFault extends BaseError {
  override readonly name = 'ChainFault'
  readonly code: FaultCode
  readonly help: string

  constructor(code: FaultCode, message: string, help: string, cause?: Error) {
    super(message, cause ? { cause } : {})
    this.code = code
    this.help = help
  }
}
