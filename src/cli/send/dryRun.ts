import { concat, type LocalAccount } from 'viem'
import { toAccount } from 'viem/accounts'
import { PolicyDeniedError } from '../../account/PolicyDeniedError.js'
import { readState } from '../../account/readers/readState.js'
import type { SessionAccount } from '../../account/session/SessionAccount.js'
import { activation } from '../../compiler/activation.js'
import { rootOf } from '../../compiler/root.js'
import { executeCalldata, runtimeCalldata } from '../../evm/accountCalldata.js'
import { load, witness } from '../../evaluator/index.js'
import { feesOf } from '../../account/session/feesOf.js'
import type { Call, OperationFees } from '../../policy/Operation.js'
import type { Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { asked } from '../chain/asked.js'
import { printPlan, type Planned } from '../chain/planned.js'
import type { Io } from '../Io.js'
import { bundlerFor, type Sponsor, told } from './carry.js'
import type { Opened } from './openSession.js'

/** The key of a dry run, which signs nothing: no password is asked for. */
export const silentKey = ({ policy }: Opened): LocalAccount => {
  const silent = (): Promise<never> => Promise.reject(new Error('a dry run signs nothing'))
  return toAccount({
    address: policy.key,
    sign: silent,
    signMessage: silent,
    signTransaction: silent,
    signTypedData: silent,
  })
}

/** Decides and prints exactly what would be sent, but for the signature. */
export const tryOut = async (
  io: Io,
  json: boolean,
  opened: Opened,
  calls: readonly Call[],
  session: SessionAccount,
  sponsor?: Sponsor,
): Promise<void> => {
  const { connection, account, policy } = opened
  const { rules } = await allowed(session, policy, calls)
  const what = `makes ${countText(calls)}, by the session key`
  const bundler = bundlerFor(connection, session, sponsor)
  if (bundler === undefined) {
    const proof = concat([await carriedBy(opened), witness(load(opened.grant), { time: 0, rules })])
    const authorization = connection.kind.validation.authorization(opened.binding, proof)
    const data = runtimeCalldata(executeCalldata(calls), authorization)
    printPlan(io, json, [{ what, from: policy.key, to: account, data }])
    return
  }
  const prepared = await told(bundler.prepareUserOperation({ account: session, calls: [...calls] }))
  const {
    nonce,
    callData,
    callGasLimit,
    verificationGasLimit,
    preVerificationGas,
    maxFeePerGas,
    maxPriorityFeePerGas,
    paymaster,
    paymasterVerificationGasLimit = 0n,
    paymasterPostOpGasLimit = 0n,
    paymasterData = '0x',
  } = prepared
  const operation: Planned['operation'] = {
    signer: policy.key,
    nonce,
    callGasLimit,
    verificationGasLimit,
    preVerificationGas,
    maxFeePerGas,
    maxPriorityFeePerGas,
    ...(paymaster && { paymaster, paymasterVerificationGasLimit, paymasterPostOpGasLimit, paymasterData }),
  }
  await allowed(session, policy, calls, feesOf(prepared))
  printPlan(io, json, [{ what, from: account, to: account, data: callData, operation }])
}

/** What a direct call carries before its witness: the owner's signed text while the session is not in force. */
const carriedBy = async ({ connection, account, grant, policy, binding, signature }: Opened): Promise<Hex> => {
  if (signature === undefined) return '0x'
  const session = { account, root: rootOf(grant), tag: binding.tag, meters: policy.meters }
  const { status } = await asked(readState(connection.client, { module: binding.module, ...session }))
  return status === 'none' ? activation({ grant, signature }) : '0x'
}

/** The decision on calls as the chain stands; rejects PolicyDeniedError where it is a denial. */
export const allowed = async (
  session: SessionAccount,
  policy: Policy,
  calls: readonly Call[],
  fees?: OperationFees,
) => {
  const decision = await asked(session.decide(calls, fees))
  if (decision.outcome === 'allow') return decision
  throw new PolicyDeniedError(policy, decision.denials, await asked(session.nextAllowedAt(calls, fees)))
}

/** `1 call`, `3 calls`. */
export const countText = (calls: readonly Call[]): string => (calls.length === 1 ? '1 call' : `${calls.length} calls`)
