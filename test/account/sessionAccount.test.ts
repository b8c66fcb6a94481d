import { concat, recoverAddress, type BaseError, type Hex } from 'viem'
import { entryPoint07Address, entryPoint08Address, getUserOperationHash } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { ChainFault } from '../../src/account/ChainFault.js'
import { InvalidWritError } from '../../src/account/InvalidWritError.js'
import { PolicyDeniedError } from '../../src/account/PolicyDeniedError.js'
import { SessionMismatchError } from '../../src/account/SessionMismatchError.js'
import { toSessionAccount } from '../../src/account/toSessionAccount.js'
import { rootOf } from '../../src/compiler/root.js'
import { digest, load, witness } from '../../src/evaluator/index.js'
import { FakeChain, nonceKeyOf } from './FakeChain.js'
import * as fixture from './sessionFixture.js'

const { account, ether, fakeSession, friend, from, grantOf, key, operationOf, policyOf, sponsor } = fixture

const text = `fees 0.01 ETH/day\nallow send on ${friend} budget 1 ETH/day`
const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const denialsOf = async (promise: Promise<unknown>) => {
  const error = await thrown(promise)
  expect(error).toBeInstanceOf(PolicyDeniedError)
  return (error as PolicyDeniedError).denials
}
const pay = (value: bigint, to: Hex = friend) => [{ to, value }]

describe('what a session account is made of', () => {
  const policy = policyOf(text)
  const grant = grantOf(policy)
  const make = (changes: object, chain = new FakeChain(policy.meters, from)) =>
    toSessionAccount({ client: chain.client(), address: account, key, writ: grant, kind: 'test', ...changes })

  test('the grant may come alone or in an artifact, and the address in any case', async () => {
    const { address } = await make({
      writ: { grant, root: rootOf(grant) },
      address: `0x${account.slice(2).toUpperCase()}`,
    })
    expect(address).toBe(account)
  })

  test('a writ for another chain is refused, with both chains', async () => {
    const chain = new FakeChain(policy.meters, from)
    chain.chainId = 1
    const error = (await thrown(make({}, chain))) as ChainFault
    expect(error).toBeInstanceOf(ChainFault)
    expect(error.code).toBe('wrong-chain')
    expect(error.message).toMatch(/chain 8453, and the node is of chain 1/)
  })

  test('a writ for another account or key is refused, with both', async () => {
    const other: Hex = '0x00000000000000000000000000000000000000aa'
    expect(await thrown(make({ address: other }))).toMatchObject({ what: 'account', granted: account, given: other })
    const stranger = privateKeyToAccount(`0x${'22'.repeat(32)}`)
    expect(await thrown(make({ key: stranger }))).toMatchObject({
      what: 'key',
      granted: key.address.toLowerCase(),
      given: stranger.address.toLowerCase(),
    })
  })

  test('bytes that are not exactly a grant are refused', async () => {
    expect(await thrown(make({ writ: `${grant}00` }))).toBeInstanceOf(InvalidWritError)
    expect(await thrown(make({ writ: 'allow everything' }))).toBeInstanceOf(InvalidWritError)
    expect(await thrown(make({ writ: {} }))).toBeInstanceOf(InvalidWritError)
  })

  test('an artifact whose root is not its grant’s is refused', async () => {
    const error = (await thrown(make({ writ: { grant, root: `0x${'00'.repeat(32)}` } }))) as BaseError
    expect(error).toBeInstanceOf(InvalidWritError)
    expect(error.message).toMatch(/its root is not that of its grant/)
  })

  test('an EntryPoint that the kind does not answer to is refused', async () => {
    expect(String(await thrown(make({ kind: 'modular-account-v2', entryPoint: '0.8' })))).toMatch(
      /do not answer to EntryPoint 0.8/,
    )
  })

  test('a key that cannot sign a hash is refused', async () => {
    expect(String(await thrown(make({ key: { ...key, sign: undefined } })))).toMatch(/cannot sign a hash/)
  })
})

describe('what a session key does not do', () => {
  test('it signs no message and no typed data', async () => {
    const { session } = await fakeSession(text)
    expect(String(await thrown(session.signMessage({ message: 'hello' })))).toMatch(/does not sign a message/)
    const typed = {
      domain: {},
      types: { A: [{ name: 'a', type: 'uint8' }] },
      primaryType: 'A',
      message: { a: 1 },
    } as const
    expect(String(await thrown(session.signTypedData(typed)))).toMatch(/does not sign typed data/)
  })

  test('it deploys nothing', async () => {
    const { session } = await fakeSession(text)
    expect(await session.getFactoryArgs()).toEqual({ factory: undefined, factoryData: undefined })
    expect(await session.isDeployed()).toBe(true)
  })
})

describe('signing', () => {
  /** Reads `FF ‖ witness ‖ r ‖ s ‖ v`. */
  const parts = (signature: Hex) => ({
    witness: `0x${signature.slice(4, -130)}` as Hex,
    signed: `0x${signature.slice(-130)}` as Hex,
  })

  test.each([
    ['0.7', entryPoint07Address],
    ['0.8', entryPoint08Address],
  ] as const)(
    'the key signs the hash of EntryPoint %s with the witness',
    async (entryPointVersion, entryPointAddress) => {
      const { session, chain, policy } = await fakeSession(text, { entryPoint: entryPointVersion })
      const userOperation = await operationOf(session, pay(ether))
      const { witness: proof, signed } = parts(await session.signUserOperation(userOperation))
      const loaded = load(grantOf(policy))
      expect(proof).toBe(witness(loaded, { time: chain.time, rules: [0] }))
      const userOpHash = getUserOperationHash({
        chainId: 8453,
        entryPointAddress,
        entryPointVersion,
        userOperation,
      } as never)
      const hash = digest({ userOpHash, module: fixture.module, entityId: 1, witness: proof })
      expect(await recoverAddress({ hash, signature: signed })).toBe(key.address)
    },
  )

  test('the decision is about the calldata as it is to be sent, suffix and all', async () => {
    const { session } = await fakeSession(text)
    const suffixed = await operationOf(session, pay(ether))
    const callData = concat([suffixed.callData, '0xdeadbeef'])
    await session.signUserOperation({ ...suffixed, callData })
    // What viem encoded was allowed; what it was made into is not.
    const { session: other } = await fakeSession(text)
    const allowed = await operationOf(other, pay(ether))
    const stranger = await other.encodeCalls(pay(ether, sponsor))
    expect(await denialsOf(other.signUserOperation({ ...allowed, callData: stranger }))).toMatchObject([
      { code: 'no-rule' },
    ])
  })

  test('the decision is about the gas fields as they are to be sent', async () => {
    const { session } = await fakeSession(text)
    const dear = await operationOf(session, pay(1n), { maxFeePerGas: 10n ** 11n })
    expect(await denialsOf(session.signUserOperation(dear))).toMatchObject([
      { code: 'fee-exceeded', actual: String(300_000n * 10n ** 11n) },
    ])
  })

  test('the paymaster’s fields are decided on as the EntryPoint packs them', async () => {
    const { session } = await fakeSession(`fees sponsored by ${sponsor}\nallow send on ${friend} budget 1 ETH/day`)
    const limits = { paymasterVerificationGasLimit: 1n, paymasterPostOpGasLimit: 2n, paymasterData: '0xabcd' } as const
    const sponsored = await operationOf(session, pay(1n), { paymaster: sponsor, ...limits })
    expect(await session.signUserOperation(sponsored)).toMatch(/^0xff/)
    const unpaid = await operationOf(session, pay(1n))
    expect(await denialsOf(session.signUserOperation(unpaid))).toMatchObject([{ code: 'paymaster-not-allowed' }])
    const another = await operationOf(session, pay(1n), { paymaster: friend, ...limits })
    expect(await denialsOf(session.signUserOperation(another))).toMatchObject([{ code: 'paymaster-not-allowed' }])
  })

  test.each([
    ['paymasterAndData', { paymasterAndData: `0x${'00'.repeat(52)}` }],
    ['initCode', { initCode: '0x01' }],
    ['paymasterSignature', { paymasterSignature: '0x01' }],
  ])('a field of another EntryPoint, %s, is refused rather than ignored', async (field, fields) => {
    const { session } = await fakeSession(text)
    const operation = await operationOf(session, pay(1n), fields as never)
    expect(String(await thrown(session.signUserOperation(operation)))).toMatch(new RegExp(`no field \`${field}\``))
  })

  test('an operation of another account or chain, or with a nonce of another validation, is not signed', async () => {
    const { session } = await fakeSession(text)
    const operation = await operationOf(session, pay(1n))
    expect(await thrown(session.signUserOperation({ ...operation, sender: friend }))).toBeInstanceOf(
      SessionMismatchError,
    )
    expect(await thrown(session.signUserOperation({ ...operation, chainId: 1 }))).toBeInstanceOf(SessionMismatchError)
    const ofOwner = await thrown(session.signUserOperation({ ...operation, nonce: 0n }))
    expect(String(ofOwner)).toMatch(/does not name the validation/)
  })

  test('nothing is asked of the key where the writ does not allow it', async () => {
    let signatures = 0
    const counting = { ...key, sign: (parameters: { hash: Hex }) => (signatures++, key.sign(parameters)) }
    const { session, chain } = await fakeSession(text, { key: counting as typeof key })
    await denialsOf(session.signUserOperation(await operationOf(session, pay(2n * ether))))
    chain.status = 'revoked'
    expect(await denialsOf(session.signUserOperation(await operationOf(session, pay(1n))))).toMatchObject([
      { code: 'session-not-active', actual: 'revoked' },
    ])
    chain.status = 'active'
    chain.tag = 7
    expect(await denialsOf(session.signUserOperation(await operationOf(session, pay(1n))))).toMatchObject([
      { code: 'session-not-active', actual: 'killed' },
    ])
    expect(signatures).toBe(0)
  })

  test('a denial says when to try again, as data and in words', async () => {
    const { session, chain } = await fakeSession(text)
    chain.meters = [chain.meters[0] ?? { window: 0, spent: 0n }, { window: 0, spent: ether }]
    const error = (await thrown(session.signUserOperation(await operationOf(session, pay(1n))))) as PolicyDeniedError
    expect(error.retryAt).toBe(from + 86_400)
    expect(error.message).toMatch(/more than the budget or limit has left .*Try again from 2026-11-23 13:00:00 UTC/)
  })

  test('a nonce that the chain has used already is not signed with', async () => {
    const { session, chain } = await fakeSession(text)
    const operation = await operationOf(session, pay(1n))
    chain.sequences.set(nonceKeyOf(operation.nonce), 1n)
    expect(await thrown(session.signUserOperation(operation))).toMatchObject({ code: 'nonce-taken' })
  })

  test('meters are read by one call, of the block that the nonces are read of', async () => {
    const { session, chain } = await fakeSession(text)
    const operation = await operationOf(session, pay(1n))
    chain.asked.length = 0
    await session.signUserOperation(operation)
    const calls = chain.asked.filter(({ method }) => method === 'eth_call')
    expect(chain.asked.map(({ method }) => method).sort()).toEqual(['eth_call', 'eth_call', 'eth_getBlockByNumber'])
    expect(calls.map(({ params }) => params[1])).toEqual(['0x64', '0x64'])
  })
})
