import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { codesOf, header, policyOf } from './writs.js'

const poke = 'allow poke() on Router'

holdTo({
  code: 'W037',
  title: 'names are declared',
  refused: [
    'allow poke() on Vault',
    'allow transfer on USDC where to == Alice budget 5 USDT/day',
    'allow poke() on Router budget trading',
    'allow poke() on Router limit votes',
    'allow poke() on Router budget unlimited DAI',
    'allow put(uint256 x, uint256 y) on Router where x >= y at 3000 DAI per WETH',
    'limit votes = 3 calls/day\nallow poke() on Router limit votes budget votes',
  ],
  accepted: ['limit votes = 3 calls/day\nallow poke() on Router limit votes'],
})

holdTo({
  code: 'W038',
  title: 'names can be declared',
  refused: [
    `let Alice = 5\n${poke}`,
    `let now = 5\n${poke}`,
    `token gwei = 0x3333333333333333333333333333333333333333 decimals 6\n${poke}`,
    `token usdc = 0x3333333333333333333333333333333333333333 decimals 6\n${poke}`,
    `token A_B = 0x3333333333333333333333333333333333333333 decimals 6\n${poke}`,
    `token ABCDEFGHIJKL = 0x3333333333333333333333333333333333333333 decimals 6\n${poke}`,
    `token Dollar = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6\n${poke}`,
  ],
  accepted: [
    `let A_B = 5\n${poke}`,
    `contract Dollar = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913\n${poke}`,
    `token abcdefghijk = 0x3333333333333333333333333333333333333333 decimals 77\n${poke}`,
  ],
})

holdTo({
  code: 'W041',
  title: 'a token says its decimals',
  refused: [
    `token DAI = 0x3333333333333333333333333333333333333333\n${poke}`,
    `token DAI = 0x3333333333333333333333333333333333333333 decimals 78\n${poke}`,
    `token DAI = 0x3333333333333333333333333333333333333333 decimals 1.5\n${poke}`,
    'token DAI = 0x3333333333333333333333333333333333333333 base units\nallow transfer on DAI where to == Alice budget 5 DAI/day',
  ],
  accepted: [
    'token DAI = 0x3333333333333333333333333333333333333333 base units\nallow transfer on DAI where to == Alice budget 5 units DAI/day',
    'token DAI = 0x3333333333333333333333333333333333333333 decimals 0\nallow transfer on DAI where to == Alice budget 5 DAI/day',
  ],
})

holdTo({
  code: 'W044',
  title: 'a target is an address',
  refused: [
    'let Five = 5\nallow poke() on Five',
    'budget b = 1 ETH/day\nallow poke() on b',
    'let List = [Alice, Bob]\nallow poke() on List',
    'contract Board = Nowhere\nallow poke() on Router',
  ],
  accepted: [
    'let Keeper = Alice\nallow poke() on Keeper',
    'contract Board = Alice\nallow poke() on Board',
    'let Dollar = USDC\nallow poke() on Dollar',
  ],
})

holdTo({
  code: 'W045',
  title: 'a name does not stand for itself',
  refused: [`let A = A\n${poke}`, `let A = B + 1\nlet B = C\nlet C = A\n${poke}`],
  accepted: [`let A = B + 1\nlet B = C\nlet C = 5\n${poke}`],
})

holdTo({
  code: 'W060',
  title: 'conditions speak of what there is',
  refused: [
    'allow put(uint256 x) on Router where y == 1',
    'allow put(uint256 x) on Router where args.y == 1',
    'allow put(uint256 x) on Router where args[1] == 1',
    'allow put((uint256 x) a) on Router where a.y == 1',
    'allow put(uint256 x) on Router where call.data == 1',
    'allow put(uint256 x) on Router where op.gas == 1',
    'allow send on Alice where to == Bob budget 1 ETH/day',
    'let y = call.value\nallow put(uint256 x) on Router',
    'let y = to\nallow put(address to) on Router',
    'allow put(uint256 x) on Router where f(x) == 1',
    'allow swap on Router where params.fee == 500 budget 1 ETH/day',
  ],
  accepted: [
    'allow put((uint256 value, bool data) call) on Router where call.data == true',
    'allow put((uint256 gas) op) on Router where op.gas == 1',
    'allow put(uint256) on Router where args[0] == 1',
    'allow put((uint256, bool)) on Router where args[0][1] == true',
  ],
})

holdTo({
  code: 'W061',
  title: 'a bare name has one meaning',
  refused: [
    'allow put(address account) on Router where account == Alice',
    'allow put(uint256 now) on Router where now == 5',
    'allow put(address Alice) on Router where Alice == Bob',
    'allow put(uint256 x, uint256 x) on Router where x == 5',
    'allow put((uint256 x, uint256 x) p) on Router where p.x == 5',
  ],
  accepted: [
    'allow put(address account) on Router where args.account == session.account',
    'allow put((uint256 x) account) on Router where account.x == 5',
    'allow put(address Alice, uint256 y) on Router where args.Alice == Bob and y == 5',
    'allow put(uint256 x, uint256 x) on Router where args[1] == 5',
    'allow put(uint256 from, uint256 key, uint256 value, uint256 token, uint256 to, uint256 permit) on Router where from == 1 and key == 1 and value == 1 and token == 1 and to == 1 and permit == 1',
  ],
})

holdTo({
  code: 'W062',
  title: 'a path leads somewhere',
  refused: [
    'pair[2] == 1',
    'pair[-3] == 1',
    'list[-2] == 1',
    'x[0] == 1',
    'x.y == 1',
    'list[65536] == 1',
    'pair.x == 1',
    'x[last] == 1',
  ].map((where) => `allow put(uint256[2] pair, uint256[] list, uint256 x) on Router where ${where}`),
  accepted: ['pair[1] == 1', 'pair[-2] == 1', 'list[-1] == 1', 'list[last] == 1', 'list[65535] == 1'].map(
    (where) => `allow put(uint256[2] pair, uint256[] list, uint256 x) on Router where ${where}`,
  ),
})

describe('W033: things are said once', () => {
  test.each([
    'writ 1\nwrit 1',
    'chain base\nchain base',
    'ttl 1d\nttl 1d',
    'ttl 1d\nuntil 2026-12-24',
    'fees unlimited\nfees unlimited',
    'from 2026-11-22\nfrom 2026-11-22',
  ])('%s', (lines) => {
    const codes = checkWrit(`${lines}\nallow poke() on 0x1111111111111111111111111111111111111111`).diagnostics.map(
      ({ code }) => code,
    )
    expect(codes).toContain('W033')
  })

  test('in a rule too, but several `where`, `budget` and `limit` add up', () => {
    expect(codesOf('allow poke() on Router ttl 1d until 2026-11-23')).toEqual(['W033'])
    expect(codesOf('allow poke() on Router hours 00:00-01:00 UTC hours 02:00-03:00 UTC')).toEqual(['W033'])
    const [rule] = policyOf(
      'allow put(uint256 x) on Router where x > 1 limit 1 calls/day where x < 5 limit 2 calls/week',
    ).rules
    expect(rule).toMatchObject({ where: [{ operator: '>' }, { operator: '<' }], charges: [{ meter: 1 }, { meter: 2 }] })
  })
})

test('order of declarations is nothing', () => {
  const lines = header.trim().split('\n')
  const rules = 'budget b = 5 USDC/day\nallow transfer on USDC where to in [Alice, Bob, WETH] budget b'
  const policy = policyOf(rules)
  const [budget = '', ...rest] = rules.split('\n')
  const turned = [budget, ...lines.slice().reverse(), ...rest].join('\n')
  const again = checkWrit(turned).policy
  expect({ ...again, tokens: [] }).toEqual({ ...policy, tokens: [] })
})

test('every stretch of text gives diagnostics or a policy, and never throws', () => {
  const text = `${header}budget b = 5 USDC/day, 9 USDC total\nallow transfer on [USDC, Router] where to in [Alice] and amount / 2 <= 5 USDC budget b counting amount hours 00:00-01:00 UTC\ndeny any on USDC where now == 5 and call.value in 1..2\n`
  for (let cut = 0; cut < text.length; cut += 7)
    for (const piece of [text.slice(0, cut), text.slice(cut), text.slice(0, cut) + text.slice(cut + 9)]) {
      const { policy, diagnostics } = checkWrit(piece)
      expect(policy === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
    }
})
