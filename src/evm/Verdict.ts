import type { ContractError } from './moduleErrors.js'

/** What the chain says to one operation. */
export type Verdict = Allowed | Refused

/** Changes of state stay. */
export type Allowed = {
  readonly outcome: 'allow'
  /** The operation may be included in `[validFrom, validUntil)`, unix seconds; on the runtime path the call's own second. */
  readonly validFrom: number
  readonly validUntil: number
  /** A signature that serves for estimation was taken for the key's. */
  readonly dummySignature: boolean
  readonly gasUsed: bigint
}

/** Nothing has changed. */
export type Refused = {
  readonly outcome: 'deny'
  readonly reason:
    /** The validation reverted: with `error`, or with bytes that are none. */
    | 'reverted'
    /** The signature is not the key's. */
    | 'signature'
    /** The time is outside the interval that the validation returned. */
    | 'interval'
    /** The validation named an aggregator. */
    | 'aggregator'
    /** A field does not fit into a UserOperation: no such operation can be sent. */
    | 'unpackable'
  readonly error?: ContractError
  readonly gasUsed: bigint
}

/** Reads ERC-4337's `authorizer20 ‖ validUntil6 ‖ validAfter6` (authorizer in the low bytes) as EntryPoint 0.7 does; 0 is "for ever". */
export function readValidationData(data: bigint): { authorizer: bigint; validAfter: number; validUntil: number } {
  const validUntil = Number(BigInt.asUintN(48, data >> 160n))
  return {
    authorizer: BigInt.asUintN(160, data),
    validAfter: Number(BigInt.asUintN(48, data >> 208n)),
    validUntil: validUntil === 0 ? 2 ** 48 - 1 : validUntil,
  }
}
