import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ChainFault } from '../../src/account/ChainFault.js'
import { explainFault } from '../../src/account/explainFault.js'
import { kindOf } from '../../src/account/kinds.js'
import { ownerAct } from '../../src/account/ownerAct.js'
import { unlockedOwner } from '../../src/account/owners/unlockedOwner.js'
import { checkWrit } from '../../src/actions/checkWrit.js'
import * as calldata from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { readState } from '../../src/account/readers/readState.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import { readerAddress } from '../../src/evm/moduleAddress.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { writ, type Ran } from '../cli/world.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { FaultyRpc } from './harness/FaultyRpc.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'

describe.skipIf(anvilProgram() === undefined)('what can go wrong between an owner and the chain', () => {
  let anvil: Anvil
  let rpc: FaultyRpc
  let module: Address
  let account: Account
  let folder: string
  let made = 0

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'writ-'))
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    module = await deployModule(anvil)
    rpc = await FaultyRpc.start(anvil.url)
    account = await Account.deploy(anvil, 1)
    await account.asOwner(
      calldata.installValidation(module, { entityId: 1, firstOwner: addressOf(1), textGrants: true }),
    )
  })
  afterEach(() => rpc.fail(undefined))
  afterAll(async () => {
    await rpc.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  const addressOf = (index: number): Address => anvil.funded(index).address.toLowerCase() as Address
  /** A writ of its own for each test, which says when it begins. */
  const newWrit = async (target = account.address, entityId = 1): Promise<{ file: string; grant: Hex; root: Hex }> => {
    const { timestamp } = await anvil.client().getBlock()
    const text = `fees 0.1 ETH/day\nallow send on ${friend} budget ${++made} ETH/day\n`
    const header = {
      account: target,
      key: addressOf(5),
      chain: String(anvil.chainId),
      from: Number(timestamp),
      ttlSeconds: 86_400,
    }
    const { policy, diagnostics } = checkWrit(text, { header })
    if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
    const grant = encode(policy, { module, entityId, tag: '0x000000000000' })
    const file = join(folder, `${made}.writ`)
    const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 19).replace('T', ' ')
    writeFileSync(file, `account ${target}\nkey ${addressOf(5)}\nchain base\nfrom ${date}\nttl 1d\n${text}`)
    return { file, grant, root: rootOf(grant) }
  }
  const statusOf = async (root: Hex): Promise<string> =>
    (await readState(anvil.client(), { module, account: account.address, root, tag: '0x000000000000', meters: [] }))
      .status
  const run = (url: string, ...argv: string[]): Promise<Ran> => writ(argv, { disk: true, env: { WRIT_RPC: url } })
  const owner = (index = 1): string[] => ['--kind', 'test', '--owner-unlocked', addressOf(index), '--yes']
  const grantBy = (url: string, file: string): Promise<Ran> => run(url, 'grant', file, '--no-verify', ...owner())
  const act = (data: Hex, options: { readonly target?: Address; readonly index?: number } = {}) => {
    const client = anvil.reader()
    return ownerAct(
      {
        client,
        kind: kindOf('test'),
        account: options.target ?? account.address,
        owner: unlockedOwner(client, addressOf(options.index ?? 1)),
        via: 'transaction',
      },
      data,
    ).then(
      () => new ChainFault('unknown', 'nothing failed', ''),
      (error: unknown) => explainFault(error),
    )
  }
  const grantData = (grant: Hex): Hex => executeCalldata([{ to: module, value: 0n, data: calldata.grant(grant) }])

  test('a node that is down or of another chain ends a command with its cause and what to do', async () => {
    const { file } = await newWrit()
    rpc.fail({ fault: { kind: 'down' } })
    const down = await grantBy(rpc.url, file)
    expect([down.code, down.err]).toEqual([
      4,
      expect.stringMatching(/^error: the node at 127\.0\.0\.1:\d+ cannot be reached.*\nhelp: is it running/),
    ])
    rpc.fail({ fault: { kind: 'wrong-chain', chainId: 10 } })
    const other = await grantBy(rpc.url, file)
    expect(other.code).toBeGreaterThan(0)
    expect(other.err).toMatch(/chain/)
    expect(down.err + other.err).not.toMatch(/at .*\.ts:|viem@/)
  })

  test('a grant whose command dies at any of its questions to the node is finished by the same command', async () => {
    const { file, root } = await newWrit()
    rpc.asked.length = 0
    await grantBy(rpc.url, file)
    const questions = rpc.asked.length
    expect([await statusOf(root), questions > 5]).toEqual(['active', true])
    for (let after = 0; after < questions; after += 2) {
      const next = await newWrit()
      rpc.fail({ fault: { kind: 'down' }, after })
      const died = await grantBy(rpc.url, next.file)
      if (died.code !== 0) expect(died.err).toMatch(/error: .*(cannot be reached|not answer)/)
      rpc.fail(undefined)
      const finished = await grantBy(rpc.url, next.file)
      expect([after, finished.code, finished.err]).toEqual([after, 0, expect.not.stringContaining('error')])
      expect(await statusOf(next.root)).toBe('active')
    }
  }, 300_000)

  test('a revocation whose answer is lost is found done when the command runs again', async () => {
    const { file, root } = await newWrit()
    expect((await grantBy(rpc.url, file)).code).toBe(0)
    rpc.fail({ fault: { kind: 'lost-answer' }, methods: ['eth_sendTransaction'] })
    const args = ['revoke', root, '--account', account.address, ...owner()]
    const died = await run(rpc.url, ...args)
    expect([died.code, died.err]).toEqual([4, expect.stringMatching(/cannot be reached/)])
    rpc.fail(undefined)
    const again = await run(rpc.url, ...args)
    expect([again.code, await statusOf(root)]).toEqual([0, 'revoked'])
  })

  test('of two processes that make the same grant at once, both end well and there is one session', async () => {
    const { file, root } = await newWrit()
    const both = await Promise.all([grantBy(anvil.url, file), grantBy(anvil.url, file)])
    expect(await statusOf(root)).toBe('active')
    expect(both.map(({ code }) => code)).toContain(0)
    for (const { code, err } of both)
      if (code !== 0) expect(err).toMatch(/exists already|another transaction of the same sender|included and reverted/)
    const again = await grantBy(anvil.url, file)
    expect([again.code, again.out]).toEqual([0, expect.stringMatching(/in force already/)])
  })

  test('the same race through the API tells the loser that the session exists', async () => {
    const { grant, root } = await newWrit()
    const faults = await Promise.all([act(grantData(grant)), act(grantData(grant))])
    expect(await statusOf(root)).toBe('active')
    const lost = faults.filter(({ shortMessage }) => shortMessage !== 'nothing failed')
    expect(lost.length).toBeLessThan(2)
    for (const { code } of lost) expect(['session-ended', 'transaction-reverted', 'nonce-taken']).toContain(code)
    const late = await act(grantData(grant))
    expect([late.code, late.shortMessage]).toEqual([
      'session-ended',
      expect.stringMatching(/session of this very grant exists already/),
    ])
  })

  test('where the contract that reads grants is missing, it is named', async () => {
    const { grant } = await newWrit()
    const client = anvil.client()
    const code = (await client.getCode({ address: readerAddress() })) ?? '0x'
    await client.setCode({ address: readerAddress(), bytecode: '0x' })
    const fault = await act(grantData(grant))
    expect([fault.code, fault.help]).toEqual(['reader-missing', expect.stringMatching(/writ deploy/)])
    await client.setCode({ address: readerAddress(), bytecode: code })
    expect((await act(grantData(grant))).shortMessage).toBe('nothing failed')
  })

  test('where no account stands, nothing is sent', async () => {
    const target: Address = '0x00000000000000000000000000000000000acc07'
    const { grant, file } = await newWrit(target)
    const before = await anvil.client().getTransactionCount({ address: addressOf(1) })
    expect(await act(grantData(grant), { target })).toMatchObject({ code: 'account-missing' })
    const ran = await grantBy(anvil.url, file)
    expect([ran.code, ran.err]).toEqual([4, expect.stringMatching(/there is no account at 0x0+acc07/i)])
    expect(await anvil.client().getTransactionCount({ address: addressOf(1) })).toBe(before)
  })

  test('a grant for an entity id at which the module is not installed says so', async () => {
    const { grant } = await newWrit(account.address, 9)
    const fault = await act(grantData(grant))
    expect([fault.code, fault.shortMessage]).toEqual([
      'not-installed',
      expect.stringMatching(/not installed on the account at entity id 9/),
    ])
    const used = await act(
      calldata.installValidation(module, { entityId: 1, firstOwner: addressOf(1), textGrants: true }),
    )
    expect([used.code, used.shortMessage]).toEqual(['entity-taken', expect.stringMatching(/used entity id 1/)])
  })

  test('an owner without ether, and somebody who is not the owner, are told apart', async () => {
    const { grant, root } = await newWrit()
    const client = anvil.client()
    const stranger = await act(grantData(grant), { index: 3 })
    expect([stranger.code, stranger.shortMessage]).toEqual([
      'transaction-reverted',
      expect.stringMatching(/is not the owner/),
    ])
    const balance = await client.getBalance({ address: addressOf(1) })
    await client.setBalance({ address: addressOf(1), value: 1n })
    const poor = await act(grantData(grant))
    expect([poor.code, poor.shortMessage]).toEqual(['insufficient-funds', expect.stringMatching(/too little ether/)])
    await client.setBalance({ address: addressOf(1), value: balance + parseEther('1') })
    expect([(await act(grantData(grant))).shortMessage, await statusOf(root)]).toEqual(['nothing failed', 'active'])
  })
})
