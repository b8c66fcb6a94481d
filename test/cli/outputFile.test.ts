import { describe, expect, test } from 'vitest'
import { newKeystore } from '../../src/account/owners/keystore.js'
import type { Asked } from '../../src/ledger/simulated/Person.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import { small, writ } from './world.js'

const account = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
const plugged = () => {
  const asked: Asked[] = []
  return { asked, ledger: new SimulatedTransport({ person: (what) => asked.push(what) > 0 }) }
}
const unlocked = ['--owner-unlocked', account, '--yes']
/** Nothing listens there: who asks it before the file is looked at ends otherwise. */
const env = { WRIT_RPC: 'http://127.0.0.1:1' }

const compile = ['compile', 'a.writ', '-o', 'x']
const offline = ['grant', 'a.writ', '--offline', '--no-verify', '-o', 'x']
const byText = ['grant', 'a.writ', '--ledger', '--no-verify', '-o', 'x']
const kill = ['revoke', '--all', '--every-chain', '--account', account, '--ledger', '--out', 'x']

/** A file of each kind, as writ writes it. */
const made = async (argv: readonly string[], ledger = plugged().ledger): Promise<string> => {
  const ran = await writ(argv, { files: { 'a.writ': small }, ledger })
  if (ran.written['x'] === undefined) throw new Error(ran.err)
  return ran.written['x']
}
const standing: Record<string, { words: string; text: () => Promise<string> }> = {
  'a keystore': { words: 'a keystore', text: async () => (await newKeystore('secret', 2)).text },
  'a writ': { words: 'not a file that writ wrote', text: async () => small },
  'other JSON': { words: 'not a file that writ wrote', text: async () => '{"name": "x"}' },
  'an artifact': { words: 'the artifact of a session', text: () => made(compile) },
  'a grant that is to be signed': { words: 'a grant file that is to be signed', text: () => made(offline) },
  'a signed grant': { words: 'a grant that its owner has signed', text: () => made(byText) },
  'a signed kill': { words: 'a signed end of sessions', text: () => made(kill) },
}
const commands: Record<string, { argv: string[]; replaces: string[] }> = {
  'compile -o': { argv: compile, replaces: ['an artifact'] },
  'grant -o by a call': { argv: ['grant', 'a.writ', ...unlocked, '-o', 'x'], replaces: ['an artifact'] },
  'install --grant -o': {
    argv: ['install', '--account', account, ...unlocked, '--grant', 'a.writ', '-o', 'x'],
    replaces: ['an artifact'],
  },
  'grant --offline -o': { argv: offline, replaces: ['a grant that is to be signed'] },
  'grant --sign -o': {
    argv: ['grant', '--sign', 'open.json', '--ledger', '--no-verify', '-o', 'x'],
    replaces: ['a grant that is to be signed'],
  },
  // The same grant, signed before, is taken up where it was left.
  'grant --ledger -o': { argv: byText, replaces: ['a grant that is to be signed', 'a signed grant'] },
  'revoke --out': { argv: kill, replaces: ['a signed kill'] },
  'revoke --renounce --out': {
    argv: ['revoke', 'a.json', '--renounce', '--key-keystore', 'key.json', '--out', 'x'],
    replaces: ['a signed kill'],
  },
}
const cases = Object.entries(commands).flatMap(([command, { argv, replaces }]) =>
  Object.keys(standing).map((there) => ({ command, there, argv, replaced: replaces.includes(there) })),
)

describe('what a command writes over', () => {
  test.each(cases)('$command over $there: $replaced', async ({ argv, there, replaced }) => {
    const { words = '', text = async () => '' } = standing[there] ?? {}
    const { asked, ledger } = plugged()
    const files = { 'a.writ': small, 'open.json': await made(offline), x: await text() }
    const alone = argv.includes('--ledger') || argv.includes('--offline')
    const ran = await writ(argv, { files, ledger, ...(!alone && { env }) })
    if (replaced) expect(ran.err).not.toContain('it is not replaced')
    else {
      const error = `error: \`x\` is there already, and it is ${words}`
      expect([ran.code, ran.err, ran.written, asked]).toEqual([3, expect.stringContaining(error), {}, []])
    }
  })

  test('a signed grant is not replaced by another one', async () => {
    const { asked, ledger } = plugged()
    const files = { 'a.writ': small.replace('budget 1 ETH', 'budget 2 ETH'), x: await made(byText) }
    const ran = await writ(byText, { files, ledger })
    expect([ran.code, ran.out, ran.written, asked]).toEqual([3, '', {}, []])
    expect(ran.err).toContain('`x` is there already, and it is a grant that its owner has signed: it is not replaced')
  })

  test('an empty file is nothing', async () => {
    expect((await writ(compile, { files: { 'a.writ': small, x: '' } })).written['x']).toContain('"writ": 1')
  })

  test('a writ is not replaced by its own artifact', async () => {
    const ran = await writ(['compile', 'a.writ', '-o', 'a.writ'], { files: { 'a.writ': small } })
    expect([ran.code, ran.written]).toEqual([3, {}])
  })
})
