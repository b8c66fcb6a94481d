import { concat } from 'viem'
import type { UserOperation, UserOperationRequest } from 'viem/account-abstraction'
import { witness } from '../../evaluator/index.js'
import type { Hex } from '../../policy/Hex.js'
import { checkCarriedSize, operationSize } from './carriedSize.js'
import type { Context } from './Context.js'
import { draftFees } from './feesOf.js'
import { slotOf } from './signOperation.js'
import { whenToInclude } from './whenToInclude.js'

/** As long and as dear as a real one, and no easier to compress, which is what chains that post data elsewhere charge for; of no known key. */
const STUB: Hex =
  '0x117550bb7891d9f2a24141d4f6826ffce1556dd11be52e4a4713a3441b64cdbd05df4afcb9ef2cf4d323a55a60c9f4b31fadf2d6969b4c426731a40968959b4a1b'

/**
 * A signature of the right length with the right witness, made by nobody: the module does everything, charges everything, and only then finds that the
 * key did not sign (SIG_VALIDATION_FAILED, no revert), so an estimate pays what the operation will. Throws PolicyDeniedError where no signature could help.
 */
export async function stubSignature(context: Context, request: UserOperationRequest): Promise<Hex> {
  const { session, entity, kind, hooks } = context
  const { callData = '0x', nonce } = request as { readonly callData?: Hex; readonly nonce?: bigint }
  const operation = { callData, fees: draftFees(session, request) }
  const question = { operation, ...(nonce !== undefined && { own: slotOf(context, nonce) }) }
  return whenToInclude(context, question, ({ time, decision: { rules }, snapshot: { activation } }) => {
    const checked = concat([activation, witness(session, { time, rules }), STUB])
    const signature = kind.validation.userOpSignature(entity, checked, hooks.segments)
    if (activation !== '0x') checkCarriedSize(operationSize(request as Partial<UserOperation>, signature))
    return signature
  })
}
