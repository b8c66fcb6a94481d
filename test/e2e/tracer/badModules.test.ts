import { concat, encodeFunctionData, numberToHex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executeCalldata } from '../../../src/evm/accountCalldata.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import { compiled } from '../../contracts/harness/compiled.js'
import { Account } from '../harness/Account.js'
import { Anvil } from '../harness/Anvil.js'
import { deploy, deployEntryPointOn } from '../harness/deploy.js'
import { anvilProgram } from '../harness/tools.js'
import { traceValidation } from './traceValidation.js'
import type { Rule } from './Violation.js'

const bob: Address = '0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0'
const nobody: Address = '0x00000000000000000000000000000000deadbeef'
const pay = executeCalldata([{ to: bob, value: 5n, data: '0x' }])
const managementAbi = parseAbi([
  'function installValidation(bytes25 config, bytes4[] selectors, bytes installData, bytes[] hooks)',
  'function prepare(address account)',
])

/** A module of bare bytes: says yes to every interface, and validates by running the body and answering 0. */
const module = (body: string): Hex => `0x5f3560e01c6301ffc9a7141560175760015f5260205ff35b${body}5f5f5260205ff3`
const push20 = (address: Address): string => `73${address.slice(2)}`
/** CALL of an address with all gas, a value, and calldata that is this word at most (in memory from 0 on). */
const call = (address: Address, value = '5f', size = '5f'): string => `5f5f${size}5f${value}${push20(address)}5af150`

describe.skipIf(anvilProgram() === undefined)('a validation that breaks a rule of ERC-7562', () => {
  let anvil: Anvil
  let entryPoint: Address
  let account: Account
  let bad: Address
  let next = 100

  beforeAll(async () => {
    const { abi, bytecode } = compiled('BadModule')
    anvil = await Anvil.start()
    entryPoint = await deployEntryPointOn(anvil, '0.7')
    account = await Account.deploy(anvil, 1)
    bad = await deploy(anvil, { abi, bytecode })
  }, 120_000)
  afterAll(() => anvil.stop())

  const install = (at: Address, entityId: number): Promise<void> =>
    account.asOwner(
      encodeFunctionData({
        abi: managementAbi,
        functionName: 'installValidation',
        args: [concat([at, numberToHex(entityId, { size: 4 }), '0x01']), ['0xb61d27f6'], '0x', []],
      }),
    )
  const violations = async (entityId: number) =>
    traceValidation(anvil, { ...(await account.unsigned(pay, entityId)), signature: '0xff' }, entryPoint)

  /** Puts bare code where nothing is. */
  const place = async (code: string): Promise<Address> => {
    const at: Address = `0x${(next++).toString(16).padStart(40, 'd')}`
    await anvil.client().setCode({ address: at, bytecode: `0x${code}` })
    return at
  }

  /** What is found of a module of bare bytes; all of it in the code of `culprit`, or its own. */
  const bare = async (body: string, culprit?: Address | 'anywhere') => {
    const entityId = next++
    const at: Address = `0x${entityId.toString(16).padStart(40, 'c')}`
    await anvil.client().setCode({ address: at, bytecode: module(body) })
    await install(at, entityId)
    return (await violations(entityId)).map(({ rule, entity, code, what }) => {
      if (culprit !== 'anywhere') expect([entity, code]).toEqual(['account', culprit ?? at])
      return `${rule} ${what}`
    })
  }

  const slot = (word: string) => expect.stringContaining(word) as string
  const vices: [number, string, Rule, string][] = [
    [1, 'asks what time it is', 'OP-011', 'TIMESTAMP'],
    [2, 'writes the 129th word behind its hash', 'STO-021', 'SSTORE'],
    [3, 'reads bytes that it stored', 'STO-021', 'SLOAD'],
    [4, 'counts in transient storage', 'OP-070', 'TSTORE'],
    [5, 'writes what belongs to another account', 'STO-021', 'SSTORE'],
    [6, 'looks at an address without code', 'OP-041', 'EXTCODESIZE'],
    [7, 'counts all accounts in one word', 'STO-021', 'SSTORE'],
    [8, 'asks for a balance', 'OP-080', 'BALANCE'],
    [9, 'keys its words by the account first, and by the entity id last', 'STO-021', 'SSTORE'],
  ]
  test.each(vices)('%i: which %s', async (entityId, _, rule, what) => {
    await install(bad, entityId)
    const data = encodeFunctionData({ abi: managementAbi, functionName: 'prepare', args: [account.address] })
    await anvil.client().waitForTransactionReceipt({ hash: await anvil.wallet(0).sendTransaction({ to: bad, data }) })
    const found = await violations(entityId)
    expect(found).toContainEqual({ rule, entity: 'account', code: bad, what: slot(what) })
    expect(new Set(found.map((each) => each.rule))).toEqual(new Set([rule]))
  })

  test.each([
    [10, 'keys its words by the account last'],
    [11, 'writes the 128th word behind its hash'],
  ])('%i is none: it %s', async (entityId) => {
    await install(bad, entityId)
    expect(await violations(entityId)).toEqual([])
  })

  test.each([
    ['ORIGIN', '3250'],
    ['GASPRICE', '3a50'],
    ['BLOCKHASH', '5f4050'],
    ['COINBASE', '4150'],
    ['TIMESTAMP', '4250'],
    ['NUMBER', '4350'],
    ['DIFFICULTY', '4450'],
    ['GASLIMIT', '4550'],
    ['BASEFEE', '4850'],
    ['BLOBHASH', '5f4950'],
    ['BLOBBASEFEE', '4a50'],
    ['CREATE', '5f5f5ff050'],
    ['INVALID', 'fe'],
    ['SELFDESTRUCT', '30ff'],
  ])('OP-011: the opcode %s', async (name, body) => {
    expect(await bare(body)).toEqual([`OP-011 ${name}`])
  })

  test('OP-012: how much gas is left, unless it is handed to a call at once', async () => {
    expect(await bare('5a50')).toEqual(['OP-012 GAS'])
    expect(await bare('5f5f5f5f5f73000000000000000000000000000000000000000490505a5050505050')).toEqual(['OP-012 GAS'])
    expect(await bare(call('0x0000000000000000000000000000000000000004'))).toEqual([])
  })

  test('OP-013: an opcode that there is not', async () => {
    expect(await bare('0c')).toEqual([expect.stringContaining('OP-013')])
  })

  test.each([
    ['spins', '5b5f56'],
    ['reaches far into memory', '5f63ffffffff5200'],
  ])('OP-020: gas that runs out, even in a call that is survived: it %s', async (_, code) => {
    const callee = await place(code)
    const found = await bare(`5f5f5f5f5f${push20(callee)}6103e8f150`, callee)
    expect(found).toEqual([expect.stringMatching(/^OP-020 .*out of gas/i)])
  })

  test('OP-031: CREATE2 outside of a deployment', async () => {
    expect(await bare('5f5f5f5ff550')).toEqual([expect.stringMatching(/^OP-031 CREATE2 0x/)])
  })

  test.each([
    ['CALL', call(nobody)],
    ['CALLCODE', `5f5f5f5f5f${push20(nobody)}5af250`],
    ['DELEGATECALL', `5f5f5f5f${push20(nobody)}5af450`],
    ['STATICCALL', `5f5f5f5f${push20(nobody)}5afa50`],
    ['EXTCODESIZE', `${push20(nobody)}3b50`],
    ['EXTCODEHASH', `${push20(nobody)}3f50`],
    ['EXTCODECOPY', `5f5f5f${push20(nobody)}3c`],
  ])('OP-041: an address without code, by %s', async (name, body) => {
    expect(await bare(body)).toEqual([`OP-041 ${name} ${nobody}`])
  })

  test('OP-054: the EntryPoint, but for what is allowed to the account itself', async () => {
    expect(await bare(call(entryPoint))).toEqual([`OP-054 CALL ${entryPoint} 0x`])
    const depositTo = `63b760faf960e01b5f5230600452`
    expect(await bare(depositTo + call(entryPoint, '5f', '6024'))).toEqual([`OP-054 CALL ${entryPoint} 0xb760faf9`])
    expect(await bare(`5f5f5f5f${push20(entryPoint)}6103e8fa50`)).toEqual([`OP-054 STATICCALL ${entryPoint} 0x`])
    expect(await bare(`${push20(entryPoint)}3f50`)).toEqual([`OP-054 EXTCODEHASH ${entryPoint} 0x`])
    expect(await bare(`${push20(entryPoint)}3b50`)).toEqual([`OP-054 EXTCODESIZE ${entryPoint} 0x`])
    expect(await bare(`${push20(entryPoint)}3b1550`)).toEqual([])
  })

  test('OP-061: a call with value', async () => {
    const callee = await place('00')
    expect(await bare(call(callee, '6001'))).toEqual([`OP-061 CALL ${callee} with 1 wei`])
    expect(await bare(call(callee))).toEqual([])
  })

  test('OP-062: a precompile that not every network knows', async () => {
    const point = '0x000000000000000000000000000000000000000a'
    // It burns the gas that it is given, too.
    expect(await bare(`5f5f5f5f5f${push20(point)}6103e8f150`, 'anywhere')).toContain(`OP-062 CALL ${point}`)
    expect(await bare(call('0x0000000000000000000000000000000000000004'))).toEqual([])
  })

  test('OP-070: a transient word that is not the account’s, read or written', async () => {
    expect(await bare('5f5c50')).toEqual([expect.stringMatching(/^OP-070 TLOAD .* slot 0x0 \[STO-021\]/)])
    expect(await bare('60015f5d')).toEqual([expect.stringMatching(/^OP-070 TSTORE .* slot 0x0 \[STO-021\]/)])
    // Slot A is the account's own.
    expect(await bare('335c50')).toEqual([])
  })

  test('OP-080: a balance, anybody’s or its own', async () => {
    expect(await bare('333150')).toEqual(['OP-080 BALANCE'])
    expect(await bare('4750')).toEqual(['OP-080 SELFBALANCE'])
  })

  test('STO-021: words that are not associated with the account', async () => {
    expect(await bare('5f5450')).toEqual([expect.stringMatching(/^STO-021 SLOAD .* slot 0x0$/)])
    expect(await bare('60015f55')).toEqual([expect.stringContaining('STO-021 SSTORE')])
    // keccak256(account ‖ 0), and 128 words on, and 129; and keccak256(0 ‖ account).
    const hash = '335f525f60205260405f20'
    expect(await bare(`${hash}5450`)).toEqual([])
    expect(await bare(`${hash}6080015450`)).toEqual([])
    expect(await bare(`${hash}6081015450`)).toEqual([expect.stringContaining('STO-021')])
    expect(await bare(`${hash}600190035450`)).toEqual([expect.stringContaining('STO-021')])
    expect(await bare('5f5f523360205260405f205450')).toEqual([expect.stringContaining('STO-021')])
    // A hash of three words is no slot of a mapping, whatever it begins with.
    expect(await bare('335f525f60205260605f205450')).toEqual([expect.stringContaining('STO-021')])
  })

  test('what a module calls is judged as the module itself', async () => {
    const deepest = await place('4250')
    const between = await place(`${call(deepest)}00`)
    expect(await bare(call(between), deepest)).toEqual(['OP-011 TIMESTAMP'])
    expect(await bare(`5f5f5f5f${push20(deepest)}5af450`, deepest)).toEqual(['OP-011 TIMESTAMP'])
  })

  test('LIM-060: more gas for verification than bundlers give', async () => {
    const op = await account.unsigned(pay, 0, { verificationGasLimit: 500_000n })
    const found = await traceValidation(anvil, { ...op, signature: '0xff' }, entryPoint)
    expect(found).toEqual([
      { rule: 'LIM-060', entity: 'account', code: account.address, what: '500000 gas for verification' },
    ])
  })

  test('LIM-010: an operation larger than bundlers take', async () => {
    const call = executeCalldata([{ to: bob, value: 0n, data: `0x${'11'.repeat(7_650)}` }])
    const op = { ...(await account.unsigned(call, 0)), signature: '0xff' as const }
    expect(await traceValidation(anvil, op, entryPoint)).toEqual([expect.objectContaining({ rule: 'LIM-010' })])
    const less = executeCalldata([{ to: bob, value: 0n, data: `0x${'11'.repeat(7_400)}` }])
    const fits = { ...(await account.unsigned(less, 0)), signature: '0xff' as const }
    expect(await traceValidation(anvil, fits, entryPoint)).toEqual([])
  })

  test('a trace without a validation is no proof', async () => {
    const op = await account.unsigned(pay, 0)
    const overflowing = { ...op, accountGasLimits: `0x${'ff'.repeat(32)}` as const, signature: '0xff' as const }
    await expect(traceValidation(anvil, overflowing, entryPoint)).rejects.toThrow('no call of validateUserOp')
  })
})
