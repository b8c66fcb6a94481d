// Longer than most: one story on one node, in which each command goes on where the last one ended.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import type { Asked } from '../../src/ledger/simulated/Person.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { writ, type Ran, type World } from '../cli/world.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { deployToken } from './harness/uniswap.js'
import { anvilProgram } from './harness/tools.js'

/** The first address of the words that the software device has. */
const OWNER: Address = '0xdad77910dbdfde764fc21fcd4e74d71bbaca6d8d'

/** A device in software, driven by Ledger's own library as a real one is, and what it was asked. */
const plugged = ({ approve = true, blindSigning = false } = {}) => {
  const asked: Asked[] = []
  const person = (what: Asked): boolean => asked.push(what) > 0 && approve
  return { ledger: new SimulatedTransport({ person, blindSigning }), asked }
}

// One story in order: each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined)('what an owner signs on a Ledger', () => {
  let anvil: Anvil
  let folder: string
  let account: Account
  let token: Address
  const at = (name: string): string => join(folder, name)
  const run = (argv: string[], world: World = {}): Promise<Ran> =>
    writ(argv, { disk: true, ...world, env: { WRIT_RPC: anvil.url, WRIT_PASSWORD: 'secret', ...world.env } })
  const ok = async (argv: string[], world: World = {}): Promise<Ran> => {
    const ran = await run(argv, world)
    if (ran.code !== 0) throw new Error(`${argv.join(' ')}: ${ran.code}\n${ran.out}${ran.err}`)
    return ran
  }
  const json = async (argv: string[], world: World = {}): Promise<Record<string, unknown>> =>
    JSON.parse((await ok([...argv, '--json'], world)).out) as Record<string, unknown>
  const payer = (): string[] => ['--from-unlocked', anvil.funded(0).address.toLowerCase()]
  const own = (): string[] => ['--account', account.address]
  const agent = async (): Promise<string> => (await ok(['key', 'show', at('agent.json')])).out.trim()
  const granting = async (file: string, ...more: string[]): Promise<string[]> => [
    ...['grant', at(file), ...own(), '--key', await agent(), '--no-verify'],
    ...more,
  ]
  const blocks = (): Promise<bigint> => anvil.client().getBlockNumber({ cacheTime: 0 })
  const sentBy = async (hash: unknown) => anvil.client().getTransaction({ hash: hash as Hex })
  const send = (file: string): string[] => [
    'send',
    '--writ',
    at(file),
    '--key-keystore',
    at('agent.json'),
    '--to',
    friend,
    '--value',
    '0.1 ETH',
    '--direct',
    '--yes',
  ]
  const friend = '0xa11ce00000000000000000000000000000000001'

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'writ-ledger-'))
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    await deployModule(anvil)
    account = await Account.deploy(anvil, 1)
    token = await deployToken(anvil, 'Token A', 'AAA')
    await ok(['key', 'new', at('agent.json')])
    await anvil.client().setBalance({ address: (await agent()) as Address, value: 10n ** 18n })
    writeFileSync(
      at('pay.writ'),
      `fees 0.1 ETH/day
ttl 7d
token AAA = ${token} decimals 18
allow send on ${friend} budget 1 ETH/day
allow transfer on AAA where to == ${friend} budget 10 AAA/day
`,
    )
    writeFileSync(at('less.writ'), `fees 0.1 ETH/day\nttl 7d\nallow send on ${friend} budget 0.5 ETH/day\n`)
    await ok([
      ...['install', ...own(), '--kind', 'test', '--owner-unlocked', anvil.funded(1).address.toLowerCase()],
      ...['--owner', OWNER, '--second-owner', anvil.funded(2).address.toLowerCase(), '--yes'],
    ])
  })
  afterAll(async () => {
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  test('grant --ledger signs the text for the registered owner and sends nothing where nobody is to carry it', async () => {
    const before = await blocks()
    const { ledger, asked } = plugged()
    const ran = await ok(await granting('pay.writ', '--ledger', '-o', at('pay.json')), { ledger })
    expect(ran.out).toMatch(/signed by 0xDad7[^]*not in force yet\nwrote .*pay\.json\nnext: anyone with ether/)
    expect(asked).toMatchObject([
      { kind: 'message', inHex: false, text: expect.stringContaining('token AAA 18 dec') as string },
    ])
    expect(await blocks()).toBe(before)
  })

  test('grant --signed is carried by anyone, by the transaction of the dry run, once', async () => {
    const args = ['grant', '--signed', at('pay.json'), ...payer()]
    const dry = await json([...args, '--dry-run', '--no-verify'])
    const [planned] = dry['transactions'] as { data: Hex; to: Address }[]
    const ran = await ok([...args, '--yes', '--json'])
    const done = JSON.parse(ran.out) as Record<string, unknown>
    expect(done).toMatchObject({ already: false, owner: OWNER, gate: { cases: expect.any(Number) as number } })
    const { from, to, input } = await sentBy(done['transaction'])
    expect({ from, to, input }).toEqual({
      from: anvil.funded(0).address.toLowerCase(),
      to: moduleAddress(),
      input: planned?.data,
    })
    const before = await blocks()
    expect(await json(args)).toMatchObject({ already: true, root: done['root'] })
    expect(await blocks()).toBe(before)
  })

  test('the agent acts by the grant file as by an artifact', async () => {
    const before = await anvil.client().getBalance({ address: friend })
    await ok(send('pay.json'))
    expect(await anvil.client().getBalance({ address: friend })).toBe(before + 10n ** 17n)
  })

  test('a file for a session that was never granted becomes that of an equal one in force', async () => {
    const grant = (name: string) => granting('twin.writ', '-o', at(name), '--again')
    writeFileSync(at('twin.writ'), `fees 0.1 ETH/day\nttl 7d\nallow send on ${friend} budget 0.6 ETH/day\n`)
    await ok([...(await grant('one.json')), '--ledger', ...payer(), '--yes'], { ledger: plugged().ledger })
    const rootIn = (name: string): Hex => {
      const json = JSON.parse(readFileSync(at(name), 'utf8')) as { root?: Hex; artifact?: { root: Hex } }
      return json.artifact?.root ?? json.root ?? '0x'
    }
    const tag = (JSON.parse(readFileSync(at('one.json'), 'utf8')) as { artifact: { binding: { tag: Hex } } }).artifact
      .binding.tag
    const alone = ['--chain', '31337', '--tag', tag, '--offline']
    await ok([...(await grant('two.json')), ...alone], { env: { WRIT_RPC: '' }, now: 1_900_000_000 })
    expect(rootIn('two.json')).not.toBe(rootIn('one.json'))
    const again = (await grant('two.json')).filter((word) => word !== '--again')
    const { ledger, asked } = plugged()
    expect(await json([...again, '--ledger', ...payer(), '--yes'], { ledger })).toMatchObject({ already: true })
    expect([rootIn('two.json'), asked.length]).toEqual([rootIn('one.json'), 0])
  })

  test('send says that its operation put the session into force, once', async () => {
    writeFileSync(at('first.writ'), `fees 0.1 ETH/day\nttl 7d\nallow send on ${friend} budget 0.7 ETH/day\n`)
    await ok(await granting('first.writ', '--ledger', '-o', at('first.json')), { ledger: plugged().ledger })
    const { root } = (JSON.parse(readFileSync(at('first.json'), 'utf8')) as { artifact: { root: Hex } }).artifact
    expect((await ok(send('first.json'))).out).toContain(`in force    ${root}, from this operation on\n`)
    expect((await ok(send('first.json'))).out).not.toContain('in force')
  })

  test('grant --ledger with a carrier signs and puts it into force; run again it asks nobody and sends nothing', async () => {
    const { ledger, asked } = plugged()
    const args = await granting('less.writ', '--ledger', '-o', at('less.json'), ...payer(), '--yes')
    const done = await json(args, { ledger })
    expect(done).toMatchObject({ already: false, owner: OWNER, output: at('less.json') })
    const before = await blocks()
    expect(await json(args, { ledger })).toMatchObject({ already: true, root: done['root'] })
    expect([await blocks(), asked.length]).toEqual([before, 1])
    await ok(send('less.json'))
  })

  test('a run that was cut off between signing and sending is finished without asking the owner again', async () => {
    const args = await granting('less.writ', '--ledger', '--again', '-o', at('more.json'))
    const { ledger, asked } = plugged()
    await anvil.client().increaseTime({ seconds: 60 })
    await ok(args, { ledger })
    const signed = readFileSync(at('more.json'), 'utf8')
    const rest = args.filter((word) => word !== '--again')
    const { root } = (JSON.parse(signed) as { artifact: { root: Hex } }).artifact
    // The session that is in force already is the first one of this writ; the file names its own.
    const done = await json([...rest, ...payer(), '--yes'], { ledger })
    expect([done['root'], asked.length]).toEqual([root, 1])
    expect(readFileSync(at('more.json'), 'utf8')).toBe(signed)
  })

  test('a person who says no has put nothing into force, and the signed grant is kept', async () => {
    const { ledger } = plugged()
    const before = await blocks()
    const args = await granting('less.writ', '--ttl', '6d', '--ledger', '-o', at('no.json'), ...payer())
    writeFileSync(at('less.writ'), readFileSync(at('less.writ'), 'utf8').replace('ttl 7d\n', ''))
    const ran = await run(args, { ledger, answers: [false] })
    expect([ran.code, ran.err]).toEqual([5, expect.stringContaining('error: you said no, nothing was sent')])
    expect(ran.asked).toEqual([
      expect.stringMatching(/^Put this into force for the key .* as 0xDad7.* signed it, paid by 0xf39f/),
    ])
    expect([await blocks(), readFileSync(at('no.json'), 'utf8')]).toEqual([
      before,
      expect.stringContaining('"signature"'),
    ])
  })

  test.each([
    [
      'another address of the device',
      ['--path', "44'/60'/0'/0/1"],
      5,
      /this Ledger address is not the owner: the owner is 0xdad7/,
    ],
    ['an entity that was never installed', ['--entity', '9'], 5, /has never installed the module under entity 9/],
    [
      'another kill tag than the chain’s',
      ['--tag', '0x0000000000aa'],
      5,
      /--tag says 0x0000000000aa, but the account's kill tag is 0x000000000000/,
    ],
    [
      'another owner than the chain’s',
      ['--owner', `0x${'11'.repeat(20)}`],
      5,
      /but the owner that the module knows is 0xdad7/,
    ],
    [
      'a carrier that nobody can confirm',
      ['--from-unlocked', `0x${'11'.repeat(20)}`],
      2,
      /nobody is at a terminal to say yes/,
    ],
  ])('grant --ledger for %s ends before the device shows anything', async (_, more, code, words) => {
    const { ledger, asked } = plugged()
    const ran = await run(await granting('less.writ', '--ttl', '5d', '--ledger', '-o', at('none.json'), ...more), {
      ledger,
    })
    expect([ran.code, ran.err, asked]).toEqual([code, expect.stringMatching(words), []])
    expect(() => readFileSync(at('none.json'))).toThrow()
  })

  test('three steps: written without a chain, signed without a chain, carried', async () => {
    const { timestamp } = await anvil.client().getBlock()
    const alone = { env: { WRIT_RPC: '' } }
    const from = ['--from', String(timestamp), '--ttl', '4d', '--chain', '8453']
    await ok(await granting('less.writ', '--offline', ...from, '-o', at('three.json')), alone)
    const early = await run(['grant', '--signed', at('three.json'), ...payer(), '--yes'])
    expect([early.code, early.err]).toEqual([
      2,
      expect.stringContaining('is not signed yet\nhelp: on the machine with'),
    ])
    const { ledger } = plugged()
    await ok(['grant', '--sign', at('three.json'), '--ledger', '--no-verify'], {
      ...alone,
      ledger,
      now: Number(timestamp),
    })
    const signed = readFileSync(at('three.json'), 'utf8')
    writeFileSync(at('bad.json'), signed.replace('0.5 ETH/day;', '9.5 ETH/day;'))
    const bad = await run(['grant', '--signed', at('bad.json'), ...payer(), '--no-verify', '--yes'])
    expect([bad.code, bad.err]).toEqual([3, expect.stringContaining('its `text` is not what the grant says')])
    expect(await json(['grant', '--signed', at('three.json'), ...payer(), '--no-verify', '--yes'])).toMatchObject({
      already: false,
    })
    await ok(send('three.json'))
  })

  test('what another signed than the registered owner is not sent', async () => {
    const alone = { env: { WRIT_RPC: '' } }
    const { timestamp } = await anvil.client().getBlock()
    const from = ['--from', String(timestamp), '--ttl', '3d', '--chain', '8453']
    const { ledger } = plugged()
    await ok(await granting('less.writ', ...from, '--ledger', '--path', "44'/60'/0'/0/1", '-o', at('other.json')), {
      ...alone,
      ledger,
    })
    const before = await blocks()
    const ran = await run(['grant', '--signed', at('other.json'), ...payer(), '--no-verify', '--yes'])
    expect([ran.code, ran.err]).toEqual([
      5,
      expect.stringMatching(/the grant is signed by 0x.*, but the owner of .* is 0xdad7/),
    ])
    expect(await blocks()).toBe(before)
  })

  test('decimals that are not the token’s are refused before anything is sent', async () => {
    writeFileSync(at('six.writ'), readFileSync(at('pay.writ'), 'utf8').replace('decimals 18', 'decimals 6'))
    const { ledger } = plugged()
    const before = await blocks()
    const ran = await run(await granting('six.writ', '--ledger', '-o', at('six.json'), ...payer(), '--yes'), { ledger })
    expect([ran.code, ran.err]).toEqual([
      5,
      expect.stringMatching(/the grant says 6 decimals of 0x.*, and the token says 18/),
    ])
    expect(await blocks()).toBe(before)
  })

  test('a node of another chain than the grant’s is refused', async () => {
    const other = await Anvil.start({ chainId: 1 })
    try {
      const ran = await run(['grant', '--signed', at('three.json'), ...payer(), '--yes'], {
        env: { WRIT_RPC: other.url },
      })
      expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('not of base (chain 8453)')])
    } finally {
      await other.stop()
    }
  })

  test('revoke SESSION --ledger shows the root and ends that session alone, carried by the transaction of the dry run', async () => {
    const { ledger, asked } = plugged()
    const args = ['revoke', at('less.json'), '--ledger']
    const dry = await ok([...args, '--dry-run'], { ledger })
    expect([dry.out, asked]).toEqual([
      expect.stringMatching(/dry run: nothing is signed or sent[^]*REVOKE A GRANT of/),
      [],
    ])
    await ok([...args, '--out', at('end.json')], { ledger })
    expect(asked).toMatchObject([{ text: expect.stringMatching(/^REVOKE A GRANT of/) as string, inHex: false }])
    const carrying = ['revoke', '--signed', at('end.json'), ...payer()]
    const [planned] = (await json([...carrying, '--dry-run']))['transactions'] as { data: Hex }[]
    const done = await json([...carrying, '--yes'])
    const { root } = (JSON.parse(readFileSync(at('less.json'), 'utf8')) as { artifact: { root: Hex } }).artifact
    expect(done).toMatchObject({ already: false, root })
    expect((await sentBy(done['transaction'])).input).toBe(planned?.data)
    expect(await json(carrying)).toMatchObject({ already: true, root })
    expect(await json([...args, '--out', at('again.json')], { ledger })).toMatchObject({ already: true, root })
    expect(asked.length).toBe(1)
    expect((await run(send('less.json'))).code).toBe(5)
    await ok(send('three.json'))
  })

  test('the agent’s key signs its end, and another pays for it, now or later', async () => {
    const renouncing = ['revoke', at('more.json'), '--renounce', '--key-keystore', at('agent.json')]
    await ok([...renouncing, '--out', at('renounce.json')])
    const file = readFileSync(at('renounce.json'), 'utf8')
    const bad = file.replace(/"signature": "0x../, '"signature": "0x00')
    writeFileSync(at('bad.json'), bad)
    const refused = await run(['revoke', '--signed', at('bad.json'), ...payer(), '--yes'])
    expect([refused.code, refused.err]).toEqual([3, expect.stringMatching(/its checksum is not that of its content/)])
    const args = [...renouncing, ...payer()]
    const [planned] = (await json([...args, '--dry-run']))['transactions'] as { data: Hex; from: Address }[]
    const done = await json([...args, '--yes'])
    const { from, input } = await sentBy(done['transaction'])
    expect({ from, input }).toEqual({ from: anvil.funded(0).address.toLowerCase(), input: planned?.data })
    expect(await json(['revoke', '--signed', at('renounce.json')])).toMatchObject({ already: true })
  })

  test('revoke --all --ledger ends everything, also what was signed and is not yet in force', async () => {
    const { ledger, asked } = plugged()
    const done = await json(['revoke', '--all', ...own(), '--ledger', ...payer(), '--yes', '--out', at('kill.json')], {
      ledger,
    })
    expect(done).toMatchObject({ all: true, already: false })
    expect(asked).toMatchObject([
      { text: expect.stringMatching(/^REVOKE ALL KEYS of\n[^]*chain 8453 before/) as string },
    ])
    for (const file of ['pay.json', 'three.json']) expect((await run(send(file))).code).toBe(5)
    const late = await run(['grant', '--signed', at('no.json'), ...payer(), '--no-verify', '--yes'])
    expect([late.code, late.err]).toEqual([5, expect.stringContaining('everything signed before has been ended')])
    expect(await json(['revoke', '--signed', at('kill.json'), ...payer()])).toMatchObject({
      already: true,
      tag: done['tag'],
    })
  })

  test('a kill that is stale after a later one is refused, and it is said what to do', async () => {
    const { ledger } = plugged()
    await ok(['revoke', '--all', ...own(), '--ledger', '--out', at('stale.json')], { ledger })
    await anvil.client().increaseTime({ seconds: 60 })
    await anvil.client().mine({ blocks: 1 })
    await ok(['revoke', '--all', ...own(), '--signer', 'simulated', ...payer(), '--yes'])
    const ran = await run(['revoke', '--signed', at('stale.json'), ...payer(), '--yes'])
    expect([ran.code, ran.err]).toEqual([
      5,
      expect.stringMatching(/too old, too far ahead, or not after the last one[^]*have the owner sign one/),
    ])
  })

  test('the second owner’s device ends everything too, and grants nothing', async () => {
    writeFileSync(at('seed'), `${'test '.repeat(11)}junk\n`)
    const spare = ['--signer', 'simulated', '--mnemonic-file', at('seed'), '--path', "44'/60'/0'/0/2", '--yes']
    await anvil.client().increaseTime({ seconds: 60 })
    await anvil.client().mine({ blocks: 1 })
    const done = await json(['revoke', '--all', ...own(), ...spare, ...payer()])
    expect(done).toMatchObject({ all: true, already: false })
    const ran = await run(await granting('less.writ', '--ttl', '5d', ...spare, '-o', at('spare.json')))
    expect([ran.code, ran.err]).toEqual([5, expect.stringContaining('this Ledger address is not the owner')])
  })

  test('one text of --every-chain ends the sessions of two chains', async () => {
    const other = await Anvil.start({ chainId: 10, time: 1_795_356_000 })
    try {
      const { ledger, asked } = plugged()
      const { timestamp } = await anvil.client().getBlock()
      const alone = { env: { WRIT_RPC: '' }, ledger, now: Number(timestamp) + 60 }
      await ok(['revoke', '--all', '--every-chain', ...own(), '--ledger', '--out', at('every.json')], alone)
      expect(asked).toMatchObject([{ text: expect.stringContaining('every chain before') as string }])
      const tags = []
      tags.push((await json(['revoke', '--signed', at('every.json'), ...payer(), '--yes']))['tag'])
      await deployModule(other)
      await deployEntryPointOn(other, '0.7')
      const twin = await Account.place(other, account.address, 1)
      const { timestamp: there } = await other.client().getBlock()
      await other
        .client()
        .setNextBlockTimestamp({ timestamp: timestamp + 120n > there ? timestamp + 120n : there + 1n })
      const env = { WRIT_RPC: other.url }
      const install = [
        'install',
        '--account',
        twin.address,
        '--kind',
        'test',
        '--owner-unlocked',
        anvil.funded(1).address.toLowerCase(),
      ]
      await ok([...install, '--owner', OWNER, '--yes'], { env })
      tags.push((await json(['revoke', '--signed', at('every.json'), ...payer(), '--yes'], { env }))['tag'])
      expect(tags[0]).toBe(tags[1])
    } finally {
      await other.stop()
    }
  })

  test('a kill that no owner signed, and one of which a byte was changed, are not sent', async () => {
    const { ledger } = plugged()
    const alone = { env: { WRIT_RPC: '' }, ledger, now: 1_795_360_000 }
    const args = ['revoke', '--all', ...own(), '--chain', '8453', '--ledger']
    await ok([...args, '--path', "44'/60'/0'/0/1", '--out', at('stranger.json')], alone)
    const before = await blocks()
    const stranger = await run(['revoke', '--signed', at('stranger.json'), ...payer(), '--yes'])
    expect([stranger.code, stranger.err]).toEqual([
      5,
      expect.stringMatching(/it is signed by 0x.*, but the owner of .* is 0xdad7.* or 0x3c44/),
    ])
    const file = readFileSync(at('stranger.json'), 'utf8')
    writeFileSync(at('bad.json'), file.replace('"before": 1795360000', '"before": 1795360001'))
    const bad = await run(['revoke', '--signed', at('bad.json'), ...payer(), '--yes'])
    expect([bad.code, bad.err]).toEqual([3, expect.stringContaining('its `text` is not what it says besides')])
    expect(await blocks()).toBe(before)
  })

  test('a payer who could not carry it is found out before the owner is asked', async () => {
    writeFileSync(at('paid.writ'), `ttl 7d\nallow send on ${friend} budget 0.5 ETH/day\n`)
    const { ledger, asked } = plugged()
    const nobody = '0x00000000000000000000000000000000000ddead'
    const kill = ['revoke', '--all', ...own(), '--ledger', '--yes', '--from-unlocked', nobody]
    const strange = await run(kill, { ledger })
    expect([strange.code, strange.err]).toEqual([
      4,
      expect.stringMatching(/the node holds no key of the payer 0x0+ddead/),
    ])
    const granted = await run(
      await granting('paid.writ', '--again', '--ledger', '--yes', '-o', at('poor.json'), ...kill.slice(-2)),
      { ledger },
    )
    expect([granted.code, granted.err]).toEqual([4, expect.stringMatching(/the node holds no key of the payer/)])
    const poor = anvil.funded(5).address
    await anvil.client().setBalance({ address: poor, value: 1n })
    const broke = await run([...kill.slice(0, -1), poor.toLowerCase()], { ledger })
    expect([broke.code, broke.err]).toEqual([
      4,
      expect.stringMatching(/the payer 0x.* has too little ether for a transaction/),
    ])
    expect([asked, existsSync(at('poor.json'))]).toEqual([[], false])
  })

  test('what the owner has signed is kept where it could not be carried, and can be carried later', async () => {
    const { ledger } = plugged()
    await anvil.client().increaseTime({ seconds: 60 })
    await anvil.client().mine({ blocks: 1 })
    const args = ['revoke', '--all', ...own(), '--ledger', ...payer()]
    const kept = await run([...args, '--out', at('kept.json')], { ledger, answers: [false] })
    expect([kept.code, kept.err]).toEqual([
      5,
      expect.stringMatching(
        /It is signed and kept in .*kept.json. [^]*writ revoke --signed .*kept.json --from-keystore PAYER\nerror:/,
      ),
    ])
    expect(readFileSync(at('kept.json'), 'utf8')).toContain('"writRevocation"')
    const printed = await run(args, { ledger, answers: [false] })
    expect([printed.code, printed.err]).toEqual([5, expect.stringContaining('put what stands on standard output')])
    writeFileSync(at('printed.json'), printed.out)
    expect(await json(['revoke', '--signed', at('printed.json'), ...payer(), '--yes'])).toMatchObject({
      already: false,
    })
  })

  test('to carry what is signed somebody must be named, which is said before the gate', async () => {
    writeFileSync(at('paid.writ'), `ttl 7d\nallow send on ${friend} budget 0.5 ETH/day\n`)
    await ok(await granting('paid.writ', '--again', '--ledger', '-o', at('unpaid.json')), plugged())
    for (const more of [['--yes'], ['--dry-run']]) {
      const ran = await run(['grant', '--signed', at('unpaid.json'), ...more])
      expect([ran.code, ran.out, ran.err]).toEqual([
        2,
        '',
        'error: nobody is named to carry it\nhelp: add --from-keystore FILE: anyone with some ether\n',
      ])
    }
    const unsigned = await run(await granting('paid.writ', '--again', '--yes'))
    expect([unsigned.code, unsigned.out, unsigned.err]).toEqual([
      2,
      '',
      expect.stringContaining('nobody is named to sign'),
    ])
  })

  test('refused on the device, nothing has ended and no file is left', async () => {
    const { ledger } = plugged({ approve: false })
    const before = await blocks()
    const ran = await run(['revoke', '--all', ...own(), '--ledger', ...payer(), '--yes', '--out', at('refused.json')], {
      ledger,
    })
    expect([ran.code, ran.err]).toEqual([
      5,
      expect.stringContaining('error: it was refused on the Ledger\nhelp: nothing was signed'),
    ])
    expect(() => readFileSync(at('refused.json'))).toThrow()
    expect(await blocks()).toBe(before)
  })

  test('a Ledger that owns the account signs its transactions where blind signing is on, and is told why where it is off', async () => {
    await anvil.client().setBalance({ address: OWNER, value: 10n ** 19n })
    const owned = await Account.place(anvil, '0x00000000000000000000000000000000000acc01', 1)
    await anvil
      .client()
      .setStorageAt({ address: owned.address, index: 0, value: `0x${OWNER.slice(2).padStart(64, '0')}` })
    const args = ['install', '--account', owned.address, '--kind', 'test', '--ledger', '--yes']
    const off = await run(args, plugged())
    expect([off.code, off.err]).toEqual([
      5,
      expect.stringMatching(
        /settings forbid to sign what it cannot show\nhelp: a grant and its end can be signed as text/,
      ),
    ])
    const { ledger, asked } = plugged({ blindSigning: true })
    const done = await json(args, { ledger })
    expect(asked).toMatchObject([{ kind: 'transaction', blind: true }])
    expect(done).toMatchObject({ already: false, owners: { first: OWNER } })
    expect((await sentBy(done['transaction'])).from).toBe(OWNER)
    const grant = [
      'grant',
      at('less.writ'),
      '--account',
      owned.address,
      '--ttl',
      '2d',
      '--key',
      await agent(),
      '--kind',
      'test',
      '--no-verify',
    ]
    const granted = await json([...grant, '--ledger', '--via', 'transaction', '-o', at('owned.json'), '--yes'], {
      ledger,
    })
    expect((await sentBy(granted['transaction'])).from).toBe(OWNER)
    const ended = await json(
      ['revoke', at('owned.json'), '--kind', 'test', '--ledger', '--via', 'transaction', '--yes'],
      { ledger },
    )
    expect((await sentBy(ended['transaction'])).from).toBe(OWNER)
    const bundled = await run(
      ['revoke', '--all', '--account', owned.address, '--ledger', '--via', 'bundler', '--yes'],
      { ledger },
    )
    expect([bundled.code, bundled.err]).toEqual([
      2,
      expect.stringContaining('a UserOperation is a bare hash on a device'),
    ])
  })

  test('a Ledger pays for deploy', async () => {
    const other = await Anvil.start({ chainId: 10 })
    try {
      await other.client().setBalance({ address: OWNER, value: 10n ** 19n })
      const { ledger, asked } = plugged({ blindSigning: true })
      const ran = await ok(['deploy', '--ledger', '--yes'], { ledger, env: { WRIT_RPC: other.url } })
      expect([ran.out, asked.length]).toEqual([
        expect.stringContaining(`WritModule ${moduleAddress()}: deployed by`),
        3,
      ])
    } finally {
      await other.stop()
    }
  })

  test('where texts do not grant, the device is asked for nothing', async () => {
    const quiet = await Account.deploy(anvil, 1)
    const install = [
      'install',
      '--account',
      quiet.address,
      '--kind',
      'test',
      '--owner-unlocked',
      anvil.funded(1).address.toLowerCase(),
    ]
    await ok([...install, '--owner', OWNER, '--no-text-grants', '--yes'])
    const { ledger, asked } = plugged()
    const ran = await run(
      [
        'grant',
        at('less.writ'),
        '--account',
        quiet.address,
        '--ttl',
        '2d',
        '--key',
        await agent(),
        '--ledger',
        '-o',
        at('quiet.json'),
      ],
      { ledger },
    )
    expect([ran.code, ran.err, asked]).toEqual([
      5,
      expect.stringContaining('signed texts do not grant under entity 1'),
      [],
    ])
  })
})
