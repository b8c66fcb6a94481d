import { recoverMessageAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { killText } from '../../src/compiler/device/killText.js'
import { readOrderFile, renderOrderFile, type SignedOrder } from '../../src/cli/device/orderFile.js'
import type { Asked } from '../../src/ledger/simulated/Person.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { small, writ } from './world.js'

const OWNER = '0xDad77910DbDFdE764fC21FCD4E74D71bBACA6D8D'
const account: Address = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
const root: Hex = `0x${'3f'.repeat(32)}`
const now = 1_800_000_000

const plugged = (approve = true) => {
  const asked: Asked[] = []
  return { asked, ledger: new SimulatedTransport({ person: (what) => asked.push(what) > 0 && approve }) }
}
const all = ['revoke', '--all', '--account', account]
const out = ['--ledger', '--out', 'end.json']

describe('the end of sessions, signed on a device without a node', () => {
  test.each<[string, string[], Parameters<typeof killText>[0]]>([
    ['of all on one chain', [...all, '--chain', 'base'], { kind: 'all', account, chainId: 8453, before: now }],
    ['of all on every chain', [...all, '--every-chain'], { kind: 'everyChain', account, before: now }],
    [
      'of one session',
      ['revoke', root.toUpperCase().replace('0X', '0x'), '--account', account, '--chain', '8453'],
      { kind: 'session', account, chainId: 8453, root },
    ],
  ])('%s is shown, signed and kept', async (_, argv, kill) => {
    const { ledger, asked } = plugged()
    const ran = await writ([...argv, ...out], { ledger, now })
    if (ran.code !== 0) throw new Error(ran.err)
    const text = killText(kill)
    expect(asked).toMatchObject([{ kind: 'message', text, inHex: false }])
    const order = (await readOrderFile(ran.written['end.json'] ?? '', 'end.json')) as SignedOrder & { by: 'owner' }
    expect(order).toMatchObject({ by: 'owner', kill, text, owner: OWNER.toLowerCase(), entityId: 1 })
    expect(await recoverMessageAddress({ message: text, signature: order.signature })).toBe(OWNER)
    expect(ran.out).toMatch(
      /^signed by 0xDad7.*, not carried yet: nothing has ended\nwrote end\.json\nnext: anyone with/,
    )
  })

  test('of the session in a grant file names its account, chain and root', async () => {
    const { ledger, asked } = plugged()
    const grant = await writ(['grant', 'a.writ', '--ledger', '-o', 'a.json', '--no-verify'], {
      files: { 'a.writ': small },
      ledger,
    })
    await writ(['revoke', 'a.json', ...out], { files: grant.written, ledger })
    const { artifact } = JSON.parse(grant.written['a.json'] ?? '') as { artifact: { root: Hex } }
    expect(asked[1]).toMatchObject({ text: killText({ kind: 'session', account, chainId: 8453, root: artifact.root }) })
  })

  test.each([['--every-chain'], ['--chain', 'base']])(
    '%s asks no node where it is kept in a file',
    async (...flags) => {
      const { ledger } = plugged()
      const ran = await writ([...all, ...flags, ...out], { ledger, now, env: { WRIT_RPC: 'http://127.0.0.1:1' } })
      expect([ran.code, Object.keys(ran.written)]).toEqual([0, ['end.json']])
      const named = await writ([...all, ...flags, ...out, '--rpc', 'http://127.0.0.1:1'], { ledger, now })
      expect([named.code, named.written]).toEqual([4, {}])
    },
  )

  test('goes to standard output where the file cannot be written', async () => {
    const { ledger } = plugged()
    const ran = await writ([...all, '--every-chain', ...out], { ledger, now, unwritable: true })
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('put what stands on standard output into a file')])
    expect(await readOrderFile(ran.out, 'x')).toMatchObject({ by: 'owner', kill: { kind: 'everyChain', account } })
  })

  test('in a dry run nothing is asked of the device, and nothing is kept', async () => {
    const { ledger, asked } = plugged()
    const ran = await writ([...all, '--chain', 'base', ...out, '--dry-run', '--json'], { ledger, now })
    expect([asked, ran.written]).toEqual([[], {}])
    expect(JSON.parse(ran.out)).toMatchObject({ dryRun: true, kind: 'all', chainId: 8453, before: now })
  })

  test('refused on the device leaves nothing', async () => {
    const { ledger } = plugged(false)
    const ran = await writ([...all, '--every-chain', ...out], { ledger })
    expect([ran.code, ran.written, ran.err]).toEqual([
      5,
      {},
      expect.stringContaining('error: it was refused on the Ledger\nhelp: nothing was signed'),
    ])
  })

  test('is refused, once it is kept, with any byte of it changed', async () => {
    const { ledger } = plugged()
    const { written } = await writ([...all, '--every-chain', ...out], { ledger, now })
    const file = written['end.json'] ?? ''
    const accepted: number[] = []
    for (let at = 0; at < file.length; at += 1) {
      const changed = file.slice(0, at) + String.fromCharCode(file.charCodeAt(at) ^ 1) + file.slice(at + 1)
      const read = await readOrderFile(changed, 'end.json').catch((error: unknown) => error)
      if (read instanceof Error) expect(read).toMatchObject({ name: 'CliError', exitCode: 3 })
      else accepted.push(at)
    }
    expect([accepted, file.length > 500]).toEqual([[], true])
  })

  test('is refused where all of it fits together, and the signature is of another', async () => {
    const { ledger } = plugged()
    const { written } = await writ([...all, '--every-chain', ...out], { ledger, now })
    const order = (await readOrderFile(written['end.json'] ?? '', 'x')) as SignedOrder & { by: 'owner' }
    const kill = { kind: 'everyChain', account, before: now + 1 } as const
    const forged = renderOrderFile({ ...order, kill, text: killText(kill) })
    await expect(readOrderFile(forged, 'x')).rejects.toThrow(/its signature is not that of 0xdad7/)
    const other = renderOrderFile({ ...order, text: killText(kill) })
    await expect(readOrderFile(other, 'x')).rejects.toThrow(/its `text` is not what it says besides/)
  })
})

describe('flags of revoke that do not go together', () => {
  test.each([
    [['x', '--all'], 'name either a session or --all'],
    [['--all', '--signed', 'x'], 'name either a session or --all'],
    [['--all', '--every-chain', '--account', account], '--every-chain is a text of --all'],
    [['x', '--every-chain', '--ledger'], '--every-chain is a text of --all'],
    [['--signed', 'x', '--ledger'], '--signed is signed already'],
    [['x', '--renounce', '--ledger'], "--renounce is the key's, which is not on a device"],
    [['--all', '--renounce'], "--renounce ends one session, the key's own"],
    [['--all', '--via', 'text'], 'text is signed on a device, and none is named'],
    [['--all', '--ledger', '--owner-keystore', 'x'], "a device and the owner's keystore or unlocked account are two"],
    [['--all', '--owner-keystore', 'x', '--out', 'y'], 'is neither kept in a file nor carried by others'],
    [['--all', '--ledger'], 'nobody is named to carry what is signed, and no file for it'],
    [['--all', '--ledger', '--from-keystore', 'x'], 'somebody is named to carry it, and no node'],
    [['--all', '--ledger', '--out', 'y', '--account', account], 'no chain is named, and no node that could say it'],
    [['--all', '--ledger', '--out', 'y'], 'no account is named, and no node that could say it'],
    [['0x3f', '--ledger', '--out', 'y'], 'without a node a root is named whole'],
    [['--all', '--signer', 'simulated', '--out', 'y'], 'the simulated device asks for approval, and nobody is at a'],
  ])('%j', async (flags, words) => {
    const { ledger, asked } = plugged()
    const ran = await writ(['revoke', ...flags], { ledger })
    expect([ran.code, ran.err, asked]).toEqual([2, expect.stringContaining(words), []])
  })
})
