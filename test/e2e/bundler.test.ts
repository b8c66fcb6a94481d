import { createPublicClient, encodeFunctionData, type Hex, http, parseAbi, parseEther } from 'viem'
import {
  createBundlerClient,
  entryPoint07Abi,
  entryPoint07Address,
  getUserOperationHash,
  type SmartAccount,
  toSmartAccount,
} from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import { ownerSignature, userOpSignature } from '../../src/evm/testAccount.js'
import { nonceKey } from '../../src/evm/userOp.js'
import type { Address } from '../../src/policy/Hex.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { Bundler, type BundlerOptions } from './harness/Bundler.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { anvilProgram } from './harness/tools.js'
import { deployToken, mint } from './harness/uniswap.js'

const abi = parseAbi(['function transfer(address to, uint256 amount) returns (bool)'])
const friend: Address = '0x00000000000000000000000000000000000f71e2'

/** The account for tests spoken for by its owner, as viem knows accounts; `lane` tells apart sequences that run beside each other. */
async function ownedAccount(anvil: Anvil, address: Address, owner: number, lane = 0n): Promise<SmartAccount> {
  const client = createPublicClient({ chain: anvil.chain, transport: http(anvil.url) })
  // A stranger's: bytes that no key signs would be cheaper to refuse.
  const stub = userOpSignature(ownerSignature(await anvil.funded(9).signMessage({ message: 'stub' })))
  return toSmartAccount({
    client,
    entryPoint: { abi: entryPoint07Abi, address: entryPoint07Address, version: '0.7' },
    encodeCalls: async (calls) =>
      executeCalldata(calls.map(({ to, value = 0n, data = '0x' }) => ({ to: to as Address, value, data }))),
    getAddress: async () => address,
    getFactoryArgs: async () => ({ factory: undefined, factoryData: undefined }),
    getStubSignature: async () => stub,
    getNonce: () =>
      client.readContract({
        address: entryPoint07Address,
        abi: entryPoint07Abi,
        functionName: 'getNonce',
        args: [address, nonceKey({ entityId: 0, key: lane })],
      }),
    signMessage: () => Promise.reject(new Error('not used')),
    signTypedData: () => Promise.reject(new Error('not used')),
    signUserOperation: async ({ chainId = anvil.chainId, ...operation }) => {
      const raw = getUserOperationHash({
        chainId,
        entryPointAddress: entryPoint07Address,
        entryPointVersion: '0.7',
        userOperation: { ...operation, sender: address, signature: '0x' } as never,
      })
      return userOpSignature(ownerSignature(await anvil.funded(owner).signMessage({ message: { raw } })))
    },
  })
}

describe.skipIf(anvilProgram() === undefined)('the bundler for tests', () => {
  let anvil: Anvil
  let token: Address
  let one: Account
  let other: Account
  const bundlers: Bundler[] = []
  const start = async (options: BundlerOptions = {}): Promise<Bundler> => {
    const bundler = await Bundler.start(anvil, options)
    bundlers.push(bundler)
    return bundler
  }
  const clientOf = (bundler: Bundler, account: SmartAccount) =>
    createBundlerClient({
      account,
      client: anvil.reader(),
      chain: anvil.chain,
      transport: http(bundler.url, { retryCount: 0 }),
      pollingInterval: 20,
    })
  const pay = (amount: bigint) => ({
    to: token,
    value: 0n,
    data: encodeFunctionData({ abi, functionName: 'transfer', args: [friend, amount] }),
  })
  const failureOf = async (act: Promise<unknown>): Promise<string> => {
    const error = await act.then(
      () => undefined,
      (reason: Error) => reason,
    )
    if (error === undefined) throw new Error('nothing failed')
    return error.message
  }

  /** The JSON-RPC error that viem wraps. */
  const codeOf = async (act: Promise<unknown>): Promise<unknown> => {
    const error = (await act.catch((reason: unknown) => reason)) as {
      walk?: (test: (e: unknown) => boolean) => unknown
    }
    return error.walk?.((each) => typeof (each as { code?: unknown }).code === 'number')
  }

  beforeAll(async () => {
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    await deployModule(anvil)
    token = await deployToken(anvil, 'Token', 'TKN')
    one = await Account.deploy(anvil, 1)
    other = await Account.deploy(anvil, 2)
    for (const account of [one, other]) await mint(anvil, token, account.address, parseEther('100'))
  })

  afterEach(async () => {
    for (const bundler of bundlers.splice(0)) await bundler.stop()
  })
  afterAll(() => anvil.stop())

  test('carries an operation of viem’s client from the estimate to the receipt, and is paid for it', async () => {
    const bundler = await start()
    const client = clientOf(bundler, await ownedAccount(anvil, one.address, 1))
    expect(await client.getChainId()).toBe(anvil.chainId)
    expect(await client.getSupportedEntryPoints()).toContain(entryPoint07Address.toLowerCase())
    const before = await anvil.client().getBalance({ address: bundler.executor })
    const hash = await client.sendUserOperation({ calls: [pay(5n)] })
    const receipt = await client.waitForUserOperationReceipt({ hash })
    expect(receipt).toMatchObject({ success: true, userOpHash: hash, sender: expect.stringMatching(/^0x/) })
    expect(receipt.logs.map(({ address }) => address)).toContain(token)
    expect(await client.getUserOperation({ hash })).toMatchObject({
      userOperation: { sender: expect.stringMatching(new RegExp(one.address, 'i')) },
      transactionHash: receipt.receipt.transactionHash,
    })
    expect(await anvil.client().getBalance({ address: bundler.executor })).toBeGreaterThan(before)
  })

  test('estimates so tightly that two per cent less is too little', async () => {
    const bundler = await start()
    const account = await ownedAccount(anvil, one.address, 1)
    const client = clientOf(bundler, account)
    const calls = [pay(1n), pay(2n), pay(3n)]
    const gas = await client.estimateUserOperationGas({ calls })
    const tight = (limit: bigint): bigint => (limit * 98n) / 100n
    const validation = { ...gas, verificationGasLimit: tight(gas.verificationGasLimit) }
    expect(await failureOf(client.sendUserOperation({ calls, ...validation }))).toMatch(/AA2[36]/i)
    const execution = { ...gas, callGasLimit: tight(gas.callGasLimit) }
    const hash = await client.sendUserOperation({ calls, ...execution })
    expect(await client.waitForUserOperationReceipt({ hash })).toMatchObject({ success: false })
    const enough = await client.sendUserOperation({ calls, ...gas })
    expect(await client.waitForUserOperationReceipt({ hash: enough })).toMatchObject({ success: true })
    const base = { ...gas, preVerificationGas: gas.preVerificationGas - 1000n }
    expect(await failureOf(client.sendUserOperation({ calls, ...base }))).toMatch(/preVerificationGas/)
  })

  test('an estimate tells what the calls revert with', async () => {
    const client = clientOf(await start(), await ownedAccount(anvil, one.address, 1))
    const beyond = client.estimateUserOperationGas({ calls: [pay(parseEther('101'))] })
    expect(await codeOf(beyond)).toMatchObject({ code: -32521, data: expect.stringMatching(/^0xe450d38c/) })
  })

  test('several operations of several senders go into one bundle, lanes beside each other and sequences in turn', async () => {
    const bundler = await start({ mode: 'manual', mostOfSender: 3 })
    const clients = [
      clientOf(bundler, await ownedAccount(anvil, one.address, 1)),
      clientOf(bundler, await ownedAccount(anvil, one.address, 1, 7n)),
      clientOf(bundler, await ownedAccount(anvil, other.address, 2)),
    ]
    const hashes: Hex[] = []
    for (const client of clients) hashes.push(await client.sendUserOperation({ calls: [pay(1n)] }))
    const [first] = clients
    const nonce = await first?.account.getNonce()
    hashes.push((await first?.sendUserOperation({ calls: [pay(1n)], nonce: (nonce ?? 0n) + 1n })) ?? '0x')
    expect(bundler.waiting).toBe(4)
    expect(await first?.getUserOperation({ hash: hashes[3] ?? '0x' })).toMatchObject({ transactionHash: null })
    const sent = await bundler.bundleNow()
    expect(sent).toHaveLength(1)
    for (const hash of hashes)
      expect(await first?.getUserOperationReceipt({ hash })).toMatchObject({
        success: true,
        receipt: { transactionHash: sent[0] },
        logs: [{ address: token }, { address: entryPoint07Address.toLowerCase() }],
      })
  })

  test('of one nonce the dearer operation wins, and equal ones are refused', async () => {
    const bundler = await start({ mode: 'manual' })
    const client = clientOf(bundler, await ownedAccount(anvil, one.address, 1))
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n }
    const replaced = await client.sendUserOperation({ calls: [pay(1n)], ...fees })
    expect(await failureOf(client.sendUserOperation({ calls: [pay(2n)], ...fees }))).toMatch(/replacement underpriced/)
    const dearer = { maxFeePerGas: 11n * 10n ** 9n, maxPriorityFeePerGas: 11n * 10n ** 8n }
    const kept = await client.sendUserOperation({ calls: [pay(2n)], ...dearer })
    await bundler.bundleNow()
    expect(await client.getUserOperationReceipt({ hash: kept })).toMatchObject({ success: true })
    expect(bundler.dropped).toEqual([{ hash: replaced, reason: 'replaced by an operation of the same nonce' }])
  })

  test('what the EntryPoint refuses is refused with its words and the codes of ERC-7769', async () => {
    const bundler = await start()
    const account = await ownedAccount(anvil, one.address, 1)
    const client = clientOf(bundler, account)
    const gas = await client.estimateUserOperationGas({ calls: [pay(1n)] })
    const stub = await account.getStubSignature()
    expect(await codeOf(client.sendUserOperation({ calls: [pay(1n)], ...gas, signature: stub }))).toMatchObject({
      code: -32507,
      details: 'AA24 signature error',
    })
    expect(await codeOf(client.sendUserOperation({ calls: [pay(1n)], ...gas, nonce: 99n }))).toMatchObject({
      code: -32500,
      details: 'AA25 invalid account nonce',
    })
    const poor = await Account.deploy(anvil, 3)
    await anvil.client().setBalance({ address: poor.address, value: 1n })
    const ofPoor = clientOf(bundler, await ownedAccount(anvil, poor.address, 3))
    expect(await codeOf(ofPoor.sendUserOperation({ calls: [pay(0n)], ...gas }))).toMatchObject({
      code: -32500,
      details: expect.stringMatching(/^AA2[13]/),
    })
    const hash = await client.sendUserOperation({
      calls: [pay(parseEther('101'))],
      ...gas,
      preVerificationGas: 60_000n,
      callGasLimit: 100_000n,
    })
    const receipt = await client.waitForUserOperationReceipt({ hash })
    expect(receipt.success).toBe(false)
    expect(receipt.reason).toMatch(/e450d38c/)
  })

  test('an operation that passed alone and fails among others is dropped with the reason', async () => {
    const bundler = await start({ mode: 'manual' })
    const client = clientOf(bundler, await ownedAccount(anvil, one.address, 1))
    const hash = await client.sendUserOperation({ calls: [pay(1n)] })
    const rival = await start()
    const rivals = clientOf(rival, await ownedAccount(anvil, one.address, 1))
    const won = await rivals.sendUserOperation({ calls: [pay(2n)] })
    await rivals.waitForUserOperationReceipt({ hash: won })
    expect(await bundler.bundleNow()).toEqual([])
    expect(bundler.dropped).toEqual([{ hash, reason: 'AA25 invalid account nonce' }])
  })

  test('fails in every way that it is told to', async () => {
    const bundler = await start()
    const client = clientOf(bundler, await ownedAccount(anvil, one.address, 1))
    const gas = await client.estimateUserOperationGas({ calls: [pay(1n)] })
    const send = () => client.sendUserOperation({ calls: [pay(1n)], ...gas })
    for (const reason of ['AA21', 'AA22', 'AA23', 'AA24', 'AA25', 'AA31', 'AA33'] as const) {
      bundler.fault = { kind: 'reject', reason }
      expect(await failureOf(send())).toMatch(new RegExp(reason))
    }
    bundler.fault = { kind: 'error', code: -32504, message: 'sender is throttled' }
    expect(await failureOf(send())).toMatch(/sender is throttled/)
    bundler.fault = { kind: 'down' }
    expect(await failureOf(send())).toMatch(/fetch failed|HTTP request failed/)
    bundler.fault = { kind: 'http', status: 503, body: '<h1>overloaded</h1>' }
    expect(await failureOf(send())).toMatch(/overloaded/)
    bundler.fault = { kind: 'wrong-chain', chainId: 1 }
    expect(await client.getChainId()).toBe(1)
    bundler.fault = { kind: 'drop' }
    await send()
    expect(bundler.waiting).toBe(0)
    bundler.fault = { kind: 'hold' }
    const held = await send()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(bundler.waiting).toBe(1)
    bundler.fault = undefined
    expect(await client.waitForUserOperationReceipt({ hash: held })).toMatchObject({ success: true })
    bundler.fault = { kind: 'blind' }
    await expect(client.getUserOperationReceipt({ hash: held })).rejects.toThrow(/could not be found/)
    bundler.fault = { kind: 'slow', ms: 150 }
    const began = Date.now()
    await client.getChainId()
    expect(Date.now() - began).toBeGreaterThanOrEqual(140)
  })
})
