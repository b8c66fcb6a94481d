import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFunctionData, encodeFunctionData, getAddress, parseAbi } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kindOf } from '../../src/account/kinds.js'
import * as calldata from '../../src/compiler/calldata.js'
import { moduleAddress, printerAddress, readerAddress } from '../../src/evm/moduleAddress.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { writ, type Ran, type World } from '../cli/world.js'
import { compiled } from '../contracts/harness/compiled.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { Bundler } from './harness/Bundler.js'
import { deployEntryPointOn } from './harness/deploy.js'
import { deployToken } from './harness/uniswap.js'
import { anvilProgram } from './harness/tools.js'

/** A plan as `--dry-run --json` prints it. */
type Plan = {
  readonly dryRun: true
  readonly canonical?: string
  readonly transactions: readonly { readonly from: Address; readonly to: Address; readonly data: Hex }[]
}

// One story in order: each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined)('a session’s life by commands', () => {
  let anvil: Anvil
  let folder: string
  let account: Account
  let token: Address
  const at = (name: string): string => join(folder, name)
  const run = (argv: string[], world: World = {}): Promise<Ran> =>
    writ(argv, { disk: true, ...world, env: { WRIT_RPC: anvil.url, WRIT_PASSWORD: 'secret', ...world.env } })
  const json = (ran: Ran): Record<string, unknown> => {
    expect(ran.err).toBe('')
    return JSON.parse(ran.out) as Record<string, unknown>
  }
  const owner = (): string[] => ['--kind', 'test', '--owner-unlocked', anvil.funded(1).address]
  const own = (): string[] => ['--account', account.address, ...owner()]
  const sentBy = async (ran: Ran): Promise<unknown> => {
    const hash = json(ran)['transaction'] as Hex
    const { from, to, input } = await anvil.client().getTransaction({ hash })
    return { from, to, data: input }
  }
  const planned = (ran: Ran): unknown => {
    expect(ran.code).toBe(0)
    const [{ from, to, data } = { from: '0x', to: '0x', data: '0x' }] = (json(ran) as unknown as Plan).transactions
    return { from: from.toLowerCase(), to: to.toLowerCase(), data }
  }
  const blocks = (): Promise<bigint> => anvil.client().getBlockNumber({ cacheTime: 0 })

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'writ-'))
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    account = await Account.deploy(anvil, 1)
    token = await deployToken(anvil, 'Token A', 'AAA')
    writeFileSync(
      at('pay.writ'),
      `fees 0.1 ETH/day
ttl 7d
token AAA = ${token} decimals 18
allow transfer on AAA where to == 0xa11ce00000000000000000000000000000000001 budget 10 AAA/day
allow approve on AAA where spender in [0xb0b0000000000000000000000000000000000001, 0xb0b0000000000000000000000000000000000002] budget 10 AAA/day
`,
    )
  })
  afterAll(async () => {
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  test('a key is made once, in a file that only its owner may read', async () => {
    const made = await run(['key', 'new', at('agent.json')])
    expect(made.code).toBe(0)
    expect(statSync(at('agent.json')).mode & 0o777).toBe(0o600)
    const before = readFileSync(at('agent.json'), 'utf8')
    const again = await run(['key', 'new', at('agent.json')])
    expect([again.code, readFileSync(at('agent.json'), 'utf8')]).toEqual([2, before])
    const shown = await run(['key', 'show', at('agent.json'), '--check'])
    expect(made.out).toContain(`address ${shown.out.trim()}`)
  })

  test('before the module stands there, nothing else is done and it is said how to deploy it', async () => {
    const ran = await run(['install', ...own(), '--yes'])
    expect([ran.code, ran.err]).toEqual([
      4,
      `error: nothing stands at ${moduleAddress()} on base (chain 8453)\nhelp: put it there: writ deploy\n`,
    ])
  })

  test('deploy without --yes, where nobody can be asked, sends nothing', async () => {
    const before = await blocks()
    const ran = await run(['deploy', '--from-unlocked', anvil.funded(0).address])
    expect([ran.code, ran.err]).toEqual([
      2,
      'error: this sends something, and nobody is at a terminal to say yes\nhelp: look at it with --dry-run, then add --yes\n',
    ])
    expect(await blocks()).toBe(before)
  })

  test('deploy puts the three contracts at their addresses by the transactions of the dry run, once', async () => {
    const args = ['deploy', '--from-unlocked', anvil.funded(0).address, '--json']
    const plan = json(await run([...args, '--dry-run'])) as unknown as Plan
    const { contracts } = json(await run([...args, '--yes'])) as unknown as {
      contracts: { address: Address; transaction: Hex }[]
    }
    expect(contracts.map((one) => one.address)).toEqual([readerAddress(), printerAddress(), moduleAddress()])
    for (const [index, { transaction }] of contracts.entries()) {
      const { from, to, input } = await anvil.client().getTransaction({ hash: transaction })
      expect({ from, to, data: input }).toMatchObject(
        Object.fromEntries(
          Object.entries(plan.transactions[index] ?? {}).filter(([name]) => /from|to|data/.test(name)),
        ),
      )
    }
    const before = await blocks()
    const again = await run(args)
    expect([again.code, again.out.includes('transaction')]).toEqual([0, false])
    expect(await blocks()).toBe(before)
  })

  test('a session is not granted to an account that has not installed the module', async () => {
    const ran = await run(['grant', at('pay.writ'), ...own(), '--key', await agent(), '--no-verify', '--yes'])
    expect([ran.code, ran.err]).toEqual([5, expect.stringContaining('has never installed the module under entity 1')])
  })

  test('install registers the owners by the transaction of the dry run, once', async () => {
    const args = ['install', ...own(), '--second-owner', anvil.funded(2).address, '--json']
    const plan = planned(await run([...args, '--dry-run']))
    const ran = await run([...args, '--yes'])
    expect(await sentBy(ran)).toEqual(plan)
    const before = await blocks()
    const again = await run(args)
    expect(json(again)).toMatchObject({ already: true, entityId: 1 })
    expect(await blocks()).toBe(before)
  })

  test('an entity id that was used with other owners is refused, and the next free one named', async () => {
    const ran = await run(['install', ...own(), '--yes'])
    expect([ran.code, ran.err]).toEqual([
      5,
      `error: the account ${account.address} used the entity 1 before, with other owners; an entity serves once\nhelp: the next free one: --entity 2\n`,
    ])
  })

  const agent = async (): Promise<string> => (await run(['key', 'show', at('agent.json')])).out.trim()
  const granting = async (...more: string[]): Promise<string[]> => [
    'grant',
    at('pay.writ'),
    ...own(),
    '--key',
    await agent(),
    ...more,
  ]

  test('a person who says no at the terminal has granted nothing', async () => {
    const before = await blocks()
    const ran = await run(await granting('--no-verify'), { answers: [false] })
    expect([ran.code, ran.err]).toEqual([5, expect.stringContaining('error: you said no, nothing was sent')])
    expect(ran.out).toContain('At most 10 AAA a day')
    expect(ran.asked).toEqual([expect.stringMatching(/^Grant this to the key 0x.* on base \(chain 8453\), until /)])
    expect(await blocks()).toBe(before)
  })

  test('grant explains, verifies, and puts the writ into force by the transaction of the dry run', async () => {
    const { timestamp } = await anvil.client().getBlock()
    const args = await granting('--from', String(timestamp), '-o', at('pay.json'), '--json')
    const dry = await run([...args, '--dry-run', '--no-verify'].filter((word) => word !== ''))
    if (dry.code !== 0) throw new Error(dry.err)
    const plan = JSON.parse(dry.out) as Plan
    expect(plan.canonical).toContain(`token AAA = ${getAddress(token)} decimals 18`)
    const ran = await run([...args, '--yes'])
    expect(json(ran)).toMatchObject({
      already: false,
      canonical: plan.canonical,
      gate: { cases: expect.any(Number) as number },
    })
    expect(await sentBy(ran)).toMatchObject({ data: plan.transactions[0]?.data, to: account.address })
    expect(JSON.parse(readFileSync(at('pay.json'), 'utf8'))).toMatchObject({ writ: 1, root: json(ran)['root'] })
    const again = await run(args)
    expect(json(again)).toMatchObject({ already: true, root: json(ran)['root'] })
  })

  test('a writ that begins now is not granted twice by running the command twice', async () => {
    const args = await granting('--ttl', '7d', '--no-verify', '--yes')
    const before = await blocks()
    const ran = await run([...args, '--json'])
    expect(json(ran)).toMatchObject({ already: true })
    await anvil.client().increaseTime({ seconds: 60 })
    expect(json(await run([...args, '--json']))).toMatchObject({ already: true })
    expect(await blocks()).toBe(before)
    const more = await run([...args, '--again', '-o', at('more.json')])
    expect([more.code, more.out]).toEqual([0, expect.stringContaining('granted session 0x')])
    expect(readFileSync(at('more.json'), 'utf8')).not.toContain(JSON.parse(readFileSync(at('pay.json'), 'utf8')).root)
  })

  test('an output that holds another session in force is not overwritten', async () => {
    const ran = await run(await granting('--again', '--no-verify', '--yes', '-o', at('pay.json')))
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('holds another session, which is in force')])
  })

  test('a node of another chain, and a writ for another chain, are refused', async () => {
    const flag = await run(await granting('--chain', 'optimism', '--no-verify', '--yes'))
    expect([flag.code, flag.err]).toEqual([
      4,
      'error: the node is of base (chain 8453), not of optimism (chain 10)\nhelp: give --rpc a node of that chain, or correct --chain\n',
    ])
    writeFileSync(at('other.writ'), `chain mainnet\n${readFileSync(at('pay.writ'), 'utf8')}`)
    const file = await run(['grant', at('other.writ'), ...own(), '--key', await agent(), '--no-verify', '--yes'])
    expect([file.code, file.err]).toEqual([
      4,
      expect.stringContaining('is for mainnet (chain 1), but the node is of base'),
    ])
  })

  test('revoke ends the session and lists what it left approved', async () => {
    const approve = encodeFunctionData({
      abi: parseAbi(['function approve(address spender, uint256 amount)']),
      args: ['0xb0b0000000000000000000000000000000000002', 7n],
    })
    await account.asOwner(
      encodeFunctionData({
        abi: parseAbi(['function execute(address target, uint256 value, bytes data)']),
        args: [token, 0n, approve],
      }),
    )
    const args = ['revoke', at('pay.json'), ...owner(), '--json']
    const plan = planned(await run([...args, '--dry-run']))
    const ran = await run([...args, '--yes'])
    expect(await sentBy(ran)).toEqual(plan)
    const { allowances } = json(ran) as unknown as {
      allowances: { open: { amount: string; spender: Address }[]; closing: Hex }
    }
    expect(allowances.open).toMatchObject([{ spender: '0xb0b0000000000000000000000000000000000002', amount: '7' }])
    const before = await blocks()
    expect(json(await run(args))).toMatchObject({ already: true, allowances })
    expect(await blocks()).toBe(before)
    await account.asOwner(allowances.closing)
    expect(json(await run(args))).toMatchObject({ already: true, allowances: { open: [] } })
  })

  test('what is revoked is refused when it is granted again, and it is said what to do', async () => {
    const ran = await run(['grant', at('pay.json'), ...owner(), '--no-verify', '--yes'])
    expect([ran.code, ran.err]).toEqual([
      5,
      expect.stringMatching(
        /has been revoked, and what is revoked never comes back\nhelp: grant the writ with another/,
      ),
    ])
  })

  test('the agent renounces its own session by its own key', async () => {
    const args = ['revoke', at('more.json'), '--renounce', '--key-keystore', at('agent.json'), '--json']
    const poor = await run([...args, '--yes'])
    expect([poor.code, poor.err]).toEqual([4, expect.stringMatching(/ether|funds/)])
    await anvil.client().setBalance({ address: (await agent()) as Address, value: 10n ** 18n })
    const plan = planned(await run([...args, '--dry-run']))
    const ran = await run([...args, '--yes'])
    expect(await sentBy(ran)).toEqual(plan)
    expect(json(await run(args))).toMatchObject({ already: true })
  })

  test('a prefix of a root names a session, and revoke --all ends whatever there is', async () => {
    const granted = json(
      await run(await granting('--no-verify', '--yes', '--json')).then((ran) => ({ ...ran, err: '' })),
    )
    const root = granted['root'] as Hex
    const one = await run(['revoke', root.slice(0, 12), ...own(), '--dry-run'])
    expect(one.out).toContain(`ends the session ${root}`)
    const none = await run(['revoke', '0x00000000', ...own(), '--dry-run'])
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('the account has no session 0x00000000')])
    const args = ['revoke', '--all', ...own(), '--json']
    const plan = planned(await run([...args, '--dry-run']))
    const ran = await run([...args, '--yes'])
    expect(await sentBy(ran)).toEqual(plan)
    expect(json(ran)).toMatchObject({ all: true, tag: expect.not.stringMatching('0x000000000000') })
    const again = json(await run([...args, '--yes']))
    expect(again['tag']).not.toBe(json(ran)['tag'])
    const artifact = await run(['grant', at('pay.json'), ...owner(), '--no-verify', '--yes'])
    expect([artifact.code, artifact.err]).toEqual([5, expect.stringContaining('everything made before has been ended')])
  })

  test('what an earlier run sent before it died is waited for, and not sent twice', async () => {
    const args = await granting('--from', '1795352400', '--no-verify', '--json')
    const [planned] = (JSON.parse((await run([...args, '--dry-run'])).out) as Plan).transactions
    if (planned === undefined) throw new Error('nothing is planned')
    const client = anvil.client()
    await client.setAutomine(false)
    await anvil.wallet(1).sendTransaction({ to: planned.to, data: planned.data, gas: 1_000_000n })
    const running = run([...args, '--yes'])
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await client.mine({ blocks: 1 })
    await client.setAutomine(true)
    const ran = await running
    expect([ran.code, JSON.parse(ran.out)]).toMatchObject([0, { already: true }])
    const address = anvil.funded(1).address
    const [included, sent] = await Promise.all([
      client.getTransactionCount({ address, blockTag: 'latest' }),
      client.getTransactionCount({ address, blockTag: 'pending' }),
    ])
    expect(sent).toBe(included)
  })

  test('a new entity goes in by a UserOperation whose callData is that of the dry run', async () => {
    const bundler = await Bundler.start(anvil)
    try {
      const args = ['install', ...own(), '--entity', '2', '--via', 'bundler', '--bundler', bundler.url, '--json']
      const plan = JSON.parse((await run([...args, '--dry-run'])).out) as {
        transactions: { sender: Address; nonce: string; callData: Hex }[]
      }
      const ran = await run([...args, '--yes'])
      const { input } = await anvil.client().getTransaction({ hash: json(ran)['transaction'] as Hex })
      const { args: sent } = decodeFunctionData({ abi: entryPoint07Abi, data: input })
      const [[operation] = []] = sent as unknown as [{ sender: Address; nonce: bigint; callData: Hex }[]]
      const [planned] = plan.transactions
      expect([operation?.callData, String(operation?.nonce)]).toEqual([planned?.callData, planned?.nonce])
      expect(json(await run(args))).toMatchObject({ already: true, entityId: 2 })
    } finally {
      await bundler.stop()
    }
  })

  test('an entity that was uninstalled is not taken again', async () => {
    await account.asOwner(calldata.uninstallValidation({ module: moduleAddress(), entityId: 2 }))
    const ran = await run(['install', ...own(), '--entity', '2', '--yes'])
    expect([ran.code, ran.err]).toEqual([
      5,
      `error: the account ${account.address} uninstalled the entity 2; an entity serves once\nhelp: the next free one: --entity 3\n`,
    ])
  })

  test('an account that does not stand yet is made with the install, and its first writ comes into force', async () => {
    const factory = kindOf('modular-account-v2').deployment?.factory as Address
    await anvil.client().setCode({ address: factory, bytecode: compiled('TestFactory').deployedBytecode })
    await run(['key', 'new', at('owner.json')])
    const args = ['install', '--salt', '7', '--owner-keystore', at('owner.json')]
    const grant = ['--grant', at('pay.writ'), '--key', await agent(), '-o', at('first.json')]
    const wrong = await run([...args, '--yes'], { env: { WRIT_PASSWORD: 'wrong' } })
    expect([wrong.code, wrong.err]).toEqual([5, expect.stringContaining('the password does not open')])
    const poor = await run([...args, '--yes'])
    expect([poor.code, poor.err]).toEqual([4, expect.stringMatching(/ether|funds/)])
    const { address } = JSON.parse((await run(['key', 'show', at('owner.json'), '--json'])).out) as { address: Address }
    await anvil.client().setBalance({ address, value: 10n ** 18n })
    const plan = JSON.parse((await run([...args, ...grant, '--no-verify', '--dry-run', '--json'])).out) as Plan
    expect(plan.transactions.map(({ to }) => to.toLowerCase())).toEqual([factory, expect.anything()])
    const ran = await run([...args, ...grant, '--no-verify', '--yes', '--json'])
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.out)).toMatchObject({ already: false, root: expect.stringMatching(/^0x/) })
    expect(JSON.parse((await run([...args, ...grant, '--no-verify', '--json'])).out)).toMatchObject({ already: true })
  })
})
