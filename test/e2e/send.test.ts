import { parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callModule } from '../../src/account/callModule.js'
import { newKeystore } from '../../src/account/owners/keystore.js'
import { makeArtifact } from '../../src/cli/artifact.js'
import { renderGrantFile } from '../../src/cli/device/grantFile.js'
import * as calldata from '../../src/compiler/calldata.js'
import { deviceTextOf } from '../../src/compiler/device/deviceText.js'
import { decode } from '../../src/compiler/decode.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { writ, type Ran } from '../cli/world.js'
import { grantOf } from './harness/grantOf.js'
import { SessionWorld } from './harness/SessionWorld.js'
import { anvilProgram } from './harness/tools.js'
import { deployToken, mint } from './harness/uniswap.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'
const stranger: Address = '0x00000000000000000000000000000000000bad00'
const ether = 10n ** 18n
const tenth = ether / 10n
const balanceAbi = parseAbi(['function balanceOf(address) view returns (uint256)'])

// One story in order: each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined)('writ send', () => {
  let world: SessionWorld
  let token: Address
  let key: Address
  let keystore: string
  let grant: Hex
  let artifact: string
  const files = (): Record<string, string> => ({ 'agent.json': keystore, 'a.json': artifact })
  const run = (argv: readonly string[], more: Record<string, string> = {}, bundler = true): Promise<Ran> =>
    writ(['send', '--kind', 'test', '--key-keystore', 'agent.json', ...argv], {
      files: { ...files(), ...more },
      env: { WRIT_RPC: world.anvil.url, WRIT_PASSWORD: 'secret', ...(bundler && { WRIT_BUNDLER: world.bundler.url }) },
    })
  const send = (...argv: string[]): Promise<Ran> => run(['--writ', 'a.json', '--yes', ...argv])
  const direct = (...argv: string[]): Promise<Ran> => run(['--writ', 'a.json', '--yes', '--direct', ...argv], {}, false)
  const balance = (address: Address): Promise<bigint> => world.client().getBalance({ address })
  const tokens = (address: Address): Promise<bigint> =>
    world.client().readContract({ address: token, abi: balanceAbi, functionName: 'balanceOf', args: [address] })
  const jsonOf = ({ out, err }: Ran) => {
    expect(err).toBe('')
    return JSON.parse(out) as Record<string, unknown>
  }
  const grantFor = async (text: string): Promise<Hex> =>
    grantOf(
      text,
      {
        account: world.account.address,
        key,
        chainId: world.anvil.chainId,
        from: await world.time(),
        ttlSeconds: 7 * 86_400,
      },
      { module: world.module, entityId: 1, tag: '0x000000000000' },
    )
  const artifactOf = (bytes: Hex): string => {
    const decoded = decode(bytes)
    if (!decoded.ok) throw new Error(decoded.reason)
    return JSON.stringify(makeArtifact(decoded.policy, decoded.binding, ['']))
  }

  beforeAll(async () => {
    world = await SessionWorld.start()
    token = await deployToken(world.anvil, 'Token A', 'AAA')
    await mint(world.anvil, token, world.account.address, 100n * ether)
    ;({ text: keystore, address: key } = await newKeystore('secret', 2))
    grant = await grantFor(`fees 0.05 ETH/day
      token AAA = ${token} decimals 18
      allow send on ${friend} budget 1 ETH/day
      allow transfer on AAA where to == ${friend} budget 500 AAA/day`)
    artifact = artifactOf(grant)
    await world.account.install(world.module, 1, grant)
    await world.anvil.client().setBalance({ address: key, value: ether })
  })
  afterAll(() => world.stop())

  test('an operation goes through the bundler, and what is left is said', async () => {
    const ran = await send('--to', friend, '--value', '0.1 ETH')
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(await balance(friend)).toBe(tenth)
    expect(ran.out).toMatch(
      /^operation {3}0x[0-9a-f]{64}\ntransaction 0x[0-9a-f]{64}\nblock {7}\d+\ngas paid {4}0\.000\d+ ETH\nleft {8}0\.04\d+ ETH left of 0\.05 ETH a day \(fees\)/,
    )
    expect(ran.out).toContain('0.9 ETH left of 1 ETH a day (rule 1)')
    const hash = /transaction (0x[0-9a-f]{64})/.exec(ran.out)?.[1] as Hex
    expect((await world.client().getTransactionReceipt({ hash })).status).toBe('success')
  })

  test('the session is found on the chain by account and key, and the answer is JSON', async () => {
    const flags = ['--account', world.account.address, '--module', world.module, '--yes', '--json']
    const ran = await run([...flags, '--to', friend, '--value', '0.1 ETH'])
    expect(ran.code).toBe(0)
    const answer = jsonOf(ran)
    expect(answer).toMatchObject({
      outcome: 'allow',
      success: true,
      meters: [
        { counts: 'ETH', fees: true },
        { counts: 'ETH', limit: String(ether), remaining: String(ether - 2n * tenth), rules: [1] },
        { counts: token, remaining: String(500n * ether) },
      ],
    })
    expect(await balance(friend)).toBe(2n * tenth)
    const before = await balance(key)
    expect(before).toBe(ether)
    expect(BigInt(answer['gasPaid'] as string)).toBeGreaterThan(0n)
  })

  test('a call is written as its contract declares it, with the tokens of the writ by their symbols', async () => {
    const ran = await send('--to', 'AAA', '--call', 'transfer(address,uint256)', friend, '2.5 AAA')
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(await tokens(friend)).toBe((5n * ether) / 2n)
    expect(ran.out).toContain('497.5 AAA left of 500 AAA a day (rule 2)')
  })

  test('calls of a file are one batch; with --direct the key sends and pays, and no bundler is needed', async () => {
    const batch = JSON.stringify({
      calls: [
        { to: friend, value: String(tenth) },
        { to: token, data: `0xa9059cbb${friend.slice(2).padStart(64, '0')}${(1).toString(16).padStart(64, '0')}` },
      ],
    })
    const ran = await run(
      ['--writ', 'a.json', '--yes', '--direct', '--json', '--calls', 'b.json'],
      { 'b.json': batch },
      false,
    )
    expect(ran.code).toBe(0)
    const answer = jsonOf(ran)
    expect(answer).toMatchObject({ outcome: 'allow', success: true })
    expect(answer).not.toHaveProperty('userOpHash')
    expect([await balance(friend), await tokens(friend)]).toEqual([3n * tenth, (5n * ether) / 2n + 1n])
    expect(await balance(key)).toBe(ether - BigInt(answer['gasPaid'] as string))
  })

  test('a refused operation is not sent, exits 5, and says why as `writ decide` does', async () => {
    const nonce = await world.client().getTransactionCount({ address: key })
    for (const way of [send, direct]) {
      const ran = await way('--to', stranger, '--value', '0.1 ETH')
      expect([ran.err, ran.code]).toEqual(['', 5])
      expect(ran.out).toBe(
        `deny, nothing was sent\n    no-rule: Call 1: no rule is about this target and function (asked for ${stranger} 0x). Only the owner can change that.\n`,
      )
    }
    const ran = await send('--to', friend, '--value', '0.8 ETH', '--json')
    expect(ran.code).toBe(5)
    const { from } = (decode(grant) as { policy: { from: number } }).policy
    expect(jsonOf(ran)).toMatchObject({
      outcome: 'deny',
      denials: [{ code: 'meter-exceeded', remaining: String(7n * tenth), actual: String(8n * tenth) }],
      retryAt: from + 86_400,
    })
    expect((await send('--to', friend, '--value', '0.8 ETH')).out).toContain('the writ allows it from ')
    expect(await balance(friend)).toBe(3n * tenth)
    expect(await world.client().getTransactionCount({ address: key })).toBe(nonce)
  })

  test('where ether is missing it says whose, and how much there is', async () => {
    const before = await world.client().getBalance({ address: key })
    await world.anvil.client().setBalance({ address: key, value: 7n })
    const ran = await direct('--to', friend, '--value', '0.1 ETH')
    await world.anvil.client().setBalance({ address: key, value: before })
    expect(ran.err).toMatch(/^error: the .* ether .*: the key 0x\w{40} has 0\.000000000000000007 ETH\nhelp: send ether/)
    expect([ran.code, ran.out]).toEqual([4, ''])
  })

  test('a token that the writ does not name is told from those that it does', async () => {
    const ran = await direct('--to', 'USDT', '--call', 'f()')
    expect([ran.code, ran.err]).toEqual([
      2,
      expect.stringContaining('`USDT`: it is neither an address nor a token of the writ (AAA)\n'),
    ])
  })

  test('--dry-run sends nothing, asks for no password, and prints exactly what --direct would send', async () => {
    const dry = await writ(
      [
        'send',
        '--kind',
        'test',
        '--key-keystore',
        'agent.json',
        '--writ',
        'a.json',
        '--dry-run',
        '--direct',
        '--json',
      ].concat(['--to', friend, '--value', '0.1 ETH']),
      { files: files(), env: { WRIT_RPC: world.anvil.url } },
    )
    expect(dry.code).toBe(0)
    const { dryRun, transactions } = jsonOf(dry) as {
      dryRun: boolean
      transactions: { from: Address; to: Address; data: Hex; decoded: unknown }[]
    }
    const [transaction] = transactions
    if (transaction === undefined) throw new Error('no transaction')
    expect([dryRun, transactions.length, transaction.from, transaction.to]).toEqual([
      true,
      1,
      key,
      world.account.address,
    ])
    expect(transaction.decoded).toMatchObject({
      function: 'executeWithRuntimeValidation',
      arguments: { data: { function: 'execute', arguments: { value: String(tenth) } } },
    })
    expect(await balance(friend)).toBe(3n * tenth)
    const client = world.anvil.client()
    await client.impersonateAccount({ address: key })
    const hash = await client.sendTransaction({ account: key, chain: null, to: transaction.to, data: transaction.data })
    expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success')
    expect(await balance(friend)).toBe(4n * tenth)
  })

  test('--dry-run of a bundled operation shows its callData, gas and fees; a refused one still exits 5', async () => {
    const ran = await send('--to', friend, '--value', '0.1 ETH', '--dry-run')
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(ran.out).toMatch(/^dry run: nothing is sent\n\na UserOperation that makes 1 call, by the session key\n/)
    for (const field of ['callData 0xb61d27f6', 'callGasLimit ', 'maxFeePerGas ', `signer ${key}`])
      expect(ran.out).toContain(field)
    expect((await send('--to', stranger, '--dry-run')).code).toBe(5)
    expect(await balance(friend)).toBe(4n * tenth)
  })

  test('a person at a terminal sees the calls before saying yes, and no sends nothing', async () => {
    const asked = (answer: boolean): Promise<Ran> =>
      writ(
        [
          'send',
          '--kind',
          'test',
          '--key-keystore',
          'agent.json',
          '--writ',
          'a.json',
          '--direct',
          '--to',
          friend,
        ].concat(['--value', '0.1 ETH']),
        { files: files(), env: { WRIT_RPC: world.anvil.url, WRIT_PASSWORD: 'secret' }, answers: [answer] },
      )
    const no = await asked(false)
    expect([no.code, no.out, await balance(friend)]).toEqual([5, '', 4n * tenth])
    expect(no.err).toContain(`value: ${tenth}\n`)
    expect(no.err).toContain('you said no, nothing was sent')
    expect(no.asked).toEqual([`Send 1 call of ${world.account.address} on base (chain 8453)?`])
    expect([(await asked(true)).code, await balance(friend)]).toEqual([0, 5n * tenth])
  })

  test('what the writ allows and the chain does not is refused in words', async () => {
    // More than the account has: the token reverts.
    for (const way of [send, direct]) {
      const ran = await way('--to', 'AAA', '--call', 'transfer(address,uint256)', friend, '200 AAA')
      expect([ran.out, ran.err.match(/^error: /gm)?.length]).toEqual(['', 1])
      expect(ran.code).toBe(5)
      expect(ran.err).not.toMatch(/a fault of writ itself|\n\s+at /)
    }
  })

  const usage: [string, string[], number, string][] = [
    ['nobody says yes', ['--writ', 'a.json', '--to', friend], 2, 'nobody is at a terminal to say yes'],
    ['no calls', ['--writ', 'a.json', '--yes'], 2, 'nothing is to be done'],
    ['no account and no writ', ['--yes', '--to', friend], 2, 'no account is named'],
    ['a writ that is none', ['--writ', 'agent.json', '--yes', '--to', friend], 3, 'is not an artifact of writ'],
    [
      'another account than the writ’s',
      ['--writ', 'a.json', '--account', stranger, '--yes', '--to', friend],
      3,
      '--account says',
    ],
    [
      'both ways',
      ['--writ', 'a.json', '--direct', '--bundler', 'http://127.0.0.1:9', '--yes', '--to', friend],
      2,
      '--direct goes without',
    ],
    ['a bundler that is away', ['--writ', 'a.json', '--bundler', 'http://127.0.0.1:9', '--yes', '--to', friend], 4, ''],
  ]
  test.each(usage)('%s: one clear error, and nothing is sent', async (_title, argv, code, words) => {
    const ran = await run(argv)
    expect([ran.code, ran.out, ran.err.match(/^error: /gm)?.length]).toEqual([code, '', 1])
    expect(ran.err).toContain(words)
  })

  test('a key that the writ does not name, and a wrong password, are refused before anything is signed', async () => {
    const other = await newKeystore('secret', 2)
    const wrong = await run(['--writ', 'a.json', '--yes', '--to', friend], { 'agent.json': other.text })
    expect([wrong.code, wrong.out, wrong.err]).toEqual([3, '', expect.stringContaining(`the writ is for ${key}`)])
    const nobody = await run(['--account', world.account.address, '--module', world.module, '--yes', '--to', friend], {
      'agent.json': other.text,
    })
    expect([nobody.code, nobody.err]).toEqual([5, expect.stringContaining('has no live session')])
    const locked = await writ(
      [
        'send',
        '--kind',
        'test',
        '--key-keystore',
        'agent.json',
        '--writ',
        'a.json',
        '--yes',
        '--direct',
        '--to',
        friend,
      ],
      { files: files(), env: { WRIT_RPC: world.anvil.url, WRIT_PASSWORD: 'other' } },
    )
    expect([locked.code, locked.err]).toEqual([5, expect.stringContaining('the password does not open')])
  })

  test('of two live sessions one must be named; what has ended is said', async () => {
    const second = await grantFor(`fees 0.04 ETH/day\nallow send on ${friend} budget 2 ETH/day`)
    await world.account.asOwner(callModule(world.module, calldata.grant(second)))
    const find = ['--account', world.account.address, '--module', world.module, '--yes', '--direct', '--to', friend]
    const unclear = await run(find, {}, false)
    expect([unclear.code, unclear.out]).toEqual([2, ''])
    expect(unclear.err).toContain(`${rootOf(grant)}, ${rootOf(second)}`)
    const ran = await run([...find, '--value', '1.5 ETH', '--session', rootOf(second).slice(0, 12)], {}, false)
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(ran.out).toContain('0.5 ETH left of 2 ETH a day (rule 1)')
    for (const root of [grant, second].map(rootOf))
      await world.account.asOwner(callModule(world.module, calldata.revoke(root)))
    const ended = await run(find, {}, false)
    expect([ended.code, ended.err]).toEqual([5, expect.stringContaining(`${rootOf(grant)} (revoked)`)])
    const denied = await direct('--to', friend)
    expect([denied.code, denied.out]).toEqual([
      5,
      'deny, nothing was sent\n    session-not-active: The operation: the session is revoked. Only the owner can change that.\n',
    ])
  })

  test('a grant file that the owner has signed needs nobody to put it into force', async () => {
    const install = { entityId: 2, firstOwner: world.account.owner, textGrants: true }
    await world.account.asOwner(calldata.installValidation(world.module, install))
    const decoded = decode(await grantFor(`fees 0.05 ETH/day\nallow send on ${friend} budget 1 ETH/day`))
    if (!decoded.ok) throw new Error(decoded.reason)
    const made = makeArtifact(decoded.policy, { ...decoded.binding, entityId: 2 }, [''])
    const shown = deviceTextOf(made.grant)
    if (!shown.ok) throw new Error(shown.reason)
    const signature = await world.anvil.funded(1).signMessage({ message: shown.text })
    const signed = { artifact: made, text: shown.text, owner: world.account.owner }
    const bySigned = (file: string, ...argv: string[]) =>
      run(['--writ', 'g.json', '--yes', '--to', friend, '--value', '0.1 ETH', ...argv], { 'g.json': file })
    const unsigned = await bySigned(renderGrantFile(signed))
    expect([unsigned.code, unsigned.out]).toEqual([5, expect.stringMatching(/session/)])
    const file = renderGrantFile({ ...signed, signature })
    const bad = await bySigned(file.replace(signature.slice(2, 10), '00000000'))
    expect([bad.code, bad.err]).toEqual([3, expect.stringContaining('is not a grant file')])
    const dry = JSON.parse(
      (
        await run(
          ['--writ', 'g.json', '--direct', '--dry-run', '--json', '--to', friend, '--value', '0.1 ETH'],
          { 'g.json': file },
          false,
        )
      ).out,
    ) as unknown
    expect(JSON.stringify(dry)).toContain(made.grant.slice(2))
    const before = await balance(friend)
    for (const time of [1n, 2n]) {
      const ran = await bySigned(file)
      expect([ran.err, ran.code]).toEqual(['', 0])
      expect(await balance(friend)).toBe(before + time * tenth)
    }
    const later = await run(
      ['--writ', 'g.json', '--direct', '--dry-run', '--json', '--to', friend, '--value', '0.1 ETH'],
      { 'g.json': file },
      false,
    )
    expect(later.out).not.toContain(made.grant.slice(2))
  })
})
