import { concat, encodeFunctionData, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { activation } from '../src/compiler/activation.js'
import * as calldata from '../src/compiler/calldata.js'
import { deviceText } from '../src/compiler/device/deviceText.js'
import { encode } from '../src/compiler/encode.js'
import { load, witness } from '../src/evaluator/index.js'
import { executeCalldata } from '../src/evm/accountCalldata.js'
import { entryPointAddress } from '../src/evm/entryPoint.js'
import { handleOpsCalldata } from '../src/evm/handleOps.js'
import { moduleAddress } from '../src/evm/moduleAddress.js'
import { Stage } from '../src/evm/Stage.js'
import { userOpSignature } from '../src/evm/testAccount.js'
import { transactionGas } from '../src/evm/transactionGas.js'
import type { Address, Hex } from '../src/policy/Hex.js'
import type { Call } from '../src/policy/Operation.js'
import type { Policy } from '../src/policy/Policy.js'

const owner = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const key = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const
const MODULE = parseAbi(['function pin(address account, address token)'])

/** What a session's first operation costs more when it puts the session into force itself, gas; tokens are pinned before. */
export type FirstOperation = {
  /** Executed: nearly all of it while the operation is validated. */
  readonly executed: bigint
  /** The whole transaction, with the calldata of grant and signature. */
  readonly transaction: bigint
}

/** Measures it through the real EntryPoint 0.7, beside the first operation of the same session that the account has granted. */
export async function firstOperationOf(policy: Policy, call: Call, rule: number): Promise<FirstOperation> {
  const grant = encode(policy, binding)
  const signature = await owner.signMessage({ message: deviceText(policy, binding) })
  const granted = await first(policy, grant, call, rule)
  const carried = await first(policy, grant, call, rule, activation({ grant, signature }))
  return { executed: carried.executed - granted.executed, transaction: carried.transaction - granted.transaction }
}

async function first(policy: Policy, grant: Hex, call: Call, rule: number, carried?: Hex): Promise<FirstOperation> {
  const { account, chainId } = policy
  const stage = await Stage.create({ chainId, account, owner, time: policy.from + 3600, balance: 10n ** 20n })
  const { evm } = stage
  const as = async (from: Address, to: Address, data: Hex): Promise<void> => {
    const { success, error } = await evm.call({ from, to, data })
    if (!success) throw new Error(`setting the stage failed: ${error}`)
  }
  const install = { entityId: 1, firstOwner: owner.address.toLowerCase() as Address, textGrants: true }
  await as(entryPointAddress, account, calldata.installValidation(binding.module, install))
  for (const { address, decimals } of policy.tokens) {
    // Answers every call with the decimals, transfers too.
    await evm.setCode(address, `0x60${Number(decimals).toString(16).padStart(2, '0')}60005260206000f3`)
    await as(account, binding.module, encodeFunctionData({ abi: MODULE, args: [account, address] }))
  }
  if (carried === undefined) await as(account, binding.module, calldata.grant(grant))
  const limits = { callGasLimit: 400_000n, verificationGasLimit: 499_999n, preVerificationGas: 60_000n }
  const fees = { ...limits, maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n, paymasterAndData: '0x' } as const
  const proof = witness(load(grant), { time: evm.time, rules: [rule] })
  const op = await stage.signedByAgent(key, { callData: executeCalldata([call]), fees }, proof)
  const signature = userOpSignature(concat([carried ?? '0x', `0x${op.signature.slice(4)}`]))
  const result = await stage.send({ ...op, signature })
  if (result.kind === 'refused') throw new Error(`refused: ${result.error?.name ?? result.reason}`)
  const { total } = transactionGas(handleOpsCalldata({ ...op, signature }), result.transaction)
  return { executed: result.transaction.gasUsed, transaction: total }
}
