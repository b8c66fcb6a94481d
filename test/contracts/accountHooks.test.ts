import {
  encodeAbiParameters,
  encodeErrorResult,
  encodeFunctionData,
  keccak256,
  parseAbiParameters,
  toFunctionSelector,
} from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { executeCalldata, executeUserOpCalldata, runtimeCalldata } from '../../src/evm/accountCalldata.js'
import { entryPointAddress } from '../../src/evm/entryPoint.js'
import type { Evm } from '../../src/evm/Evm.js'
import { handleOp } from '../../src/evm/handleOps.js'
import { readError } from '../../src/evm/moduleErrors.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import {
  account,
  answers,
  entityId,
  install,
  managementAbi,
  module,
  moduleWorld,
  packed,
  stranger,
} from './accountWorld.js'
import { compiled } from './harness/compiled.js'
import {
  hookAnswers,
  hookConfig,
  hookInstalls,
  hookOrder,
  hookRecord,
  hooksAbi,
  hooksModule,
  placeHooks,
  segments,
} from './harness/hooks.js'

const bob: Address = '0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'
const pay = executeCalldata([{ to: bob, value: 5n, data: '0x' }])
const prefixed = executeUserOpCalldata(pay)

beforeAll(() => void compiled('TestHooks'), 120_000)

/** A module that answers as it is told, under the entity id, with hooks on its validation. */
async function hookWorld(hooks: readonly Hex[], flags = '01'): Promise<Evm> {
  const evm = await moduleWorld()
  await placeHooks(evm)
  const { success, error } = await install(evm, flags, { hooks: [...hooks] })
  if (!success) throw new Error(`the install failed: ${error}`)
  return evm
}
const send = (evm: Evm, callData: Hex, signature: Hex, sequence = 0n) =>
  handleOp(evm, packed(callData, { entityId, sequence }, signature))
const asked = async (evm: Evm): Promise<Hex> =>
  (await evm.call({ to: module, data: toFunctionSelector('asked()') })).returnData
const data = (authorizer: bigint, until: number, after: number): bigint =>
  authorizer | (BigInt(until) << 160n) | (BigInt(after) << 208n)
const refusal = (id: number) => encodeErrorResult({ abi: hooksAbi, errorName: 'Refused', args: [id] })
const refused = (id: number) => ({
  kind: 'refused',
  reason: 'AA23 reverted',
  transaction: { returnData: expect.stringContaining(refusal(id).slice(2)) as string },
})

describe('a hook that runs before a validation', () => {
  it('refuses an operation, whatever the validation says', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation')])
    await hookAnswers(evm, account, 1, { refuses: true })
    expect(await send(evm, pay, '0xff')).toMatchObject(refused(1))
    await hookAnswers(evm, account, 1, { answer: 1n })
    expect(await send(evm, pay, '0xff')).toMatchObject({ reason: 'AA24 signature error' })
    await hookAnswers(evm, account, 1, {})
    expect(await send(evm, pay, '0xff')).toMatchObject({ kind: 'included', success: true })
  })

  it('may not name an aggregator', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation')])
    await hookAnswers(evm, account, 1, { answer: 2n })
    expect(await send(evm, pay, '0xff')).toMatchObject({ error: { name: 'UnexpectedAuthorizer' } })
  })

  it('never makes valid what the validation refuses', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation')])
    await answers(evm, 1n)
    expect(await send(evm, pay, '0xff')).toMatchObject({ reason: 'AA24 signature error' })
    await answers(evm, 999n)
    expect(await send(evm, pay, '0xff')).toMatchObject({ reason: 'AA23 reverted' })
  })

  it('narrows the interval of the validation, and never widens it', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation')])
    const now = evm.time
    const tries = [
      { hook: data(0n, now - 1, 0), own: data(0n, now + 9, 0), in: false },
      { hook: data(0n, now + 9, 0), own: data(0n, now - 1, 0), in: false },
      { hook: data(0n, 0, 0), own: data(0n, now - 1, 0), in: false },
      { hook: data(0n, now - 1, 0), own: data(0n, 0, 0), in: false },
      { hook: data(0n, 0, now + 1), own: data(0n, 0, 0), in: false },
      { hook: data(0n, 0, 0), own: data(0n, 0, now + 1), in: false },
      { hook: data(0n, now + 5, now - 5), own: data(0n, now, now), in: true },
      { hook: data(0n, now, now), own: data(0n, now + 5, now - 5), in: true },
      { hook: 0n, own: 0n, in: true },
    ]
    let sequence = 0n
    for (const each of tries) {
      await hookAnswers(evm, account, 1, { answer: each.hook })
      await answers(evm, each.own)
      const expected = each.in ? { kind: 'included' } : { reason: 'AA22 expired or not due' }
      expect(await send(evm, pay, '0xff', sequence)).toMatchObject(expected)
      if (each.in) sequence++
    }
  })

  it('gets its own segment of the signature, and the validation gets the last one', async () => {
    const hooks = [1, 2, 3].map((id) => hookConfig(id, 'validation'))
    const evm = await hookWorld(hooks)
    const signature = segments(
      [
        [0, '0xaaaa'],
        [2, '0xcc'],
      ],
      '0x1234',
    )
    expect(await send(evm, pay, signature)).toMatchObject({ kind: 'included', success: true })
    expect(await hookRecord(evm, account, 1)).toEqual({
      asked: 1n,
      given: keccak256(pay),
      segment: keccak256('0xaaaa'),
    })
    expect(await hookRecord(evm, account, 2)).toMatchObject({ segment: keccak256('0x') })
    expect(await hookRecord(evm, account, 3)).toMatchObject({ segment: keccak256('0xcc') })
    expect(await asked(evm)).toMatch(/0000021234(0{60})0*$/)
    expect(await hookOrder(evm, account)).toBe('1v 2v 3v')
  })

  it('has no segment behind its place, none twice, none empty, and none cut short', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation'), hookConfig(2, 'validation')])
    const malformed: Hex[] = [
      segments(
        [
          [1, '0xbb'],
          [0, '0xaa'],
        ],
        '0x',
      ),
      segments(
        [
          [0, '0xaa'],
          [0, '0xaa'],
        ],
        '0x',
      ),
      segments([[0, '0x']], '0x'),
      segments([[2, '0xaa']], '0x'),
      '0x0000000003aaff',
      '0x000000',
      '0x00',
      '0x',
      '0x0000000001aa',
    ]
    for (const signature of malformed)
      expect(await send(evm, pay, signature)).toMatchObject({ error: { name: 'MalformedSignature' } })
  })

  it('judges direct calls too, with its own segment', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation')])
    await evm.setBalance(stranger, 3n)
    const locator: Hex = '0x0000000007'
    const direct = (rest: Hex) =>
      evm.call({
        from: stranger,
        to: account,
        data: runtimeCalldata(pay, `${locator}${rest.slice(2)}`),
        value: 3n,
      })
    await hookAnswers(evm, account, 1, { refuses: true })
    expect((await direct(segments([[0, '0xaa']], '0xcd'))).success).toBe(false)
    await hookAnswers(evm, account, 1, {})
    expect((await direct(segments([[0, '0xaa']], '0xcd'))).success).toBe(true)
    const given = encodeAbiParameters(parseAbiParameters('address, uint256, bytes'), [stranger, 3n, pay])
    expect(await hookRecord(evm, account, 1)).toEqual({
      asked: 1n,
      given: keccak256(given),
      segment: keccak256('0xaa'),
    })
    expect(await asked(evm)).toMatch(/0001cd0*$/)
    await answers(evm, 999n)
    expect((await direct(segments([], '0x'))).success).toBe(false)
  })

  it('judges ERC-1271 signatures too', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation')], '03')
    await answers(evm, 0x1626ba7en)
    const hash = keccak256('0x11')
    const ask = async (rest: Hex) => {
      const args = [hash, `0x0000000007${rest.slice(2)}`] as const
      const data = encodeFunctionData({ abi: managementAbi, functionName: 'isValidSignature', args })
      return (await evm.call({ to: account, data, static: true })).returnData.slice(0, 10)
    }
    expect(await ask(segments([[0, `0x${hash.slice(-2)}`]], '0x12'))).toBe('0x1626ba7e')
    expect(await ask(segments([], '0x12'))).toBe(refusal(1).slice(0, 10))
    await hookAnswers(evm, account, 1, { refuses: true })
    expect(await ask(segments([[0, `0x${hash.slice(-2)}`]], '0x12'))).toBe(refusal(1).slice(0, 10))
  })
})

describe('a hook that runs around an execution', () => {
  it('wants the prefix of executeUserOp, without which the operation is refused', async () => {
    const evm = await hookWorld([hookConfig(1, 'around')])
    expect(await send(evm, pay, '0xff')).toMatchObject({ error: { name: 'ExecuteUserOpRequired' } })
    expect(await evm.balanceOf(bob)).toBe(0n)
    expect(await send(evm, prefixed, '0xff')).toMatchObject({ kind: 'included', success: true })
    expect(await evm.balanceOf(bob)).toBe(5n)
    expect(await hookOrder(evm, account)).toBe('1< 1>')
  })

  it('refuses the execution of an included operation: nothing is executed', async () => {
    const evm = await hookWorld([hookConfig(1, 'before')])
    await hookAnswers(evm, account, 1, { refuses: true })
    expect(await send(evm, prefixed, '0xff')).toMatchObject({ kind: 'included', success: false })
    expect(await evm.balanceOf(bob)).toBe(0n)
  })

  it('refuses afterwards too, and nothing of it stays', async () => {
    const evm = await hookWorld([hookConfig(1, 'after')])
    await hookAnswers(evm, account, 1, { refuses: true })
    expect(await send(evm, prefixed, '0xff')).toMatchObject({ kind: 'included', success: false })
    expect(await evm.balanceOf(bob)).toBe(0n)
  })

  it('runs in the order of installation before, and backwards after', async () => {
    const hooks = [
      hookConfig(4, 'validation'),
      hookConfig(1, 'around'),
      hookConfig(2, 'before'),
      hookConfig(3, 'after'),
      hookConfig(5, 'around'),
    ]
    const evm = await hookWorld(hooks)
    expect(await send(evm, prefixed, '0xff')).toMatchObject({ kind: 'included', success: true })
    expect(await hookOrder(evm, account)).toBe('4v 1< 2< 5< 5> 3> 1>')
  })

  it('runs around direct calls, with the sender, and without a prefix', async () => {
    const evm = await hookWorld([hookConfig(1, 'around')])
    const direct = () => evm.call({ from: stranger, to: account, data: runtimeCalldata(pay, '0x0000000007ff') })
    await hookAnswers(evm, account, 1, { refuses: true })
    expect((await direct()).success).toBe(false)
    await hookAnswers(evm, account, 1, {})
    expect((await direct()).success).toBe(true)
    expect(await hookOrder(evm, account)).toBe('1< 1>')
    expect(await evm.balanceOf(bob)).toBe(5n)
  })

  it('belongs to its validation alone', async () => {
    const evm = await hookWorld([hookConfig(1, 'around'), hookConfig(2, 'validation')])
    const other = encodeFunctionData({
      abi: managementAbi,
      functionName: 'installValidation',
      args: [`${module}0000000801`, ['0xb61d27f6'], '0x', []],
    })
    expect((await evm.call({ from: entryPointAddress, to: account, data: other })).success).toBe(true)
    expect(await handleOp(evm, packed(pay, { entityId: 8 }, '0xff'))).toMatchObject({ success: true })
    expect(await hookOrder(evm, account)).toBe('')
  })
})

describe('installing and uninstalling hooks', () => {
  it('refuses a module that is no such hook', async () => {
    const evm = await moduleWorld()
    const name = async (hook: Hex) => readError((await install(evm, '01', { hooks: [hook] })).returnData)?.name
    expect(await name(hookConfig(1, 'validation'))).toBe('UnsupportedHook')
    expect(await name(hookConfig(1, 'before'))).toBe('UnsupportedHook')
  })

  it('tells the modules of hooks what stands behind their configuration', async () => {
    const evm = await hookWorld([
      hookConfig(1, 'validation', '0x01'),
      hookConfig(2, 'before', '0x02'),
      hookConfig(3, 'after'),
    ])
    expect(await hookInstalls(evm, account)).toBe(2n)
  })

  it('takes hooks out with their validation, told or not, even where they object', async () => {
    const hooks = [hookConfig(1, 'validation', '0x01'), hookConfig(2, 'around', '0x02')]
    const evm = await hookWorld(hooks)
    const out = (hookData: Hex[]) =>
      evm.call({
        from: entryPointAddress,
        to: account,
        data: encodeFunctionData({
          abi: managementAbi,
          functionName: 'uninstallValidation',
          args: [`${module}00000007`, '0x', hookData],
        }),
      })
    expect(readError((await out(['0x01'])).returnData)?.name).toBe('HookDataCountDiffers')
    const { success, logs } = await out(['0xff', '0x02'])
    expect(success).toBe(true)
    expect(BigInt(logs[0]?.data ?? '0x1')).toBe(0n)
    expect(await hookInstalls(evm, account)).toBe(1n)
    await install(evm, '01')
    expect(await send(evm, pay, '0xff')).toMatchObject({ kind: 'included', success: true })
    expect(await hookOrder(evm, account)).toBe('')
  })

  it('adds hooks to a validation that is there', async () => {
    const evm = await hookWorld([hookConfig(1, 'validation')])
    await install(evm, '01', { selectors: [], hooks: [hookConfig(2, 'validation')] })
    await send(evm, pay, '0xff')
    expect(await hookOrder(evm, account)).toBe('1v 2v')
    await evm.setCode(hooksModule, '0x')
    expect(await send(evm, pay, '0xff', 1n)).toMatchObject({ reason: 'AA23 reverted' })
  })
})
