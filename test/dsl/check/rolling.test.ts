import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { codesOf, from, header, policyOf, policyOfText, usdc } from './writs.js'

const transfer = 'allow transfer on USDC where to == Alice'

describe('rolling windows', () => {
  test('stand where a period may: in budgets, shared budgets, limits and fees', () => {
    const { meters } = policyOfText(
      `${header.replace('0.01 ETH/day', '0.01 ETH/week rolling')}
budget shared = 10 USDC/hour rolling, 20 USDC/day
limit few = 3 calls/day rolling
${transfer} budget shared, 5 USDC/304s rolling limit few, 9 calls/2h rolling`,
    )
    expect(meters).toEqual([
      { counts: 'ETH', limit: 10n ** 16n, window: { kind: 'rolling', seconds: 604_800 } },
      { counts: usdc, limit: 10_000_000n, window: { kind: 'rolling', seconds: 3600 } },
      { counts: usdc, limit: 20_000_000n, window: { kind: 'period', seconds: 86_400 } },
      { counts: usdc, limit: 5_000_000n, window: { kind: 'rolling', seconds: 304 } },
      { counts: 'calls', limit: 3n, window: { kind: 'rolling', seconds: 86_400 } },
      { counts: 'calls', limit: 9n, window: { kind: 'rolling', seconds: 7200 } },
    ])
  })

  test('the fees may count against the only ETH budget, also a rolling one', () => {
    const bare = header.replace('fees 0.01 ETH/day\n', '')
    const { fees } = policyOfText(`${bare}allow send on Alice budget 1 ETH/day rolling`)
    expect(fees.paidBy).toEqual({ kind: 'budget', meter: 0 })
    const both = `${bare}allow send on Alice budget 1 ETH/day rolling\nallow send on Bob budget 1 ETH/day`
    expect(checkWrit(both).diagnostics.map(({ code }) => code)).toContain('W031')
  })

  test('are other meters than those of fixed windows', () => {
    expect(codesOf(`${transfer} budget 5 USDC/day\n${transfer} budget 5 USDC/day rolling`)).toEqual(['W088'])
    expect(policyOf(`${transfer} budget 5 USDC/day, 5 USDC/day rolling`).meters).toHaveLength(3)
  })
})

const most = (1n << 112n) - 1n
holdTo({
  code: 'W113',
  title: 'a rolling window can be counted',
  refused: [
    `${transfer} budget 5 USDC/300s rolling`,
    `${transfer} budget 5 USDC/5m rolling`,
    `${transfer} budget 5 USDC/1001s rolling`,
    `${transfer} budget ${most + 1n} units USDC/day rolling`,
    `${transfer} budget 5 USDC/day limit ${most + 1n} calls/day rolling`,
    `limit few = 3 calls/301s rolling\n${transfer} budget 5 USDC/day limit 3 calls/day`,
  ],
  accepted: [
    `${transfer} budget 5 USDC/304s rolling`,
    `${transfer} budget ${most} units USDC/day rolling`,
    `${transfer} budget ${most + 1n} units USDC/day`,
  ],
})

test('W113: a writ has at most 2^30 parts of a rolling period', () => {
  const codesAfter = (seconds: number) => {
    const until = new Date((from + seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')
    const text = `${header.replace('ttl 7d', `until ${until}`)}${transfer} budget 5 USDC/304s rolling`
    return checkWrit(text).diagnostics.map(({ code }) => code)
  }
  expect(codesAfter(2 ** 30 * 38)).not.toContain('W113')
  expect(codesAfter(2 ** 30 * 38 + 1)).toContain('W113')
})

test('W090: a rolling period is not too short or too long', () => {
  expect(codesOf(`${transfer} budget 5 USDC/296s rolling`)).toEqual(['W090'])
})
