import { decodeFunctionResult, encodeFunctionData, encodePacked, keccak256, parseAbi, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { executeCalldata, executeUserOpCalldata, runtimeCalldata } from '../../src/evm/accountCalldata.js'
import { entryPointAddress } from '../../src/evm/entryPoint.js'
import { handleOp } from '../../src/evm/handleOps.js'
import { readError } from '../../src/evm/moduleErrors.js'
import { authorization, ownerSignature, userOpSignature } from '../../src/evm/testAccount.js'
import { userOpHash } from '../../src/evm/userOp.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import {
  account,
  accountWorld,
  answers,
  chainId,
  entityId,
  fees,
  install,
  lower,
  managementAbi,
  module,
  moduleWorld,
  owner,
  ownerOp,
  packed,
  recorderAbi,
  stranger,
  uninstall,
} from './accountWorld.js'

const bob: Address = '0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'
const pay = (value: bigint) => ({ to: bob, value, data: '0x' }) as const
const sessionOp = (callData: Hex, signature: Hex, options = 0) => packed(callData, { entityId, options }, signature)

describe("the owner's own validation", () => {
  it('runs an operation that the owner signed, and pays the EntryPoint for it', async () => {
    const evm = await accountWorld()
    const result = await ownerOp(evm, executeCalldata([pay(5n)]))
    expect(result).toMatchObject({ kind: 'included', success: true })
    expect(await evm.balanceOf(bob)).toBe(5n)
    const deposit = 10n ** 18n - 5n - (await evm.balanceOf(account))
    const limits = fees.callGasLimit + fees.verificationGasLimit + fees.preVerificationGas
    expect(deposit).toBe(limits * fees.maxFeePerGas)
  })

  it('runs a batch, and all of it or nothing', async () => {
    const evm = await accountWorld()
    expect(await ownerOp(evm, executeCalldata([pay(5n), pay(6n)]))).toMatchObject({ success: true })
    expect(await ownerOp(evm, executeCalldata([pay(1n), pay(10n ** 20n)]), 1n)).toMatchObject({ success: false })
    expect(await evm.balanceOf(bob)).toBe(11n)
  })

  it('runs what follows the prefix of executeUserOp', async () => {
    const evm = await accountWorld()
    const result = await ownerOp(evm, executeUserOpCalldata(executeCalldata([pay(5n)])))
    expect(result).toMatchObject({ kind: 'included', success: true })
    expect(await evm.balanceOf(bob)).toBe(5n)
  })

  it("refuses everybody else's signature, without a revert", async () => {
    const evm = await accountWorld()
    const op = packed(executeCalldata([pay(5n)]), { entityId: 0 })
    const signature = userOpSignature(ownerSignature(await owner.signMessage({ message: 'something else' })))
    expect(await handleOp(evm, { ...op, signature })).toMatchObject({ kind: 'refused', reason: 'AA24 signature error' })
  })

  it('refuses a nonce that was used', async () => {
    const evm = await accountWorld()
    await ownerOp(evm, executeCalldata([pay(5n)]))
    expect(await ownerOp(evm, executeCalldata([pay(6n)]))).toMatchObject({ reason: 'AA25 invalid account nonce' })
  })

  it('refuses options that it does not know, and a signature without the byte 0xFF', async () => {
    const evm = await accountWorld()
    const callData = executeCalldata([pay(5n)])
    expect(await handleOp(evm, packed(callData, { entityId: 0, options: 4 }, '0xff'))).toMatchObject({
      error: { name: 'UnsupportedOptions' },
    })
    for (const signature of ['0x', '0x00', '0x00ff', '0xfe00000001ffff'] as const)
      expect(await handleOp(evm, packed(callData, { entityId: 0 }, signature))).toMatchObject({
        error: { name: 'MalformedSignature' },
      })
  })

  it('lets the owner call directly, and nobody else', async () => {
    const evm = await accountWorld()
    const data = runtimeCalldata(executeCalldata([pay(5n)]), authorization(0, '0x'))
    const refused = await evm.call({ from: stranger, to: account, data })
    expect(readError(refused.returnData)?.name).toBe('NotTheOwner')
    expect((await evm.call({ from: lower(owner.address), to: account, data })).success).toBe(true)
    expect(await evm.balanceOf(bob)).toBe(5n)
  })

  it('lets nobody execute or validate who is not the EntryPoint', async () => {
    const evm = await accountWorld()
    for (const from of [stranger, lower(owner.address)]) {
      const { returnData } = await evm.call({ from, to: account, data: executeCalldata([pay(5n)]) })
      expect(readError(returnData)).toMatchObject({ name: 'NotFromEntryPointOrSelf' })
    }
  })

  it('signs messages for this account alone (ERC-1271)', async () => {
    const evm = await accountWorld()
    const hash = keccak256('0x1234')
    const ask = async (to: Address, signed: Hex) => {
      const signature = authorization(0, ownerSignature(await owner.sign({ hash: signed })))
      const data = encodeFunctionData({ abi: managementAbi, functionName: 'isValidSignature', args: [hash, signature] })
      const { returnData } = await evm.call({ to, data, static: true })
      return returnData.slice(0, 10)
    }
    const data = encodeFunctionData({ abi: managementAbi, functionName: 'replaySafeHash', args: [hash] })
    const safe = (await evm.call({ to: account, data })).returnData
    expect(await ask(account, safe)).toBe('0x1626ba7e')
    expect(await ask(account, hash)).toBe('0xffffffff')
  })
})

describe('an installed validation', () => {
  it('gets the operation without the byte 0xFF, and its answer is passed on', async () => {
    for (const length of [1, 2, 31, 32, 33, 64, 65, 95, 96, 97]) {
      const evm = await moduleWorld()
      await install(evm, '01')
      const checked: Hex = `0x${'5a'.repeat(length)}`
      const op = sessionOp(executeCalldata([pay(5n)]), userOpSignature(checked))
      expect(await handleOp(evm, op)).toMatchObject({ kind: 'included', success: true })
      const data = encodeFunctionData({ abi: recorderAbi, functionName: 'asked' })
      const asked = decodeFunctionResult({
        abi: recorderAbi,
        functionName: 'asked',
        data: (await evm.call({ to: module, data })).returnData,
      })
      const hash = userOpHash(op, entryPointAddress, chainId)
      const args = [entityId, { ...op, signature: checked }, hash] as const
      expect(asked).toBe(encodeFunctionData({ abi: validateAbi, functionName: 'validateUserOp', args }))
    }
  })

  it('decides by validation data: a failed signature, an interval that is over', async () => {
    const evm = await moduleWorld()
    await install(evm, '01')
    const op = sessionOp(executeCalldata([pay(5n)]), '0xff')
    await answers(evm, 1n)
    expect(await handleOp(evm, op)).toMatchObject({ reason: 'AA24 signature error' })
    await answers(evm, BigInt(evm.time - 1) << 160n)
    expect(await handleOp(evm, op)).toMatchObject({ reason: 'AA22 expired or not due' })
    await answers(evm, 999n)
    expect(await handleOp(evm, op)).toMatchObject({ reason: 'AA23 reverted' })
    await answers(evm, BigInt(evm.time) << 160n)
    expect(await handleOp(evm, op)).toMatchObject({ kind: 'included' })
  })

  it('serves for its selectors alone, prefixed or not', async () => {
    const evm = await moduleWorld()
    await install(evm, '01')
    const batch = executeCalldata([pay(1n), pay(2n)])
    const own = encodeFunctionData({
      abi: managementAbi,
      functionName: 'uninstallValidation',
      args: [`${module}00000007`, '0x', []],
    })
    for (const callData of [
      batch,
      executeUserOpCalldata(batch),
      own,
      executeUserOpCalldata(own),
      '0x',
      '0x8dd7712f',
    ] as const)
      expect(await handleOp(evm, sessionOp(callData, '0xff'))).toMatchObject({ error: { name: 'SelectorNotAllowed' } })
    const prefixed = executeUserOpCalldata(executeCalldata([pay(5n)]))
    expect(await handleOp(evm, sessionOp(prefixed, '0xff'))).toMatchObject({ kind: 'included', success: true })
    expect(await evm.balanceOf(bob)).toBe(5n)
  })

  it('cannot be used as global, as a userOp validation or for signatures unless its flags say so', async () => {
    const evm = await moduleWorld()
    await install(evm, '00')
    const call = executeCalldata([pay(5n)])
    expect(await handleOp(evm, sessionOp(call, '0xff'))).toMatchObject({
      error: { name: 'UserOpValidationNotAllowed' },
    })
    expect(await handleOp(evm, sessionOp(call, '0xff', 1))).toMatchObject({ error: { name: 'SelectorNotAllowed' } })
    const args = [keccak256('0x00'), authorization(entityId, '0x1234')] as const
    const data = encodeFunctionData({ abi: managementAbi, functionName: 'isValidSignature', args })
    expect(readError((await evm.call({ to: account, data })).returnData)?.name).toBe('SignatureValidationNotAllowed')
    await install(evm, '07')
    expect(await handleOp(evm, sessionOp(call, '0xff', 1))).toMatchObject({ kind: 'included', success: true })
    await answers(evm, 0x1626ba7en)
    expect((await evm.call({ to: account, data })).returnData.slice(0, 10)).toBe('0x1626ba7e')
  })

  it('cannot reach the account itself, alone or inside a batch', async () => {
    const evm = await moduleWorld()
    await install(evm, '01', { selectors: ['0xb61d27f6', '0x34fcd5be'] })
    const toSelf = (data: Hex) => ({ to: account, value: 0n, data })
    const uninstallSelf = encodeFunctionData({
      abi: managementAbi,
      functionName: 'uninstallValidation',
      args: [`${module}00000007`, '0x', []],
    })
    expect(await handleOp(evm, sessionOp(executeCalldata([toSelf('0x')]), '0xff'))).toMatchObject({
      error: { name: 'SelfCallNotAllowed' },
    })
    for (const inner of [uninstallSelf, '0x12', '0x'] as const)
      expect(await handleOp(evm, sessionOp(executeCalldata([pay(1n), toSelf(inner)]), '0xff'))).toMatchObject({
        error: { name: 'SelectorNotAllowed' },
      })
    const nested = executeCalldata([pay(1n), toSelf(executeCalldata([toSelf(uninstallSelf)]))])
    for (const callData of [nested, executeUserOpCalldata(nested)])
      expect(await handleOp(evm, sessionOp(callData, '0xff'))).toMatchObject({ error: { name: 'SelfCallNotAllowed' } })
  })

  it('judges direct calls with their sender, value and data, and what follows the locator', async () => {
    const evm = await moduleWorld()
    await install(evm, '01')
    const callData = executeCalldata([pay(5n)])
    const data = runtimeCalldata(callData, authorization(entityId, '0xabcd'))
    await evm.setBalance(stranger, 3n)
    expect((await evm.call({ from: stranger, to: account, data, value: 3n })).success).toBe(true)
    expect(await evm.balanceOf(bob)).toBe(5n)
    const asked = (await evm.call({ to: module, data: toFunctionSelector('asked()') })).returnData
    const args = [account, entityId, stranger, 3n, callData, '0xabcd'] as const
    expect(asked).toContain(encodeFunctionData({ abi: validateAbi, functionName: 'validateRuntime', args }).slice(2))
    await answers(evm, 999n)
    expect((await evm.call({ from: stranger, to: account, data })).success).toBe(false)
  })

  it('is refused without code, and where another module has the entity id', async () => {
    const evm = await moduleWorld()
    const name = async (result: ReturnType<typeof install>) => readError((await result).returnData)?.name
    expect(await name(install(evm, '01', { module: bob }))).toBe('UnsupportedModule')
    await install(evm, '01')
    await evm.setCode(bob, await evm.codeOf(module))
    expect(await name(install(evm, '01', { module: bob }))).toBe('EntityIdTaken')
  })

  it('is told of its installation, and can object', async () => {
    const evm = await moduleWorld()
    const { logs } = await install(evm, '01', { data: '0x1234' })
    expect(logs).toHaveLength(1)
    const asked = (await evm.call({ to: module, data: toFunctionSelector('asked()') })).returnData
    const onInstall = encodeFunctionData({
      abi: parseAbi(['function onInstall(bytes data)']),
      args: ['0x1234'],
    })
    expect(asked).toContain(onInstall.slice(2))
    await answers(evm, 999n)
    expect((await install(evm, '01', { data: '0x1234' })).success).toBe(false)
  })

  it('is taken out even if it objects, and then serves no more', async () => {
    const evm = await moduleWorld()
    await install(evm, '01')
    await answers(evm, 999n)
    const { success, logs } = await uninstall(evm, '0x12')
    expect(success).toBe(true)
    expect(logs[0]?.data).toBe(encodePacked(['uint256'], [0n]))
    await answers(evm, 0n)
    expect(await handleOp(evm, sessionOp(executeCalldata([pay(5n)]), '0xff'))).toMatchObject({
      error: { name: 'NotInstalled' },
    })
    expect(readError((await uninstall(evm, '0x12')).returnData)?.name).toBe('NotInstalled')
  })
})

const validateAbi = parseAbi([
  'struct UserOp { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function validateUserOp(uint32 entityId, UserOp userOp, bytes32 userOpHash) returns (uint256)',
  'function validateRuntime(address account, uint32 entityId, address sender, uint256 value, bytes data, bytes authorization)',
])
