import { encodeFunctionData, keccak256 } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import * as calldata from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { load, witness } from '../../src/evaluator/index.js'
import { executeCalldata, executeUserOpCalldata } from '../../src/evm/accountCalldata.js'
import { entryPointAddress } from '../../src/evm/entryPoint.js'
import { bundler } from '../../src/evm/handleOps.js'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import { readError } from '../../src/evm/moduleErrors.js'
import { readSession } from '../../src/evm/sessionStorage.js'
import { Stage } from '../../src/evm/Stage.js'
import { transactionGas } from '../../src/evm/transactionGas.js'
import type { Hex } from '../../src/policy/Hex.js'
import { ALICE, KEY_SECRET, OWNER } from '../contracts/harness/actors.js'
import { DAY, FROM, sendPolicy, UNTIL } from '../contracts/harness/policies.js'

const owner = privateKeyToAccount(keccak256('0x01'))
const key = privateKeyToAccount(KEY_SECRET)
const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const
const grant = encode(sendPolicy, binding)
const session = load(grant)
const ether = 10n ** 18n
const price = { maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n, paymasterAndData: '0x' } as const
const fees = { callGasLimit: 100_000n, verificationGasLimit: 150_000n, preVerificationGas: 50_000n, ...price }
const ownerFees = { ...fees, callGasLimit: 1_000_000n }

const send = (value: bigint) => executeCalldata([{ to: ALICE, value, data: '0x' }])
const toModule = (data: Hex) => executeCalldata([{ to: binding.module, value: 0n, data }])

async function granted(): Promise<Stage> {
  const { chainId, account } = sendPolicy
  const stage = await Stage.create({ chainId, account, owner, time: FROM + 100, balance: 10n * ether })
  const install = calldata.installValidation(binding.module, { entityId: 1, firstOwner: OWNER, textGrants: true })
  for (const callData of [install, toModule(calldata.grant(grant))])
    expect(await stage.send(await stage.signedByOwner({ callData, fees: ownerFees }))).toMatchObject({ success: true })
  return stage
}

async function agentOp(stage: Stage, callData: Hex) {
  const text = witness(session, { time: stage.evm.time, rules: [0] })
  return stage.signedByAgent(key, { callData, fees }, text)
}

const act = async (stage: Stage, callData: Hex) => stage.send(await agentOp(stage, callData))

describe('a session behind the real EntryPoint', () => {
  it('runs what the policy allows, prefixed or not, and refuses what it does not before anything is paid', async () => {
    const stage = await granted()
    expect(await act(stage, send(ether / 2n))).toMatchObject({ kind: 'included', success: true })
    expect(await act(stage, executeUserOpCalldata(send(ether / 4n)))).toMatchObject({ kind: 'included', success: true })
    const balance = await stage.evm.balanceOf(sendPolicy.account)
    const refused = await act(stage, send(ether / 4n + 1n))
    expect(refused).toMatchObject({
      kind: 'refused',
      reason: 'AA23 reverted',
      error: { code: 'meter-exceeded', args: [1n, ether / 4n + 1n, ether / 4n] },
    })
    expect(await stage.evm.balanceOf(sendPolicy.account)).toBe(balance)
    expect(await stage.evm.balanceOf(ALICE)).toBe((ether * 3n) / 4n)
  })

  it('counts what was allowed even where the call then fails', async () => {
    const stage = await granted()
    await stage.evm.setCode(ALICE, '0xfe')
    expect(await act(stage, send(ether))).toMatchObject({ kind: 'included', success: false })
    expect(await act(stage, send(1n))).toMatchObject({ error: { code: 'meter-exceeded' } })
  })

  it('sees the charges of other operations in the same bundle, and a refused bundle undoes them', async () => {
    const stage = await granted()
    const first = await agentOp(stage, send(ether))
    // The second one's nonce is the next in its sequence.
    const before = stage.evm.snapshot()
    await stage.send(first)
    const second = await agentOp(stage, send(1n))
    stage.evm.revert(before)
    const data = encodeFunctionData({
      abi: entryPoint07Abi,
      functionName: 'handleOps',
      args: [[first, second], bundler],
    })
    const outcome = await stage.evm.call({ from: bundler, to: entryPointAddress, data })
    expect(readError(outcome.returnData)).toMatchObject({
      name: 'FailedOpWithRevert',
      args: [1n, 'AA23 reverted', expect.anything()],
    })
    expect(await act(stage, send(ether))).toMatchObject({ kind: 'included', success: true })
  })

  it('is bound to its window by the EntryPoint: an operation claims one time and is included at no other window', async () => {
    const stage = await granted()
    const op = await agentOp(stage, send(ether))
    stage.evm.time = FROM + DAY
    expect(await stage.send(op)).toMatchObject({ kind: 'refused', reason: 'AA22 expired or not due' })
    stage.evm.time = FROM + DAY - 1
    expect(await stage.send(op)).toMatchObject({ kind: 'included', success: true })
    stage.evm.time = UNTIL - 1
    const last = await agentOp(stage, send(ether))
    stage.evm.time = UNTIL
    expect(await stage.send(last)).toMatchObject({ reason: 'AA22 expired or not due' })
  })

  it('ends when the owner revokes it, and when the owner revokes everything', async () => {
    for (const order of [calldata.revoke(rootOf(grant)), calldata.revokeAll()]) {
      const stage = await granted()
      await stage.send(await stage.signedByOwner({ callData: toModule(order), fees: ownerFees }))
      expect(await act(stage, send(1n))).toMatchObject({ error: { code: 'session-not-active' } })
      const { account, meters } = sendPolicy
      const { module, tag } = binding
      const { status } = await readSession(stage.evm, { module, account, root: rootOf(grant), tag, meters })
      expect(status).toBe(order === calldata.revokeAll() ? 'killed' : 'revoked')
    }
  })
})

describe('the gas of a transaction', () => {
  const outcome = { success: true, returnData: '0x', logs: [], gasUsed: 50_000n, gasRefund: 2_800n } as const

  it('is 21,000, calldata and execution, less at most a fifth', () => {
    expect(transactionGas('0x00ff', outcome)).toEqual({
      total: 21_020n + 50_000n - 2_800n,
      calldata: 20n,
      floor: 21_050n,
    })
    expect(transactionGas('0x', { ...outcome, gasRefund: 50_000n }).total).toBe(71_000n - 71_000n / 5n)
  })
})
