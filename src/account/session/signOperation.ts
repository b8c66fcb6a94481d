import { BaseError, concat } from 'viem'
import { getUserOperationHash, type UserOperation } from 'viem/account-abstraction'
import { digest, witness } from '../../evaluator/index.js'
import { windowOf } from '../../evaluator/MeterEntry.js'
import type { Hex } from '../../policy/Hex.js'
import { SessionMismatchError } from '../SessionMismatchError.js'
import type { Reservation, Slot } from '../Reservations.js'
import { checkCarriedGas, checkCarriedSize, operationSize } from './carriedSize.js'
import type { Context } from './Context.js'
import { feesOf } from './feesOf.js'
import { whenToInclude, type Inclusion } from './whenToInclude.js'

/** A UserOperation as viem hands it over to be signed. */
export type ToSign = Omit<UserOperation, 'sender'> & {
  readonly sender?: Hex | undefined
  readonly chainId?: number | undefined
}

/**
 * Decides on the operation as it is to be sent, reserves what it counts, and signs it. Throws PolicyDeniedError or ChainFault before anything is signed.
 * Signed again with the same nonce it replaces itself: of the two at most one can be included, so only one is counted.
 */
export async function signOperation(context: Context, parameters: ToSign): Promise<Hex> {
  const { session, entity, kind, hooks, key, reservations } = context
  const operation = checked(context, parameters)
  const own = slotOf(context, operation.nonce)
  const hash = hashOf(context, operation)
  const question = { operation: { callData: operation.callData as Hex, fees: feesOf(operation) }, own }
  const { proof, activation, reservation } = await whenToInclude(context, question, (inclusion) => {
    const { rules } = inclusion.decision
    const { activation } = inclusion.snapshot
    if (activation !== '0x') checkCarriedGas(operation.verificationGasLimit)
    const made = reservationOf(context, hash, own, inclusion)
    reservations.add(made)
    return { proof: witness(session, { time: inclusion.time, rules }), activation, reservation: made }
  })
  try {
    const signed = await key.sign({ hash: digest({ userOpHash: hash, ...entity, witness: proof }) })
    const signature = kind.validation.userOpSignature(entity, concat([activation, proof, signed]), hooks.segments)
    if (activation !== '0x') checkCarriedSize(operationSize(operation, signature))
    return signature
  } catch (error) {
    reservations.release(reservation)
    throw error
  }
}

/** The hash by which the EntryPoint knows the operation. */
export const hashOf = ({ entryPoint, session }: Context, userOperation: UserOperation): Hex =>
  getUserOperationHash({
    chainId: session.chainId,
    entryPointAddress: entryPoint.address,
    entryPointVersion: entryPoint.version,
    userOperation,
  })

function checked({ address, session }: Context, { chainId, ...parameters }: ToSign): UserOperation {
  if (chainId !== undefined && chainId !== session.chainId)
    throw new SessionMismatchError('chain', String(session.chainId), String(chainId))
  if (parameters.sender !== undefined && parameters.sender.toLowerCase() !== address)
    throw new SessionMismatchError('account', address, parameters.sender)
  return { ...parameters, sender: address } as UserOperation
}

const SEQUENCE_BITS = 64n
const LANE_SHIFT = 40n

/** The place in the EntryPoint's nonces; the accounts read in its key which validation is meant. */
export function slotOf({ kind, entity }: Context, nonce: bigint): Slot & { readonly kind: 'nonce' } {
  const key = nonce >> SEQUENCE_BITS
  if (kind.validation.nonceKey(entity, key >> LANE_SHIFT) !== key)
    throw new BaseError(`The nonce ${nonce} does not name the validation of the session.`, {
      metaMessages: ['Leave the nonce out, or take it from `getNonce` of the session account.'],
    })
  return { kind: 'nonce', key, sequence: BigInt.asUintN(Number(SEQUENCE_BITS), nonce) }
}

function reservationOf({ session }: Context, hash: Hex, slot: Slot, { time, decision }: Inclusion): Reservation {
  const charges = decision.charges.map(({ meter, amount }) => {
    const entry = session.internal.meters[meter]
    return { meter, amount, ...(entry && { window: windowOf(entry, session.from, time) }) }
  })
  const { validFrom, validUntil } = decision
  return { hash, slot, charges, validFrom, validUntil }
}
