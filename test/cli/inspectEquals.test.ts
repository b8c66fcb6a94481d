import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/compiler/canonical.js'
import { encode } from '../../src/compiler/encode.js'
import { policies } from '../arbitraries/policy.js'
import { small, writ } from './world.js'

const module = '0xc0dec0dec0dec0dec0dec0dec0dec0dec0dec0de'
const binding = { module, entityId: 1, tag: '0x000000000000' } as const
const compiled = async (text: string, ...flags: string[]): Promise<string> => {
  const ran = await writ(['compile', 'a.writ', ...flags], { files: { 'a.writ': text } })
  expect([ran.code, ran.err.includes('error')]).toEqual([0, false])
  return ran.out
}
/** Compares the artifact of one text with another text. */
const compare = async (text: string, file: string, flags: string[] = []) =>
  writ(['inspect', 'a.json', '--equals', 'b.writ', ...flags], {
    files: { 'a.json': await compiled(text), 'b.writ': file },
  })

const token = 'token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6'
const two = `${small.replace('\nallow', `\n${token}\n\nallow`)}
allow transfer on USDC
  where to == 0xa11ce00000000000000000000000000000000001
  budget 100 USDC/day
  limit 10 calls/day
`

describe('writ inspect --equals', () => {
  test.each(readdirSync('policies').filter((name) => name.endsWith('.writ')))(
    'an artifact of policies/%s equals it',
    async (name) => {
      const file = `policies/${name}`
      const artifact = (await writ(['compile', file])).out
      const ran = await writ(['inspect', 'a.json', '--equals', file], { files: { 'a.json': artifact } })
      expect([ran.code, ran.out]).toEqual([0, `equal to ${file}\n`])
      expect(JSON.parse(artifact)).toMatchObject({
        canonical: (await writ(['inspect', 'a.json'], { files: { 'a.json': artifact } })).out,
      })
    },
  )

  test('a grant of any policy equals its canonical text, and no longer with a second more', async () => {
    await fc.assert(
      fc.asyncProperty(policies(), async (policy) => {
        const grant = encode(policy, binding)
        const files = { 'b.writ': canonical(policy) }
        expect((await writ(['inspect', grant, '--equals', 'b.writ'], { files })).code).toBe(0)
        const later = { 'b.writ': canonical({ ...policy, until: policy.until - 1 }) }
        const ran = await writ(['inspect', grant, '--equals', 'b.writ'], { files: later })
        // Rules that end with the writ are then no longer within it: such a text is not valid at all.
        expect([1, 3]).toContain(ran.code)
      }),
      { numRuns: 40 },
    )
  })

  test('lays header values aside that the file does not say, each alone and all together', async () => {
    const lines = ['account', 'chain', 'key', 'from', 'ttl'].map((word) => new RegExp(`^${word} .*\n`, 'm'))
    for (const line of lines) {
      const ran = await compare(small, small.replace(line, ''))
      expect([ran.err.includes('error'), ran.code]).toEqual([false, 0])
      expect(ran.out).toMatch(/^equal to b\.writ \(which does not say its (account|chain|key|from|until)\)\n$/)
    }
    const bare = lines.reduce((text, line) => text.replace(line, ''), small)
    const ran = await compare(small, bare, ['--json'])
    expect(JSON.parse(ran.out)).toMatchObject({
      equals: { file: 'b.writ', equal: true, open: ['account', 'key', 'chain', 'from', 'until'] },
    })
  })

  test('takes the end from the rules where they say it, and does not lay it aside', async () => {
    const rules = small.replace('ttl 1d\n', '').replace('1 ETH/day\n', '1 ETH/day ttl 1d\n')
    expect((await compare(rules, rules)).code).toBe(0)
    const ran = await compare(rules, rules.replace('ttl 1d', 'ttl 2d'))
    expect([ran.code, ran.out]).toEqual([1, expect.stringContaining('differs from b.writ in the end\n')])
  })

  test('reads what the file imports', async () => {
    const text = small
      .replace('fees', 'import "./names.writ"\nfees')
      .replace(/allow .*/, 'allow transfer on USDC budget 5 USDC/day')
    const names = 'token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6\n'
    const artifact = (await writ(['compile', 'a.writ'], { files: { 'a.writ': text, 'names.writ': names } })).out
    const files = { 'a.json': artifact, 'b.writ': text, 'names.writ': names }
    expect((await writ(['inspect', 'a.json', '--equals', 'b.writ'], { files })).code).toBe(0)
    const lying = { ...files, 'names.writ': names.replace('decimals 6', 'decimals 18') }
    expect((await writ(['inspect', 'a.json', '--equals', 'b.writ'], { files: lying })).code).toBe(1)
  })

  const differences: [string, (text: string) => string, string][] = [
    [
      'another account',
      (text) => text.replace(/account .*/, `account 0xa11ce00000000000000000000000000000000009`),
      'the account\n  found  account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c\n  file   account 0xA11ce00000000000000000000000000000000009',
    ],
    [
      'another end',
      (text) => text.replace('ttl 1d', 'ttl 2d'),
      'the end\n  found  until 2026-11-23 13:00:00\n  file   until 2026-11-24 13:00:00',
    ],
    [
      'other fees',
      (text) => text.replace('0.01 ETH', '0.02 ETH'),
      'the fees\n  found  fees 0.01 ETH/day\n  file   fees 0.02 ETH/day',
    ],
    [
      'other decimals',
      (text) => text.replace('decimals 6', 'decimals 18'),
      'the token USDC\n  found  token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6\n  file   token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 18',
    ],
    [
      'another budget',
      (text) => text.replace('100 USDC', '50 USDC'),
      'a budget of rule 2, `allow transfer(address to, uint256 amount) on USDC`\n  found  budget 100 USDC/day counting amount\n  file   budget 50 USDC/day counting amount',
    ],
    [
      'a condition more in the file',
      (text) => text.replace('budget 100', 'and amount < 5 USDC budget 100'),
      'a condition of rule 2, `allow transfer(address to, uint256 amount) on USDC`\n  found  (nothing)\n  file   and amount < 5 USDC',
    ],
    [
      'a condition less in the file',
      (text) => text.replace(/  where .*\n/, ''),
      'a condition of rule 2, `allow transfer(address to, uint256 amount) on USDC`\n  found  where to == 0xa11ce00000000000000000000000000000000001\n  file   (nothing)',
    ],
    [
      'a limit less in the file',
      (text) => text.replace(/  limit .*\n/, ''),
      'a limit of rule 2, `allow transfer(address to, uint256 amount) on USDC`\n  found  limit 10 calls/day\n  file   (nothing)',
    ],
    [
      'a rule more in the file',
      (text) => `${text}\ndeny transfer on USDC where amount == 7\n`,
      'rule 3\n  found  (nothing)\n  file   deny transfer(address to, uint256 amount) on USDC',
    ],
    [
      'a rule and a token less in the file',
      () => small,
      'the token USDC\n  found  token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6\n  file   (nothing)',
    ],
    [
      'another function',
      (text) => text.replace('allow transfer', 'allow approve').replace('where to', 'where spender'),
      'rule 2\n  found  allow transfer(address to, uint256 amount) on USDC\n  file   allow approve(address spender, uint256 amount) on USDC',
    ],
  ]
  test.each(differences)('says the first difference in words: %s', async (_title, change, words) => {
    const file = change(two)
    expect(file).not.toBe(two)
    const ran = await compare(two, file)
    expect([ran.code, ran.out]).toEqual([1, `differs from b.writ in ${words}\n`])
    const [, part, found, other] = /^(.*)\n {2}found {2}(.*)\n {2}file {3}(.*)$/.exec(words) ?? []
    const { equals } = JSON.parse((await compare(two, file, ['--json'])).out) as { equals: unknown }
    expect(equals).toEqual({
      file: 'b.writ',
      equal: false,
      open: [],
      difference: {
        part,
        ...(found === '(nothing)' ? {} : { found }),
        ...(other === '(nothing)' ? {} : { file: other }),
      },
    })
  })

  test('compares with an artifact too, and there module, entity and tag count', async () => {
    const files = {
      'a.json': await compiled(two),
      'b.json': await compiled(two.replace('100 USDC', '5 USDC')),
      'm.json': await compiled(two, '--module', module),
      'e.json': await compiled(two, '--entity', '2'),
      't.json': await compiled(two, '--tag', '0x000000000001'),
    }
    const outs: Record<string, string> = {}
    for (const name of Object.keys(files)) {
      const ran = await writ(['inspect', 'a.json', '--equals', name], { files })
      expect(ran.code).toBe(name === 'a.json' ? 0 : 1)
      outs[name] = ran.out.split('\n')[0] ?? ''
    }
    expect(outs).toMatchObject({
      'a.json': 'equal to a.json',
      'm.json': 'differs from m.json in the module',
      'e.json': 'differs from e.json in the entity',
      't.json': 'differs from t.json in the kill tag',
    })
    expect(outs['b.json']).toContain('a budget of rule 2')
  })

  test('ends with the file’s own faults where it is not valid', async () => {
    const ran = await compare(small, small.replace('allow send', 'allow sned'))
    expect([ran.code, ran.out]).toEqual([3, ''])
    expect(ran.err).toContain('b.writ:9')
    expect((await compare(small, 'hello')).code).toBe(3)
    expect((await writ(['inspect', '0x01', '--equals', 'none.writ'])).code).not.toBe(0)
    expect((await writ(['inspect', '-', '--equals', '-'], { stdin: small })).code).toBe(2)
  })

  test('a file of the same sense in other words is equal', async () => {
    const words = readFileSync('policies/payroll.writ', 'utf8')
    expect(
      (await compare(words, (await writ(['inspect', 'a.json'], { files: { 'a.json': await compiled(words) } })).out))
        .code,
    ).toBe(0)
    expect((await compare(small, small.replace(' 1 ETH/day', ' 1000000000 gwei/24h'))).code).toBe(0)
  })
})
