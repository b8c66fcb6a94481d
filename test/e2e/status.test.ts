import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callModule } from '../../src/account/callModule.js'
import * as calldata from '../../src/compiler/calldata.js'
import { canonical } from '../../src/compiler/canonical.js'
import { decode } from '../../src/compiler/decode.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { writ, type Ran, type World } from '../cli/world.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { grantOf } from './harness/grantOf.js'
import { anvilProgram } from './harness/tools.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'
const day = 86_400
const none = '0x000000000000'
const text = (send: string): string => `fees 0.5 ETH/day
token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6
allow send on ${friend} budget ${send}
allow transfer on USDC where to == ${friend} budget 100.5 USDC/7d rolling
  limit 3 calls total`

// One story in order: each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined)('writ status, and inspect of what stands on the chain', () => {
  let anvil: Anvil
  let module: Address
  let account: Account
  let start: number
  let live: Hex
  let later: Hex
  let short: Hex
  const key = 5
  const run = (argv: readonly string[], world: World = {}): Promise<Ran> =>
    writ(argv, { ...world, env: { WRIT_RPC: anvil.url } })
  const status = (...argv: string[]): Promise<Ran> => run(['status', '--account', account.address, ...argv])
  const json = async (...argv: string[]) => {
    const ran = await status(...argv, '--json')
    expect([ran.err, ran.code]).toEqual(['', 0])
    return JSON.parse(ran.out) as {
      readonly tag: Hex
      readonly killedAt: number
      readonly sessions: readonly Record<string, unknown>[]
    }
  }
  const moveTo = async (time: number): Promise<void> => {
    await anvil.client().setNextBlockTimestamp({ timestamp: BigInt(time) })
    await anvil.client().mine({ blocks: 1 })
  }
  const grant = (send: string, from: number, ttlSeconds: number): Hex =>
    grantOf(
      text(send),
      {
        account: account.address,
        key: anvil.funded(key).address.toLowerCase() as Address,
        chainId: anvil.chainId,
        from,
        ttlSeconds,
      },
      { module, entityId: 1, tag: none },
    )
  const canonicalOf = (bytes: Hex): string => {
    const decoded = decode(bytes)
    if (!decoded.ok) throw new Error(decoded.reason)
    return canonical(decoded.policy)
  }

  beforeAll(async () => {
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    module = await deployModule(anvil)
    account = await Account.deploy(anvil, 1)
    start = Number((await anvil.client().getBlock()).timestamp) + 100
  })
  afterAll(() => anvil.stop())

  test('an account without the module has no sessions, and that is said', async () => {
    const ran = await status()
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(ran.out).toContain('on base (chain 8453)\n')
    expect(ran.out).toContain('entity 1: never installed\n')
    expect(ran.out).toContain(': no sessions\n')
    const nobody = await run(['status', '--account', friend])
    expect([nobody.code, nobody.out]).toEqual([4, ''])
    expect(nobody.err).toContain(`there is no account at ${friend}`)
  })

  test('shows what is left of each meter in its own units, and when it changes', async () => {
    live = grant('1.25 ETH/day', start, 30 * day)
    later = grant('2 ETH/day', start + 5 * day, 30 * day)
    short = grant('3 ETH/day', start, day)
    await account.install(module, 1, live)
    for (const bytes of [later, short]) await account.asOwner(callModule(module, calldata.grant(bytes)))
    await moveTo(start + day / 2)
    const session = { module, entityId: 1, grant: live, key }
    const tenth = 10n ** 17n
    expect(await account.send(session, [{ to: friend, value: 2n * tenth, data: '0x' }], [0])).toMatchObject({
      kind: 'included',
    })
    await moveTo(start + day / 2 + 3600)
    const ran = await status()
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(ran.out).toContain(': 2 live, 1 not yet\n')
    expect(ran.out).toContain(`\nlive     ${rootOf(live)}\n  key     ${anvil.funded(key).address}\n`)
    const when = `${new Date((start + day) * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC')}, in `
    expect(ran.out).toContain(`1.05 ETH left of 1.25 ETH a day (rule 1); new window ${when}11 h\n`)
    expect(ran.out).toMatch(/ {2}left {4}0\.\d+ ETH left of 0\.5 ETH a day \(fees\); new window /)
    expect(ran.out).toContain('100.5 USDC left of 100.5 USDC within any 1 week (rule 2); moves on ')
    expect(ran.out).toContain('3 calls left of 3 calls in all (rule 2)\n')
    expect(ran.out).toMatch(new RegExp(`not yet  ${rootOf(later)}\\n.*\\n  from    .* UTC, in 4 d 11 h\\n`))
    expect(ran.out).toContain('entity 1: text is signed by ')
    expect(ran.out).toContain('kill tag 0x000000000000, never killed\n')
  })

  test('tells the same to programs, exactly', async () => {
    const { sessions, tag, killedAt } = await json()
    expect([tag, killedAt, sessions.length]).toEqual([none, 0, 3])
    expect(sessions[0]).toMatchObject({
      root: rootOf(live),
      life: 'live',
      entityId: 1,
      tag: none,
      from: start,
      until: start + 30 * day,
      canonical: canonicalOf(live),
      grant: live,
      meters: [
        { counts: 'ETH', limit: '500000000000000000', fees: true, rules: [] },
        {
          counts: 'ETH',
          limit: '1250000000000000000',
          spent: '200000000000000000',
          remaining: '1050000000000000000',
          window: { kind: 'period', seconds: day },
          windowStart: start,
          windowEnd: start + day,
          fees: false,
          rules: [1],
        },
        { symbol: 'USDC', decimals: 6, limit: '100500000', spent: '0', remaining: '100500000', rules: [2] },
        { counts: 'calls', limit: '3', remaining: '3', window: { kind: 'total' }, rules: [2] },
      ],
    })
  })

  test('shows one session, by its first digits, with the writ that the chain holds', async () => {
    const ran = await status(rootOf(later).slice(0, 14))
    expect(ran.out).not.toContain(rootOf(live))
    const indented = canonicalOf(later).replace(/^(?=.)/gm, '    ')
    expect(ran.out).toContain(`\n${indented}\n    grant ${later}\n`)
    expect((await status()).out).not.toContain('writ 1')
    expect((await status('--writ')).out.match(/writ 1/g)).toHaveLength(3)
    const none = await status('0x12345678')
    expect([none.code, none.out, none.err]).toEqual([3, '', expect.stringContaining(rootOf(live))])
    expect((await status('0x')).code).toBe(2)
  })

  test('inspect reads a session from the chain and compares it with its file', async () => {
    const inspect = (...argv: string[]): Promise<Ran> =>
      run(['inspect', rootOf(live), '--account', account.address, ...argv], {
        files: { 'a.writ': text('1.25 ETH/day'), 'b.writ': text('1.5 ETH/day') },
      })
    expect((await inspect()).out).toBe(canonicalOf(live))
    const equal = await inspect('--equals', 'a.writ')
    expect([equal.code, equal.out]).toEqual([
      0,
      'equal to a.writ (which does not say its account, key, chain, from, until)\n',
    ])
    const differs = await inspect('--equals', 'b.writ')
    expect([differs.code, differs.out]).toEqual([1, expect.stringContaining('a budget of rule 1')])
    const bare = await run(['inspect', rootOf(live)])
    expect([bare.code, bare.err]).toEqual([2, expect.stringContaining('is the root of a session')])
    const wrong = await run(['inspect', 'a.writ', '--account', account.address])
    expect([wrong.code, wrong.out]).toEqual([2, ''])
  })

  test('a window later the budget is whole again, and what has ended says so', async () => {
    await account.asOwner(callModule(module, calldata.revoke(rootOf(later))))
    await moveTo(start + day)
    const ran = await status()
    expect(ran.out).toContain(': 1 live, 1 expired, 1 revoked\n')
    expect(ran.out).toContain('1.25 ETH left of 1.25 ETH a day (rule 1)')
    expect(ran.out).toMatch(new RegExp(`revoked  ${rootOf(later)}\\n(  .*\\n)*  ended   it was revoked in block \\d+`))
    expect(ran.out).toMatch(new RegExp(`expired  ${rootOf(short)}\\n`))
    expect(ran.out.match(/ left of /g)).toHaveLength(4)
    const { sessions } = await json()
    expect(sessions.map(({ life }) => life)).toEqual(['live', 'revoked', 'expired'])
    const revoked = sessions[1]?.['meters'] as readonly { readonly remaining: string }[]
    expect(revoked.map(({ remaining }) => remaining)).toEqual(['0', '0', '0', '0'])
    const warned = await run(['inspect', rootOf(later), '--account', account.address])
    expect(warned.err).toContain('warning: the session is revoked at block ')
  })

  test('after the kill switch nothing is live, and the tag of a new grant is shown', async () => {
    await account.asOwner(callModule(module, calldata.revokeAll()))
    const { sessions, tag, killedAt } = await json()
    expect(sessions.map(({ life }) => life)).toEqual(['killed', 'revoked', 'killed'])
    expect(tag).not.toBe(none)
    expect(killedAt).toBeGreaterThan(start)
    expect((await status()).out).toContain(`kill tag ${tag}, killed `)
  })

  test('of blocks that are not read nothing is made up', async () => {
    const { number } = await anvil.client().getBlock()
    const ran = await status('--from-block', String(number))
    expect([ran.code, ran.out]).toEqual([0, expect.stringContaining(`: no sessions granted since block ${number}\n`)])
    expect((await status('--from-block', String(number + 1n))).code).toBe(2)
    expect((await status('--from-block', '-1')).code).toBe(2)
  })

  test('a node that is away, and a module that is not there, are one clear error', async () => {
    const away = await run(['status', '--account', account.address, '--rpc', 'http://127.0.0.1:9'])
    expect([away.code, away.out, away.err.match(/^error: /gm)?.length]).toEqual([4, '', 1])
    const missing = await status('--module', friend)
    expect([missing.code, missing.out, missing.err.match(/^error: /gm)?.length]).toEqual([4, '', 1])
    expect(missing.err).toContain(`nothing stands at ${friend}`)
    expect((await run(['status'])).code).toBe(2)
  })
})
