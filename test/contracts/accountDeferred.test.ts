import { encodeFunctionData, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import * as calldata from '../../src/compiler/calldata.js'
import { executeCalldata, runtimeCalldata } from '../../src/evm/accountCalldata.js'
import { entryPointAddress } from '../../src/evm/entryPoint.js'
import { handleOp } from '../../src/evm/handleOps.js'
import { readError } from '../../src/evm/moduleErrors.js'
import { ownerSignature, userOpSignature } from '../../src/evm/testAccount.js'
import { nonceOf, userOpHash } from '../../src/evm/userOp.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import {
  account,
  accountWorld,
  answers,
  chainId,
  entityId,
  install,
  lower,
  managementAbi,
  module,
  moduleWorld,
  owner,
  packed,
} from './accountWorld.js'
import { compiled } from './harness/compiled.js'
import { deferredDigest, deferredSignature, type DeferredAction } from './harness/deferred.js'
import { hookConfig, hookOrder, placeHooks } from './harness/hooks.js'

beforeAll(() => void compiled('TestHooks'), 120_000)

const bob: Address = '0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'
const pay = executeCalldata([{ to: bob, value: 5n, data: '0x' }])
const thief = privateKeyToAccount(keccak256('0x02'))

const installing = (flags: string, hooks: Hex[] = []): Hex =>
  encodeFunctionData({
    abi: managementAbi,
    functionName: 'installValidation',
    args: [`${module}00000007${flags}`, ['0xb61d27f6'], '0x', hooks],
  })

/** An operation of entity 7 that carries an action, which `signer` signs for the operation of this sequence. */
async function carrying(
  action: DeferredAction,
  signer = owner,
  {
    sequence = 0n,
    signedFor = sequence,
    chain = chainId,
  }: { sequence?: bigint; signedFor?: bigint; chain?: number } = {},
) {
  const nonce = { entityId, options: 2 } as const
  const hash = deferredDigest(account, chain, nonceOf({ ...nonce, sequence: signedFor }), action)
  const signed = ownerSignature(await signer.sign({ hash }))
  return packed(pay, { ...nonce, sequence }, deferredSignature(action, signed, '0xff'))
}

describe('an operation that carries a deferred action', () => {
  it('installs the validation that validates it, on the owner’s signature', async () => {
    const evm = await moduleWorld()
    const action = { entityId: 0, call: installing('01') }
    expect(await handleOp(evm, await carrying(action))).toMatchObject({ kind: 'included', success: true })
    expect(await evm.balanceOf(bob)).toBe(5n)
  })

  it('is refused where anybody else signed, or for another nonce, chain or call', async () => {
    const evm = await moduleWorld()
    const action = { entityId: 0, call: installing('01') }
    const not = { error: { name: 'DeferredActionNotSigned' } }
    expect(await handleOp(evm, await carrying(action, thief))).toMatchObject(not)
    expect(await handleOp(evm, await carrying(action, owner, { signedFor: 1n }))).toMatchObject(not)
    expect(await handleOp(evm, await carrying(action, owner, { chain: 1 }))).toMatchObject(not)
    const op = await carrying(action)
    const wider: Hex = `0x${op.signature.slice(2).replace('0000000701', '0000000707')}`
    expect(await handleOp(evm, { ...op, signature: wider })).toMatchObject(not)
    const undated: Hex = `0x${op.signature.slice(2).replace(/^(.{8}.{42})0{12}/, '$1000000000001')}`
    expect(await handleOp(evm, { ...op, signature: undated })).toMatchObject(not)
  })

  it('happens once: the nonce that was signed is used up', async () => {
    const evm = await moduleWorld()
    const op = await carrying({ entityId: 0, call: installing('01') })
    await handleOp(evm, op)
    expect(await handleOp(evm, op)).toMatchObject({ reason: 'AA25 invalid account nonce' })
  })

  it('ends with the action’s deadline, even where the validation holds for longer', async () => {
    const evm = await moduleWorld()
    await answers(evm, BigInt(evm.time + 9) << 160n)
    const late = { entityId: 0, deadline: evm.time - 1, call: installing('01') }
    expect(await handleOp(evm, await carrying(late))).toMatchObject({ reason: 'AA22 expired or not due' })
    const early = { ...late, deadline: evm.time }
    expect(await handleOp(evm, await carrying(early))).toMatchObject({ kind: 'included' })
  })

  it('does nothing where the operation itself is refused', async () => {
    const evm = await moduleWorld()
    await answers(evm, 1n)
    const op = await carrying({ entityId: 0, call: installing('01') })
    expect(await handleOp(evm, op)).toMatchObject({ reason: 'AA24 signature error' })
    expect(await handleOp(evm, packed(pay, { entityId }, '0xff'))).toMatchObject({ error: { name: 'NotInstalled' } })
  })

  it('is refused where its bytes are cut short', async () => {
    const evm = await moduleWorld()
    const { signature, ...op } = await carrying({ entityId: 0, call: installing('01') })
    for (const cut of ['0x', '0x000000', signature.slice(0, 60), signature.slice(0, -2 * 20)] as Hex[])
      expect(await handleOp(evm, { ...op, signature: cut })).toMatchObject({ error: { name: 'MalformedSignature' } })
    const empty = deferredSignature({ entityId: 0, call: '0x' }, '0x', '0xff').replace('0000001b', '0000001a')
    expect(await handleOp(evm, { ...op, signature: empty as Hex })).toMatchObject({
      error: { name: 'MalformedSignature' },
    })
  })
})

describe('a deferred action that a session key approves', () => {
  const grab: DeferredAction = { entityId, call: installing('07') }
  const through: DeferredAction = {
    entityId,
    call: executeCalldata([{ to: module, value: 0n, data: calldata.revokeAll() }]),
  }

  it('is refused: the validation serves for execute alone', async () => {
    const evm = await moduleWorld()
    await install(evm, '01')
    expect(await handleOp(evm, await carrying(grab, thief))).toMatchObject({ error: { name: 'SelectorNotAllowed' } })
    expect(await handleOp(evm, await carrying({ ...grab, options: 1 }, thief))).toMatchObject({
      error: { name: 'SelectorNotAllowed' },
    })
  })

  it('is refused even where it only executes: the validation may not sign for the account', async () => {
    const evm = await moduleWorld()
    await install(evm, '01')
    // The module says yes to whatever it is asked; without the flag it is not asked.
    await answers(evm, 0x1626ba7en)
    expect(await handleOp(evm, await carrying(through, thief))).toMatchObject({
      error: { name: 'SignatureValidationNotAllowed' },
    })
  })

  it('is refused by a validation with hooks, which would be passed by', async () => {
    const evm = await moduleWorld()
    await placeHooks(evm)
    await install(evm, '03', { hooks: [hookConfig(1, 'validation')] })
    expect(await handleOp(evm, await carrying(through, thief))).toMatchObject({
      error: { name: 'DeferredActionHasHooks' },
    })
  })

  it('runs where its validation may sign, between that validation’s own hooks', async () => {
    const evm = await moduleWorld()
    await placeHooks(evm)
    await install(evm, '03', { hooks: [hookConfig(1, 'around')] })
    await answers(evm, 0x1626ba7en)
    const op = packed(pay, { entityId: 0, options: 2 })
    const hash = userOpHash(op, entryPointAddress, chainId)
    const own = userOpSignature(ownerSignature(await owner.signMessage({ message: { raw: hash } })))
    const paying = { entityId, call: pay }
    const signature = deferredSignature(paying, '0x1234', own)
    expect(await handleOp(evm, { ...op, signature })).toMatchObject({ kind: 'included', success: true })
    expect(await evm.balanceOf(bob)).toBe(10n)
    expect(await hookOrder(evm, account)).toBe('1< 1>')
    await answers(evm, 0xffffffffn)
    const again = packed(pay, { entityId: 0, options: 2, sequence: 1n }, signature)
    expect(await handleOp(evm, again)).toMatchObject({ error: { name: 'DeferredActionNotSigned' } })
  })
})

it('a direct call carries no deferred action', async () => {
  const evm = await accountWorld()
  const data = runtimeCalldata(pay, '0x0200000000ff')
  const { returnData } = await evm.call({ from: lower(owner.address), to: account, data })
  expect(readError(returnData)?.name).toBe('UnsupportedOptions')
})
