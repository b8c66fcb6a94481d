import { type Client, encodeEventTopics, encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileContracts } from '../../contracts/build.js'
import { callModule } from '../../src/account/callModule.js'
import { kindOf } from '../../src/account/kinds.js'
import { ownerAct } from '../../src/account/ownerAct.js'
import { findSessions } from '../../src/account/readers/findSessions.js'
import { readAccount } from '../../src/account/readers/readAccount.js'
import { readOwners } from '../../src/account/readers/readOwners.js'
import { readState } from '../../src/account/readers/readState.js'
import * as calldata from '../../src/compiler/calldata.js'
import { decode } from '../../src/compiler/decode.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { fundedOwner } from './harness/fundedOwner.js'
import { grantOf } from './harness/grantOf.js'
import { blocksOf, limitedClient } from './harness/limitedClient.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0x00000000000000000000000000000000000f51e0'
const day = 86_400
const pay = `fees 0.1 ETH/day\nallow send on ${friend} budget 1 ETH/day, 3 ETH/7d rolling`
const none = '0x000000000000'
const kind = kindOf('test')

const lookAlikeAbi = parseAbi(['function report(address account, bytes32 root, bytes grant)'])
const source = `
  pragma solidity 0.8.37;
  contract LookAlike {
    event Granted(address indexed account, bytes32 indexed root, bytes grant);
    function report(address account, bytes32 root, bytes calldata grant) external { emit Granted(account, root, grant); }
    function killWord(address) external pure returns (uint48, uint48) { return (0, 0); }
  }`

describe.skipIf(anvilProgram() === undefined)('what is read of the module on a chain', { timeout: 60_000 }, () => {
  let anvil: Anvil
  let module: Address
  let mine: Account
  let other: Account
  let start: number
  const key = (): Address => anvil.funded(9).address.toLowerCase() as Address
  const client = () => anvil.reader()
  const act = (account: Account, owner: number, data: Hex) =>
    ownerAct(
      { client: client(), kind, account: account.address, owner: fundedOwner(anvil, owner), via: 'transaction' },
      data,
    )
  const order = (account: Account, owner: number, data: Hex) => act(account, owner, callModule(module, data))
  const grant = (account: Account, from: number, ttlSeconds: number, tag: Hex = none, text = pay): Hex =>
    grantOf(
      text,
      { account: account.address, key: key(), chainId: anvil.chainId, from, ttlSeconds },
      { module, entityId: 1, tag },
    )
  const found = (account: Account = mine, more: { fromBlock?: bigint; toBlock?: bigint } = {}) =>
    findSessions(client(), { module, account: account.address, ...more })
  const lives = async (account?: Account) =>
    Object.fromEntries((await found(account)).sessions.map(({ root, life }) => [root, life]))

  beforeAll(async () => {
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    module = await deployModule(anvil)
    mine = await Account.deploy(anvil, 1)
    other = await Account.deploy(anvil, 2)
    start = Number((await client().getBlock()).timestamp)
  }, 60_000)

  afterAll(() => anvil?.stop())

  test('an account that never heard of the module has no sessions, no owners and no kills', async () => {
    const account = mine.address
    expect(await readAccount(client(), { module, account })).toEqual({ killedAt: 0, tag: none })
    expect(await readOwners(client(), { module, account, entityId: 1 })).toEqual({ installed: false })
    expect(await found()).toMatchObject({ sessions: [], unreadable: [], tombstones: [] })
  })

  test('the owners are those of the install, the second only where there is one', async () => {
    const [first, second] = [fundedOwner(anvil, 1).address, fundedOwner(anvil, 3).address]
    const install = { entityId: 1, firstOwner: first, textGrants: true }
    await act(mine, 1, calldata.installValidation(module, install))
    await act(
      mine,
      1,
      calldata.installValidation(module, { ...install, entityId: 2, secondOwner: second, textGrants: false }),
    )
    const read = (entityId: number) => readOwners(client(), { module, account: mine.address, entityId })
    expect(await read(1)).toEqual({ installed: true, first, textGrants: true })
    expect(await read(2)).toEqual({ installed: true, first, second, textGrants: false })
    expect(await read(3)).toEqual({ installed: false })
  })

  test('a grant is found with its policy, its binding, its state and where it was made', async () => {
    const bytes = grant(mine, start, 7 * day)
    const { hash, block } = await order(mine, 1, calldata.grant(bytes))
    const decoded = decode(bytes)
    if (!decoded.ok) throw new Error(decoded.reason)
    const zero = { window: 0, spent: 0n }
    expect((await found()).sessions).toEqual([
      {
        root: rootOf(bytes),
        grant: bytes,
        policy: decoded.policy,
        binding: decoded.binding,
        state: { status: 'active', meters: [zero, zero, { ...zero, past: Array.from({ length: 8 }, () => 0n) }] },
        life: 'live',
        grantedAt: { block, transaction: hash },
      },
    ])
  })

  test('what the key spends is read by one call, and is what the module counted', async () => {
    const [session] = (await found()).sessions
    if (!session) throw new Error('it was granted')
    const call = { to: friend, value: 3n * 10n ** 17n, data: '0x' } as const
    const ours = { module, entityId: 1, grant: session.grant, key: 9 }
    expect(await mine.send(ours, [call], [0])).toEqual({ kind: 'included', success: true })
    const { client: counted, asked } = limitedClient(anvil, () => undefined)
    const { root, binding, policy } = session
    const state = await readState(counted, {
      module,
      account: mine.address,
      root,
      tag: binding.tag,
      meters: policy.meters,
    })
    expect(asked.map(({ method }) => method)).toEqual(['eth_call'])
    expect(state.status).toBe('active')
    expect(state.meters.slice(1).map(({ spent }) => spent)).toEqual([3n * 10n ** 17n, 3n * 10n ** 17n])
    expect(state.meters[0]?.spent).toBeGreaterThan(0n)
    expect((await found()).sessions[0]?.state).toEqual(state)
  })

  test('a session lives from its beginning until its end, by the block’s time', async () => {
    const later = grant(mine, start + 10 * day, day)
    const short = grant(mine, start, 3600)
    await order(mine, 1, calldata.grant(later))
    await order(mine, 1, calldata.grant(short))
    expect(await lives()).toMatchObject({ [rootOf(later)]: 'not-yet', [rootOf(short)]: 'live' })
    await anvil.client().setNextBlockTimestamp({ timestamp: BigInt(start + 3600) })
    await anvil.client().mine({ blocks: 1 })
    expect(await lives()).toMatchObject({ [rootOf(later)]: 'not-yet', [rootOf(short)]: 'expired' })
  })

  test('a revoked session is told with what revoked it, and a root that was never granted as a tombstone', async () => {
    const bytes = grant(mine, start, 8 * day)
    await order(mine, 1, calldata.grant(bytes))
    const { hash, block } = await order(mine, 1, calldata.revoke(rootOf(bytes)))
    const never: Hex = `0x${'5e'.repeat(32)}`
    const stone = await order(mine, 1, calldata.revoke(never))
    const { sessions, tombstones } = await found()
    expect(sessions.find(({ root }) => root === rootOf(bytes))).toMatchObject({
      life: 'revoked',
      endedAt: { block, transaction: hash },
    })
    expect(tombstones).toEqual([{ root: never, revokedAt: { block: stone.block, transaction: stone.hash } }])
  })

  test('another account’s sessions are its own', async () => {
    const bytes = grant(other, start, day)
    const firstOwner = fundedOwner(anvil, 2).address
    await act(other, 2, calldata.installValidation(module, { entityId: 1, firstOwner, textGrants: true, grant: bytes }))
    expect(await lives(other)).toEqual({ [rootOf(bytes)]: 'live' })
    expect(await lives()).not.toHaveProperty(rootOf(bytes))
  })

  test('a revoke-all ends what was granted before, and nothing that names the new tag', async () => {
    const before = await found()
    const { hash, block } = await order(mine, 1, calldata.revokeAll())
    const { tag, killedAt } = await readAccount(client(), { module, account: mine.address })
    expect(killedAt).toBe(Number((await client().getBlock()).timestamp))
    expect(tag).not.toBe(none)
    const bytes = grant(mine, start, 9 * day, tag)
    await order(mine, 1, calldata.grant(bytes))
    const { sessions, account } = await found()
    expect(account).toEqual({ tag, killedAt })
    for (const { root, life, endedAt } of sessions)
      if (root === rootOf(bytes)) expect({ life, endedAt }).toEqual({ life: 'live', endedAt: undefined })
      else if (life !== 'revoked')
        expect({ life, endedAt }).toEqual({ life: 'killed', endedAt: { block, transaction: hash } })
    expect(sessions.length).toBe(before.sessions.length + 1)
    expect(Object.values(await lives(other))).toEqual(['live'])
  })

  test('changed owners are read, and end sessions as a revoke-all does', async () => {
    const owners = fundedOwner(anvil, 4).address
    const { block } = await order(mine, 1, calldata.setOwners(1, owners))
    expect(await readOwners(client(), { module, account: mine.address, entityId: 1 })).toMatchObject({ first: owners })
    const last = (await found()).sessions.at(-1)
    expect(last).toMatchObject({ life: 'killed', endedAt: { block } })
  })

  test('only the blocks that are asked for are read', async () => {
    const all = await found()
    const third = all.sessions[2]?.grantedAt.block ?? 0n
    const from = await found(mine, { fromBlock: third })
    expect(from.sessions).toEqual(all.sessions.slice(2))
    expect((await found(mine, { toBlock: third - 1n })).sessions.map(({ root }) => root)).toEqual(
      all.sessions.slice(0, 2).map(({ root }) => root),
    )
  })

  test.each([
    ['seven blocks at a time', 7, { code: -32005, message: 'query exceeds max block range 7' }],
    ['one block at a time', 1, { code: -32602, message: 'block range too wide' }],
  ])('a provider that gives %s gives the same sessions', async (_, most, refusal) => {
    const whole = await found()
    await anvil.client().mine({ blocks: 40 })
    const { client: limited, asked } = limitedClient(anvil, (request) => {
      const blocks = blocksOf(request)
      return blocks && blocks.to - blocks.from >= most ? refusal : undefined
    })
    const pieces: bigint[] = []
    const options = {
      module,
      account: mine.address,
      onPiece: ({ toBlock }: { toBlock: bigint }) => pieces.push(toBlock),
    }
    const { sessions, tombstones } = await findSessions(limited, options)
    expect({ sessions, tombstones }).toEqual({ sessions: whole.sessions, tombstones: whole.tombstones })
    expect(pieces).toEqual([...new Set(pieces)].sort((a, b) => Number(a - b)))
    // Each block was told of once.
    const told = asked.flatMap((request) => blocksOf(request) ?? []).filter(({ from, to }) => to - from < most)
    const latest = Number(pieces.at(-1))
    expect(told.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(latest + 1)
  })

  test('a provider that tells no logs at all is told of, and one that is away is not walked', async () => {
    const ask = (reader: Client) => findSessions(reader, { module, account: mine.address })
    const deaf = limitedClient(anvil, (request) => blocksOf(request) && { code: -32601, message: 'no logs here' })
    await expect(ask(deaf.client)).rejects.toMatchObject({
      code: 'rpc-unreachable',
      message: expect.stringContaining('logs of block 0'),
    })
    expect(deaf.asked.filter(blocksOf).length).toBeLessThan(12)
  })

  test('a node that answers with another account’s logs is not believed', async () => {
    const topics = encodeEventTopics({
      abi: parseAbi(['event Revoked(address indexed account, bytes32 indexed root)']),
      args: { account: other.address, root: `0x${'11'.repeat(32)}` },
    })
    const liar = {
      ...anvil.reader(),
      request: async (request: { method: string; params?: unknown }) =>
        request.method === 'eth_getLogs'
          ? [{ address: module, topics, data: '0x', blockNumber: '0x1', transactionHash: `0x${'22'.repeat(32)}` }]
          : anvil.reader().request(request as never),
    }
    await expect(findSessions(liar as unknown as Client, { module, account: mine.address })).rejects.toThrow(
      /not asked for/,
    )
  })

  test('where no module stands, that is said', async () => {
    const nowhere: Address = '0x00000000000000000000000000000000000f00d0'
    const at = { module: nowhere, account: mine.address }
    const session = { ...at, root: `0x${'11'.repeat(32)}`, tag: none, meters: [] } as const
    for (const reading of [
      () => readAccount(client(), at),
      () => readOwners(client(), { ...at, entityId: 1 }),
      () => readState(client(), session),
      () => findSessions(client(), at),
    ])
      await expect(reading()).rejects.toMatchObject({ name: 'ChainFault', code: 'module-missing' })
  })

  test('a grant that a look-alike reports is told as unreadable, with the reason', async () => {
    const good = grant(mine, start, day)
    const elsewhere = grant(other, start, day)
    const lookAlike: Address = '0x00000000000000000000000000000000000a11ce'
    const onIt = (bytes: Hex): Hex => bytes.replaceAll(module.slice(2), lookAlike.slice(2)) as Hex
    const root: Hex = `0x${'77'.repeat(32)}`
    const compiled = compileContracts({ 'test/LookAlike.sol': source })['LookAlike']
    if (!compiled) throw new Error('the look-alike was compiled')
    await anvil.client().setCode({ address: lookAlike, bytecode: compiled.deployedBytecode })
    const reports: readonly [Hex, RegExp][] = [
      ['0x', /at byte 0/],
      [`${onIt(good)}00`, /at byte/],
      [good, new RegExp(`made for module ${module}`)],
      [onIt(elsewhere), new RegExp(`made for account ${other.address}`)],
      [onIt(good), new RegExp(`its root is ${rootOf(onIt(good))}`)],
    ]
    const wallet = anvil.wallet(5)
    for (const [bytes] of reports) {
      const args = [mine.address, root, bytes] as const
      const data = encodeFunctionData({ abi: lookAlikeAbi, functionName: 'report', args })
      await client().waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to: lookAlike, data }) })
    }
    const { sessions, unreadable } = await findSessions(client(), { module: lookAlike, account: mine.address })
    expect(sessions).toEqual([])
    expect(unreadable.map(({ grant: bytes }) => bytes)).toEqual(reports.map(([bytes]) => bytes))
    for (const [index, [, reason]] of reports.entries()) expect(unreadable[index]?.reason).toMatch(reason)
  })
})
