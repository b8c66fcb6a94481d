import { encodeFunctionData, keccak256, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import * as calldata from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { load, witness } from '../../src/evaluator/index.js'
import { executeCalldata, executeUserOpCalldata, runtimeCalldata } from '../../src/evm/accountCalldata.js'
import { entryPointAddress } from '../../src/evm/entryPoint.js'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import { readError } from '../../src/evm/moduleErrors.js'
import { Stage } from '../../src/evm/Stage.js'
import { authorization } from '../../src/evm/testAccount.js'
import { nonceOf } from '../../src/evm/userOp.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { fees, lower } from './accountWorld.js'
import { compiled } from './harness/compiled.js'
import { deferredDigest, deferredSignature } from './harness/deferred.js'
import { hookAnswers, hookConfig, hookOrder, hookRecord, placeHooks, segments } from './harness/hooks.js'

beforeAll(() => void compiled('TestHooks'), 120_000)

const owner = privateKeyToAccount(keccak256('0x01'))
const key = privateKeyToAccount(keccak256('0x02'))
const account: Address = '0xacacacacacacacacacacacacacacacacacacacac'
const bob: Address = '0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'
const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const
const chainId = 8453
const time = 1_800_000_000
const pay = (value: bigint, to = bob): Hex => executeCalldata([{ to, value, data: '0x' }])
const included = { kind: 'included', success: true }

/** A session that may send bob 10 wei a day, on a validation that carries hooks of another module. */
async function sessionWith(hooks: readonly Hex[]) {
  const stage = await Stage.create({ chainId, account, owner, time, balance: 10n ** 18n })
  const { evm } = stage
  await placeHooks(evm)
  const header = { account, key: lower(key.address), chain: '8453', from: time, ttlSeconds: 86_400 }
  const { policy, diagnostics } = checkWrit(`fees unlimited\nallow send on ${bob} budget 0.00000000000000001 ETH/day`, {
    header,
  })
  if (!policy) throw new Error(JSON.stringify(diagnostics))
  const grant = encode(policy, binding)
  const install = encodeFunctionData({
    abi: parseAbi(['function installValidation(bytes25 config, bytes4[] selectors, bytes installData, bytes[] hooks)']),
    args: [
      `${binding.module}0000000101`,
      ['0xb61d27f6', '0x34fcd5be'],
      calldata.installData({ entityId: 1, firstOwner: lower(owner.address), textGrants: true, grant }),
      [...hooks],
    ],
  })
  const { success, returnData } = await evm.call({ from: entryPointAddress, to: account, data: install })
  if (!success) throw new Error(readError(returnData)?.name)
  const proof = witness(load(grant), { time, rules: [0] })
  const send = async (callData: Hex, given: readonly (readonly [number, Hex])[] = []) => {
    const op = await stage.signedByAgent(key, { callData, fees }, proof)
    return stage.send({ ...op, signature: segments(given, `0x${op.signature.slice(4)}`) })
  }
  return { stage, evm, send, proof, grant }
}

describe('a session on a validation with hooks of another module', () => {
  it('works beside a hook before it, which gets its own segment', async () => {
    const { evm, send } = await sessionWith([hookConfig(9, 'validation')])
    expect(await send(pay(4n), [[0, '0xc0ffee']])).toMatchObject(included)
    expect(await hookRecord(evm, account, 9)).toMatchObject({ segment: keccak256('0xc0ffee') })
    expect(await evm.balanceOf(bob)).toBe(4n)
  })

  it('is bound by both: each of them can refuse', async () => {
    const { evm, send } = await sessionWith([hookConfig(9, 'validation')])
    expect(await send(pay(11n))).toMatchObject({ error: { name: 'MeterExceeded' } })
    await hookAnswers(evm, account, 9, { refuses: true })
    expect(await send(pay(1n))).toMatchObject({ kind: 'refused' })
    await hookAnswers(evm, account, 9, { answer: BigInt(time - 1) << 160n })
    expect(await send(pay(1n))).toMatchObject({ reason: 'AA22 expired or not due' })
    expect(await evm.balanceOf(bob)).toBe(0n)
  })

  it('keeps the window of its budget where the hook holds for longer', async () => {
    const { evm, stage, send } = await sessionWith([hookConfig(9, 'validation')])
    await hookAnswers(evm, account, 9, { answer: BigInt(time + 10 * 86_400) << 160n })
    const op = await stage.signedByAgent(key, { callData: pay(1n), fees }, (await sessionWith([])).proof)
    evm.time = time + 86_400
    expect(await stage.send(op)).toMatchObject({ reason: 'AA22 expired or not due' })
    expect(await send(pay(1n))).toMatchObject({ reason: 'AA22 expired or not due' })
  })

  it('reads the calls behind the prefix that hooks around its executions need', async () => {
    const { evm, send } = await sessionWith([hookConfig(9, 'around')])
    expect(await send(pay(4n))).toMatchObject({ error: { name: 'ExecuteUserOpRequired' } })
    expect(await send(executeUserOpCalldata(pay(11n)))).toMatchObject({ error: { name: 'MeterExceeded' } })
    expect(await send(executeUserOpCalldata(pay(1n, lower(owner.address))))).toMatchObject({
      error: { name: 'NoRule' },
    })
    expect(await send(executeUserOpCalldata(pay(4n)))).toMatchObject(included)
    expect(await hookOrder(evm, account)).toBe('9< 9>')
    expect(await evm.balanceOf(bob)).toBe(4n)
  })

  it('is charged for an execution that such a hook refuses, for it was validated', async () => {
    const { evm, send } = await sessionWith([hookConfig(9, 'before')])
    await hookAnswers(evm, account, 9, { refuses: true })
    expect(await send(executeUserOpCalldata(pay(10n)))).toMatchObject({ kind: 'included', success: false })
    await hookAnswers(evm, account, 9, {})
    expect(await send(executeUserOpCalldata(pay(1n)))).toMatchObject({ error: { name: 'MeterExceeded' } })
  })

  it('is bound by the hooks on the way of direct calls too', async () => {
    const { evm, grant } = await sessionWith([hookConfig(8, 'validation'), hookConfig(9, 'around')])
    // The block tells the time there.
    const proof = witness(load(grant), { time: 0, rules: [0] })
    const locator = authorization(1, '0x').slice(0, -2)
    const direct = (value: bigint) =>
      evm.call({
        from: lower(key.address),
        to: account,
        data: runtimeCalldata(pay(value), `${locator}${segments([[0, '0xab']], proof).slice(2)}` as Hex),
      })
    await hookAnswers(evm, account, 8, { refuses: true })
    expect((await direct(1n)).success).toBe(false)
    await hookAnswers(evm, account, 8, {})
    expect(readError((await direct(11n)).returnData)?.name).toBe('MeterExceeded')
    expect((await direct(3n)).success).toBe(true)
    expect(await hookOrder(evm, account)).toBe('8v 9< 9>')
    expect(await evm.balanceOf(bob)).toBe(3n)
  })
})

describe('a session key that approves a deferred action', () => {
  it('is refused: neither to install anything, nor to execute beyond its session', async () => {
    const { stage, evm, proof } = await sessionWith([])
    const nonce = { entityId: 1, options: 2 } as const
    const grab = calldata.installValidation(binding.module, {
      entityId: 2,
      firstOwner: lower(key.address),
      textGrants: true,
    })
    for (const [call, reason] of [
      [grab, 'SelectorNotAllowed'],
      [pay(10n ** 17n), 'SignatureValidationNotAllowed'],
    ] as const) {
      const action = { entityId: 1, call }
      const hash = deferredDigest(account, chainId, nonceOf(nonce), action)
      const op = await stage.signedByAgent(key, { callData: pay(1n), fees }, proof)
      for (const signed of [await key.sign({ hash }), `${proof}${(await key.sign({ hash })).slice(2)}` as Hex]) {
        const signature = deferredSignature(action, signed, op.signature)
        const sent = await stage.send({ ...op, nonce: nonceOf(nonce), signature })
        expect(sent).toMatchObject({ kind: 'refused', error: { name: reason } })
      }
    }
    expect(await evm.balanceOf(bob)).toBe(0n)
  })

  it('is refused even where somebody installed the module with the signature flag', async () => {
    const { stage, evm, proof } = await sessionWith([])
    const config = encodeFunctionData({
      abi: parseAbi([
        'function installValidation(bytes25 config, bytes4[] selectors, bytes installData, bytes[] hooks)',
      ]),
      args: [`${binding.module}0000000103`, [], '0x', []],
    })
    expect((await evm.call({ from: entryPointAddress, to: account, data: config })).success).toBe(true)
    const action = { entityId: 1, call: pay(10n ** 17n) }
    const nonce = { entityId: 1, options: 2 } as const
    const hash = deferredDigest(account, chainId, nonceOf(nonce), action)
    const op = await stage.signedByAgent(key, { callData: pay(1n), fees }, proof)
    const signature = deferredSignature(action, await key.sign({ hash }), op.signature)
    expect(await stage.send({ ...op, nonce: nonceOf(nonce), signature })).toMatchObject({ kind: 'refused' })
    expect(await evm.balanceOf(bob)).toBe(0n)
  })
})
