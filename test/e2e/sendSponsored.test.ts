import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newKeystore } from '../../src/account/owners/keystore.js'
import { makeArtifact } from '../../src/cli/artifact.js'
import { decode } from '../../src/compiler/decode.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { writ, type Ran } from '../cli/world.js'
import { compiled } from '../contracts/harness/compiled.js'
import { grantOf } from './harness/grantOf.js'
import { JsonRpcServer, RpcError } from './harness/JsonRpcServer.js'
import { deployPaymaster, sponsor } from './harness/paymaster.js'
import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'
const ether = 10n ** 18n

describe.skipIf(anvilProgram() === undefined)('writ send with a paymaster service', () => {
  let world: SessionWorld
  let service: JsonRpcServer
  let paymaster: Address
  let other: Address
  let named: Address
  let asked: { readonly method: string; readonly context: unknown }[]
  let refusal: string | undefined
  let keystore: string
  let artifact: string

  /** What ERC-7677 says a service answers. */
  const serve = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    if (refusal !== undefined) throw new RpcError(-32000, refusal)
    asked.push({ method, context: params[3] })
    const gas = { paymasterVerificationGasLimit: '0x186a0', paymasterPostOpGasLimit: '0x0' }
    return { paymaster: named, paymasterData: '0x', ...gas }
  }
  const send = (...argv: string[]): Promise<Ran> =>
    writ(['send', '--kind', 'test', '--key-keystore', 'agent.json', '--writ', 'a.json', '--yes', ...argv], {
      files: { 'agent.json': keystore, 'a.json': artifact },
      env: { WRIT_RPC: world.anvil.url, WRIT_PASSWORD: 'secret', WRIT_BUNDLER: world.bundler.url },
    })
  const pay = (...argv: string[]): Promise<Ran> =>
    send('--to', friend, '--value', '0.1 ETH', '--paymaster', service.url, ...argv)
  const ethers = (): Promise<bigint> => world.client().getBalance({ address: world.account.address })

  beforeAll(async () => {
    compiled('TestPaymaster')
    world = await SessionWorld.start()
    service = await JsonRpcServer.start(serve)
    paymaster = await deployPaymaster(world.anvil)
    other = await deployPaymaster(world.anvil)
    for (const each of [paymaster, other]) await sponsor(world.anvil, each, world.account.address)
    let key: Address
    ;({ text: keystore, address: key } = await newKeystore('secret', 2))
    const bound = { module: world.module, entityId: 1, tag: '0x000000000000' } as const
    const header = { account: world.account.address, key, chainId: world.anvil.chainId, from: await world.time() }
    const text = `fees sponsored by ${paymaster}\nallow send on ${friend} budget 1 ETH/day`
    const grant: Hex = await grantOf(text, { ...header, ttlSeconds: 7 * 86_400 }, bound)
    const decoded = decode(grant)
    if (!decoded.ok) throw new Error(decoded.reason)
    artifact = JSON.stringify(makeArtifact(decoded.policy, decoded.binding, ['']))
    await world.account.install(world.module, 1, grant)
  }, 120_000)
  afterAll(async () => {
    await service.stop()
    await world.stop()
  })

  const start = (as: Address): void => {
    ;[asked, refusal, named] = [[], undefined, as]
  }

  test('the service is asked with its context, and the account pays nothing but what it sends', async () => {
    start(paymaster)
    const before = await ethers()
    const ran = await pay('--paymaster-context', '{"policy":"p1"}')
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(await ethers()).toBe(before - ether / 10n)
    expect(asked.map(({ method }) => method)).toEqual(['pm_getPaymasterStubData', 'pm_getPaymasterData'])
    expect(asked.map(({ context }) => context)).toEqual([{ policy: 'p1' }, { policy: 'p1' }])
  })

  test('a dry run shows who would pay', async () => {
    start(paymaster)
    const ran = await pay('--dry-run', '--json')
    expect([ran.err, ran.code]).toEqual(['', 0])
    const [planned] = (JSON.parse(ran.out) as { transactions: readonly { paymaster?: string }[] }).transactions
    expect(planned?.paymaster?.toLowerCase()).toBe(paymaster)
  })

  test('a service that names another paymaster than the writ is refused before anything is signed', async () => {
    start(other)
    const before = await ethers()
    const ran = await pay()
    expect(ran.code).toBe(5)
    expect(ran.err + ran.out).toMatch(/paymaster/)
    expect(await ethers()).toBe(before)
  })

  test('without a service the writ does not let the account pay', async () => {
    start(paymaster)
    const ran = await send('--to', friend, '--value', '0.1 ETH')
    expect(ran.code).toBe(5)
    expect(ran.err + ran.out).toMatch(/paymaster|sponsor/)
  })

  test('what the service says against it, and that it is not there, is told', async () => {
    start(paymaster)
    refusal = 'no credit left'
    const refused = await pay()
    expect(refused.err).toBe(
      'error: the paymaster service refused: no credit left\nhelp: ask who runs it, or give --paymaster another one\n',
    )
    expect(refused.code).toBe(5)
    const silent = await send('--to', friend, '--value', '0.1 ETH', '--paymaster', 'http://127.0.0.1:9')
    expect(silent.err).toMatch(/^error: the paymaster at 127\.0\.0\.1:9 cannot be reached/)
    expect(silent.code).toBe(4)
  })

  test('flags that do not go together say so', async () => {
    start(paymaster)
    const direct = await pay('--direct')
    expect([direct.code, direct.err]).toEqual([2, expect.stringContaining('--direct goes without a')])
    const lonely = await send('--to', friend, '--paymaster-context', '{}')
    expect([lonely.code, lonely.err]).toEqual([2, expect.stringContaining('add --paymaster URL')])
    expect((await pay('--paymaster-context', '{')).code).toBe(2)
  })
})
