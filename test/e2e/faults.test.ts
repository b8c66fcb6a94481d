import { createPublicClient, http, parseEther } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ChainFault, FaultCode } from '../../src/account/ChainFault.js'
import { explainFault } from '../../src/account/explainFault.js'
import { PolicyDeniedError } from '../../src/account/PolicyDeniedError.js'
import type { SessionAccount, SessionAccountParameters } from '../../src/account/session/SessionAccount.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { FaultyRpc } from './harness/FaultyRpc.js'
import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'
const ether = parseEther('1')

describe.skipIf(anvilProgram() === undefined)('what can go wrong between an agent and the chain', () => {
  let world: SessionWorld
  let rpc: FaultyRpc
  let grant: Hex

  beforeAll(async () => {
    world = await SessionWorld.start()
    rpc = await FaultyRpc.start(world.anvil.url)
    grant = await world.grant(`fees 1 ETH/day\nallow send on ${friend} budget 1 ETH/hour`)
  })
  afterEach(() => {
    rpc.fail(undefined)
    world.bundler.fault = undefined
  })
  afterAll(async () => {
    await rpc.stop()
    await world.stop()
  })

  /** The agent's way to the node leads over the faulty proxy. */
  const throughProxy = (timeout = 10_000) =>
    createPublicClient({
      chain: world.anvil.chain,
      transport: http(rpc.url, { retryCount: 0, timeout }),
      pollingInterval: 20,
      cacheTime: 0,
    })
  const session = (options: Partial<SessionAccountParameters> = {}): Promise<SessionAccount> =>
    world.session(grant, { client: throughProxy(), ...options })
  const bundlerOf = (account: SessionAccount) =>
    createBundlerClient({
      account,
      client: world.client(),
      chain: world.anvil.chain,
      transport: http(world.bundler.url, { retryCount: 0 }),
      pollingInterval: 20,
    })
  const pay = (
    account: SessionAccount,
    value = 1n,
    patience: { timeoutSeconds?: number; resendSeconds?: number } = {},
  ) => account.send(bundlerOf(account), { calls: [{ to: friend, value }] }, patience)
  const faultOf = async (act: Promise<unknown>): Promise<ChainFault> => {
    const thrown = await act.then(
      () => 'nothing failed',
      (error: unknown) => error,
    )
    if (thrown === 'nothing failed') throw new Error(thrown)
    return explainFault(thrown)
  }
  const spent = async (): Promise<bigint> => world.client().getBalance({ address: friend })
  /** The fault has this code and these words, says what to do, and afterwards the same agent goes on as if nothing had been. */
  const expectFault = async (act: () => Promise<unknown>, code: FaultCode, words: RegExp): Promise<void> => {
    const before = await spent()
    const fault = await faultOf(act())
    expect([fault.code, fault.shortMessage]).toEqual([code, expect.stringMatching(words)])
    expect(fault.help.length).toBeGreaterThan(10)
    expect(await spent()).toBe(before)
  }
  const expectItWorks = async (account: SessionAccount): Promise<void> => {
    const before = await spent()
    expect(await pay(account, 7n)).toMatchObject({ success: true })
    expect(await spent()).toBe(before + 7n)
  }

  test('a node that is down is named, and when it is up again the agent goes on', async () => {
    const account = await session()
    rpc.fail({ fault: { kind: 'down' } })
    await expectFault(() => session(), 'rpc-unreachable', /^the node at 127\.0\.0\.1:\d+ cannot be reached/)
    await expectFault(() => pay(account), 'rpc-unreachable', /cannot be reached/)
    rpc.fail(undefined)
    await expectItWorks(account)
  })

  test('a node that dies at any of an operation’s questions leaves nothing behind', async () => {
    const account = await session()
    for (const after of [0, 1, 2, 4, 6, 9]) {
      rpc.fail({ fault: { kind: 'down' }, after, times: 3 })
      const sent = await pay(account, 3n).catch((error: unknown) => explainFault(error).code)
      // Reached after the operation was given away, the bundler has it: then it is found, or said to be on its way.
      if (typeof sent === 'string') expect(['rpc-unreachable', 'nonce-taken']).toContain(sent)
    }
    rpc.fail(undefined)
    await expectItWorks(account)
  })

  test('a node that is slow is named as slow', async () => {
    rpc.fail({ fault: { kind: 'slow', ms: 2000 } })
    const client = throughProxy(150)
    await expectFault(() => session({ client }), 'rpc-timeout', /^the node at 127\.0\.0\.1:\d+ did not answer in time$/)
    rpc.fail({ fault: { kind: 'hang' } })
    await expectFault(() => session({ client }), 'rpc-timeout', /did not answer in time/)
  })

  test('a node of another chain is refused before anything is signed', async () => {
    rpc.fail({ fault: { kind: 'wrong-chain', chainId: 1 } })
    await expectFault(() => session(), 'wrong-chain', /the writ is for chain 8453, and the node is of chain 1/)
  })

  test('a gateway’s page and a limit of requests are told apart from the node itself', async () => {
    rpc.fail({ fault: { kind: 'http', status: 502, body: '<h1>Bad Gateway</h1>' } })
    await expectFault(() => session(), 'rpc-unreachable', /answers with HTTP 502/)
    rpc.fail({ fault: { kind: 'error', code: -32005, message: 'daily request count exceeded' } })
    await expectFault(() => session(), 'rpc-unreachable', /asked too often/)
  })

  test.each([
    ['AA23', 'validation-refused', /did not say why \(AA23\)/],
    ['AA24', 'signature-refused', /not the session key’s/],
    ['AA22', 'expired-or-not-due', /block’s time is outside/],
    ['AA21', 'insufficient-funds', /account has too little ether/],
    ['AA25', 'nonce-taken', /another operation took this nonce/],
  ] as const)(
    'a bundler that refuses with %s is understood, and nothing stays reserved',
    async (reason, code, words) => {
      const account = await session()
      world.bundler.fault = { kind: 'reject', reason }
      await expectFault(() => pay(account, ether / 2n), code, words)
      const remaining = await account.remaining()
      world.bundler.fault = undefined
      expect(remaining.map(({ remaining: left }) => left > ether - 1000n)).toContain(true)
      await expectItWorks(account)
    },
  )

  test('a bundler that drops an operation is found out, and the operation still counts until it cannot be included', async () => {
    const account = await session()
    world.bundler.fault = { kind: 'drop' }
    await expectFault(
      () => pay(account, 5n, { timeoutSeconds: 1 }),
      'operation-dropped',
      /was not included in the time given/,
    )
    world.bundler.fault = undefined
    await expectItWorks(account)
  })

  test('an operation that a bundler lost is given to it again', async () => {
    const account = await session()
    world.bundler.fault = { kind: 'drop' }
    const before = await spent()
    const sent = pay(account, 9n, { timeoutSeconds: 60, resendSeconds: 0.5 })
    await new Promise((resolve) => setTimeout(resolve, 700))
    world.bundler.fault = undefined
    expect(await sent).toMatchObject({ success: true, signatures: 1 })
    expect(await spent()).toBe(before + 9n)
  })

  test('an answer that is lost on the way does not make an operation happen twice', async () => {
    const account = await session()
    const before = await spent()
    world.bundler.fault = { kind: 'lost-answer' }
    // The estimate’s answer may be the one that is lost: then nothing was sent.
    const sent = await pay(account, 11n, { timeoutSeconds: 5 }).catch((error: unknown) => explainFault(error).code)
    world.bundler.fault = undefined
    if (typeof sent === 'string') expect(sent).toBe('bundler-unreachable')
    expect([before, before + 11n]).toContain(await spent())
    await expectItWorks(account)
  })

  test('of two processes with one key that take the same nonce, the later is told so and can go on', async () => {
    const [one, other] = [await session(), await session()]
    const nonce = await one.getNonce()
    expect(await other.getNonce()).toBe(nonce)
    expect(await other.send(bundlerOf(other), { calls: [{ to: friend, value: 1n }], nonce })).toMatchObject({
      success: true,
    })
    const late = () => one.send(bundlerOf(one), { calls: [{ to: friend, value: 1n }], nonce })
    await expectFault(late, 'nonce-taken', /the chain is at \d+ already/)
    await expectItWorks(one)
  })

  test('raced at the bundler, one of two operations of a nonce is included and the other is told', async () => {
    const [one, other] = [await session(), await session()]
    world.bundler.fault = { kind: 'hold' }
    const nonce = await one.getNonce()
    const race = [one, other].map((account, index) =>
      account
        .send(bundlerOf(account), { calls: [{ to: friend, value: BigInt(20 + index) }], nonce }, { timeoutSeconds: 30 })
        .catch((error: unknown) => explainFault(error).code),
    )
    await new Promise((resolve) => setTimeout(resolve, 2500))
    world.bundler.fault = undefined
    const ended = await Promise.all(race)
    expect(ended.filter((each) => typeof each === 'object')).toHaveLength(1)
    expect(ended.filter((each) => typeof each === 'string')).toEqual(['nonce-taken'])
  })

  test('an account without ether cannot pay in advance, and the agent is told so', async () => {
    const account = await session()
    const client = world.anvil.client()
    const { address } = world.account
    const balance = await client.getBalance({ address })
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n }
    await client.setBalance({ address, value: 1000n })
    const gas = { callGasLimit: 60_000n, verificationGasLimit: 200_000n, preVerificationGas: 60_000n }
    const send = () => account.send(bundlerOf(account), { calls: [{ to: friend, value: 1n }], ...fees, ...gas })
    // The account for tests says so itself where it cannot pay; others leave it to the EntryPoint.
    await expectFault(() => send(), 'insufficient-funds', /pay for its operation in advance/)
    await client.setBalance({ address, value: balance })
    await expectItWorks(account)
  })

  test('where no module stands, the agent is told how to put it there', async () => {
    const client = world.anvil.client()
    const code = (await client.getCode({ address: world.module })) ?? '0x'
    const account = await session()
    await client.setCode({ address: world.module, bytecode: '0x' })
    await expectFault(() => pay(account), 'module-missing', /no .*module/)
    await client.setCode({ address: world.module, bytecode: code })
    await expectItWorks(account)
  })

  test('a window that is about to end is not signed into', async () => {
    const account = await session({ whenEnding: 'refuse', leastSeconds: 45 })
    const ends = Math.min(...(await account.remaining()).map(({ windowEnd }) => windowEnd))
    await world.moveTo(ends - 10)
    await expectFault(() => pay(account, 2n), 'window-ending', /too soon for it to be included surely/)
    await world.moveTo(ends + 1)
    await expectItWorks(account)
  })

  test('a grant that a reorganization takes back is no session, and can be granted again', async () => {
    const client = world.anvil.client()
    const before = await client.snapshot()
    const other = await world.compile(`fees 1 ETH/day\nallow send on ${friend} budget 0.5 ETH/hour`, { entityId: 2 })
    await world.account.install(world.module, 2, other)
    const account = await world.session(other)
    expect((await account.decide([{ to: friend, value: 1n }])).outcome).toBe('allow')
    await client.revert({ id: before })
    const denied = await pay(account).catch((error: unknown) => error)
    expect(denied).toBeInstanceOf(PolicyDeniedError)
    expect((denied as PolicyDeniedError).denials).toMatchObject([{ code: 'session-not-active', retry: 'ask-owner' }])
    await world.account.install(world.module, 2, other)
    await expectItWorks(account)
  })
})
