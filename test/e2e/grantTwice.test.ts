import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFunctionData, encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Artifact } from '../../src/cli/artifact.js'
import * as calldata from '../../src/compiler/calldata.js'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import type { Address } from '../../src/policy/Hex.js'
import { writ, type Ran, type World } from '../cli/world.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { anvilProgram } from './harness/tools.js'

/** The first address of the words that the software device has. */
const OWNER: Address = '0xdad77910dbdfde764fc21fcd4e74d71bbaca6d8d'
const installAbi = parseAbi([
  'function installValidation(bytes25 validationConfig, bytes4[] selectors, bytes installData, bytes[] hooks)',
])
const other: Address = '0xb0b0000000000000000000000000000000000002'

// One story in order: each test goes on where the last one ended; the last ones move time.
describe.skipIf(anvilProgram() === undefined)('what is in force, and what is over', () => {
  let anvil: Anvil
  let folder: string
  let account: Account
  let beforeInstall: bigint
  let installed: bigint
  const at = (name: string): string => join(folder, name)
  const plugged = () => ({ ledger: new SimulatedTransport({ person: () => true, blindSigning: false }) })
  const run = (argv: string[], world: World = {}): Promise<Ran> =>
    writ(argv, { disk: true, ...world, env: { WRIT_RPC: anvil.url, ...world.env } })
  const ok = async (argv: string[], world: World = {}): Promise<Ran> => {
    const ran = await run(argv, world)
    if (ran.code !== 0) throw new Error(`${argv.join(' ')}: ${ran.code}\n${ran.out}${ran.err}`)
    return ran
  }
  const address = (index: number): string => anvil.funded(index).address.toLowerCase()
  const owner = (): string[] => ['--kind', 'test', '--owner-unlocked', address(1), '--yes']
  const payer = (): string[] => ['--from-unlocked', address(0), '--no-verify', '--yes']
  const own = (): string[] => ['--account', account.address]
  const granting = (file = 'pay.writ'): string[] => [
    ...['grant', at(file), ...own(), '--key', address(5), '--no-verify'],
    ...owner(),
  ]
  const blocks = (): Promise<bigint> => anvil.client().getBlockNumber({ cacheTime: 0 })
  const later = async (seconds: number): Promise<void> => {
    await anvil.client().increaseTime({ seconds })
    await anvil.client().mine({ blocks: 1 })
  }

  const artifactAt = (name: string): Pick<Artifact, 'root' | 'from' | 'binding'> =>
    JSON.parse(readFileSync(at(name), 'utf8')) as Artifact

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'writ-twice-'))
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    await deployModule(anvil)
    account = await Account.deploy(anvil, 1)
    writeFileSync(at('pay.writ'), `fees 0.1 ETH/day\nttl 7d\nallow send on ${other} budget 1 ETH/day\n`)
    beforeInstall = await blocks()
    await ok(['install', ...own(), ...owner(), '--owner', OWNER])
    installed = await blocks()
  })
  afterAll(async () => {
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  test('a first grant may search from the block of the install on, where it can have missed none', async () => {
    const ran = await ok([...granting(), '--from-block', String(installed)])
    expect(ran.out).toContain('granted session 0x')
    await later(60)
    for (const from of [beforeInstall, installed])
      expect((await ok([...granting(), '--from-block', String(from)])).out).toContain('in force already: session 0x')
  })

  test('an artifact that was never granted is not preferred to an equal session in force', async () => {
    await ok([...granting(), '-o', at('first.json')])
    const inForce = artifactAt('first.json')
    const header = [...own(), '--key', address(5), '--chain', '31337', '--from', String(inForce.from - 30)]
    await ok(['compile', at('pay.writ'), ...header, '--tag', inForce.binding.tag, '-o', at('left.json')])
    expect(artifactAt('left.json')).toMatchObject({ from: inForce.from - 30 })
    const before = await blocks()
    const again = await ok([...granting(), '-o', at('left.json'), '--json'])
    expect(JSON.parse(again.out)).toMatchObject({ already: true, root: inForce.root })
    expect([artifactAt('left.json').root, await blocks()]).toEqual([inForce.root, before])
  })

  test('a search that begins after the install and finds no equal session grants none', async () => {
    const before = await blocks()
    const ran = await run([...granting(), '--from-block', String(before)])
    expect([ran.code, ran.err, await blocks()]).toEqual([
      2,
      `error: an equal session that is in force may have been granted before block ${before}, from which on --from-block reads\nhelp: search from an earlier block: that of the install, or leave --from-block out; to make one more on purpose: writ grant --again\n`,
      before,
    ])
    const more = await ok([...granting(), '--from-block', String(before), '--again'])
    expect(more.out).toContain('granted session 0x')
  })

  test('status says of which blocks it speaks, where it has not read all', async () => {
    const head = await blocks()
    await later(1)
    const status = ['status', ...own(), '--from-block']
    expect((await ok([...status, String(head + 1n)])).out).toContain(`: no sessions granted since block ${head + 1n}\n`)
    expect((await ok([...status, String(head)])).out).toContain(`: 1 live, granted since block ${head}\n`)
    expect((await ok([...status, '0'])).out).toContain(': 2 live\n')
    expect(JSON.parse((await ok([...status, String(head), '--json'])).out)).toMatchObject({ fromBlock: String(head) })
  })

  test('before an install nothing can have been granted, and the first writ goes in with it', async () => {
    const first = ['install', ...own(), ...owner(), '--entity', '2', '--grant', at('pay.writ'), '--key', address(5)]
    const head = String(await blocks())
    const ran = await ok([...first, '--no-verify', '--json', '--from-block', head])
    expect(JSON.parse(ran.out)).toMatchObject({ already: false, root: expect.stringMatching(/^0x/) as string })
  })

  test('an install that is reported a second time does not pass for the first', async () => {
    const [config, selectors, , hooks] = decodeFunctionData({
      abi: installAbi,
      data: calldata.installValidation(moduleAddress(), { entityId: 1, firstOwner: OWNER, textGrants: true }),
    }).args
    await account.asOwner(encodeFunctionData({ abi: installAbi, args: [config, selectors, '0x', hooks] }))
    const second = String(await blocks())
    const ran = await run([...granting(), '--ttl', '7d', '--from-block', second])
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(`granted before block ${second}`)])
  })

  test.each([['grant'], ['status'], ['revoke']])('%s reads no block beyond the latest one', async (command) => {
    const before = await blocks()
    const argv = {
      grant: granting(),
      status: ['status', ...own()],
      revoke: ['revoke', '--all', ...own(), ...owner()],
    }[command]
    const ran = await run([...(argv ?? []), '--from-block', '99999999'])
    expect([ran.code, ran.out, ran.err, await blocks()]).toEqual([
      2,
      '',
      `error: --from-block says 99999999, but the latest block is ${before}\nhelp: give the block of your install, or leave it out\n`,
      before,
    ])
  })

  const signing = async (ttl: string, file: string): Promise<void> => {
    const argv = ['grant', at('pay.writ'), ...own(), '--key', address(5), '--no-verify', '--ledger', '-o', at(file)]
    writeFileSync(at('pay.writ'), readFileSync(at('pay.writ'), 'utf8').replace(/ttl .*/, `ttl ${ttl}`))
    await ok(argv, plugged())
  }

  test.each([
    [['--account', other], 3, /^error: --account says 0xb0b0.*, but `.*short\.json` says 0x/],
    [['--key', other], 3, /^error: --key says 0xb0b0.*, but `.*short\.json` says 0x/],
    [['--chain', 'optimism'], 3, /^error: --chain says optimism \(chain 10\), but `.*` says base \(chain 8453\)/],
    [['--ttl', '1d'], 2, /^error: --ttl says nothing of a grant that is signed already: the file says it all/],
    [['--again'], 2, /^error: --again says nothing of a grant that is signed already/],
    [['--from', '1795000000'], 2, /^error: --from says nothing/],
    [['--from-block', '0'], 2, /^error: --from-block says nothing/],
    [['-o', 'x.json'], 2, /^error: --output says nothing/],
  ])('grant --signed FILE %s does not pass for heeded', async (flags, code, words) => {
    if (flags[1] === other && flags[0] === '--account') await signing('1h', 'short.json')
    const before = await blocks()
    const ran = await run(['grant', '--signed', at('short.json'), ...payer(), ...flags])
    expect([ran.code, ran.err, await blocks()]).toEqual([code, expect.stringMatching(words), before])
  })

  test('nor do flags of another way beside a file that is only to be signed', async () => {
    const from = ['--from', String((await anvil.client().getBlock()).timestamp), '--chain', '8453']
    const offline = ['grant', at('pay.writ'), ...own(), '--key', address(5), ...from, '--offline', '--no-verify']
    await ok([...offline, '-o', at('blank.json')], { env: { WRIT_RPC: '' } })
    const sign = (...flags: string[]) => run(['grant', '--sign', at('blank.json'), '--ledger', ...flags], plugged())
    const account = await sign('--account', other)
    expect([account.code, account.err]).toEqual([3, expect.stringMatching(/^error: --account says 0xb0b0/)])
    const entity = await sign('--entity', '7')
    expect([entity.code, entity.err]).toEqual([3, expect.stringContaining('for another module, entity or tag')])
    const ttl = await sign('--ttl', '1d')
    expect([ttl.code, ttl.err]).toEqual([
      2,
      expect.stringMatching(/^error: --ttl says nothing of a grant that is writ/),
    ])
    const carrier = await sign(...payer())
    expect([carrier.code, carrier.err]).toEqual([2, expect.stringMatching(/^error: --from-unlocked says nothing/)])
    expect(JSON.parse(readFileSync(at('blank.json'), 'utf8'))).not.toHaveProperty('signature')
  })

  test.each([
    [['--account', other], 3, /^error: --account says 0xb0b0.*, but `.*kill\.json` says 0x/],
    [['--entity', '7'], 3, /^error: --entity says 7, but `.*kill\.json` says 1\n/],
    [['--out', 'x.json'], 2, /^error: --out says nothing of an end that is signed already/],
    [['--owner-unlocked', other], 2, /^error: --owner-unlocked says nothing/],
  ])('revoke --signed FILE %s does not pass for heeded', async (flags, code, words) => {
    if (flags[0] === '--account')
      await ok(['revoke', '--all', ...own(), '--ledger', '--out', at('kill.json')], plugged())
    const before = await blocks()
    const carrying = ['revoke', '--signed', at('kill.json'), '--from-unlocked', address(0), '--yes']
    const ran = await run([...carrying, ...flags])
    expect([ran.code, ran.err, await blocks()]).toEqual([code, expect.stringMatching(words), before])
  })

  test('a session whose time is over is not in force, by whichever way it is granted again', async () => {
    await ok(['grant', '--signed', at('short.json'), ...payer()])
    const artifact = [...granting(), '--ttl', '1h', '--again', '-o', at('hour.json')]
    writeFileSync(at('pay.writ'), readFileSync(at('pay.writ'), 'utf8').replace(/ttl .*\n/, ''))
    await ok(artifact)
    await later(3600)
    const before = await blocks()
    const ended = /^error: the session 0x[0-9a-f]{64} ended at .*: it was in force, and on the chain it is /
    const signed = await run(['grant', '--signed', at('short.json'), ...payer()])
    expect([signed.code, signed.out, signed.err]).toEqual([5, '', expect.stringMatching(ended)])
    expect(signed.err).toContain('help: have a new one signed: writ grant FILE --ledger\n')
    const called = await run(['grant', at('hour.json'), '--no-verify', ...owner()])
    expect([called.code, called.out, called.err]).toEqual([5, '', expect.stringMatching(ended)])
    expect(called.err).toContain('help: grant the writ with another beginning')
    const text = await run(
      ['grant', at('hour.json'), '--no-verify', '--ledger', '-o', at('text.json'), '--yes'],
      plugged(),
    )
    expect([text.code, text.out, text.err]).toEqual([5, '', expect.stringMatching(ended)])
    const install = ['install', ...own(), ...owner(), '--owner', OWNER, '--grant', at('hour.json'), '--no-verify']
    const first = await run(install)
    expect([first.code, first.out, first.err]).toEqual([5, '', expect.stringMatching(ended)])
    expect(await blocks()).toBe(before)
  })

  test('a signed grant that nobody carried in time has ended, and nobody is told to correct it', async () => {
    writeFileSync(at('pay.writ'), `ttl 1h\n${readFileSync(at('pay.writ'), 'utf8')}`)
    await signing('2h', 'past.json')
    await later(7200)
    const ran = await run(['grant', '--signed', at('past.json'), ...payer()])
    expect([ran.code, ran.err]).toEqual([
      5,
      expect.stringMatching(
        /^error: the signed session 0x.* has ended before anyone put it into force: .*\nhelp: have a new one signed: writ grant FILE --ledger\n$/,
      ),
    ])
  })
})
