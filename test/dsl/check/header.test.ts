import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { standIns } from '../../../src/dsl/resolve/header.js'
import { account, codesOf, from, header, key, policyOf, policyOfText } from './writs.js'

const send = 'allow send on 0x1111111111111111111111111111111111111111 budget 1 ETH/day'
const oneLine = `${send} ttl 24h`
const codes = (text: string, options: Parameters<typeof checkWrit>[1] = {}) =>
  checkWrit(text, options).diagnostics.map(({ code }) => code)

describe('header values', () => {
  test('stand in the policy as the text says them', () => {
    const { chainId, until, ...policy } = policyOf(send)
    expect({ chainId, account: policy.account, key: policy.key, from: policy.from, until }).toEqual({
      chainId: 8453,
      account,
      key,
      from,
      until: from + 7 * 86_400,
    })
  })

  test('that nobody gives are open, and stand-ins hold their places', () => {
    const { policy, open } = checkWrit(oneLine)
    expect(open).toEqual(['account', 'key', 'chain', 'from'])
    expect(policy).toMatchObject({
      account: standIns.account,
      key: standIns.key,
      from: standIns.from,
      until: standIns.from + 86_400,
    })
  })

  test('may come from outside', () => {
    const values = { account: '0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c', key, chain: 'base', from }
    const { policy, open } = checkWrit(oneLine, { header: values })
    expect(open).toEqual([])
    expect(policy).toMatchObject({ account, key, chainId: 8453, from, until: from + 86_400 })
    expect(checkWrit(send, { header: { chain: 8453, from, ttlSeconds: 60 } }).policy).toMatchObject({
      chainId: 8453,
      until: from + 60,
    })
    expect(checkWrit(send, { header: { from, until: from + 61 } }).policy).toMatchObject({ until: from + 61 })
  })

  test('may be said twice if they agree', () => {
    const options = { header: { account, key, chain: 8453, from, ttlSeconds: 7 * 86_400, until: from + 7 * 86_400 } }
    expect(policyOf(send, options)).toEqual(policyOf(send))
  })

  test.each([
    [{ account: key }, 'the writ says account'],
    [{ key: account }, 'the writ says key'],
    [{ chain: 1 }, 'the writ says chain `8453`, but it was given `1` from outside'],
    [
      { from: from + 1 },
      'the writ says from `2026-11-22 13:00:00`, but it was given `2026-11-22 13:00:01` from outside',
    ],
    [{ until: from + 1 }, 'the writ says `ttl 7d`, but it was given `ttl 1s` from outside'],
    [{ ttlSeconds: 86_400 }, 'the writ says `ttl 7d`, but it was given `ttl 1d` from outside'],
  ])('disagree: %o', (values, message) => {
    const { diagnostics, policy } = checkWrit(header + send, { header: values })
    const found = diagnostics.filter(({ code }) => code === 'W034')
    expect(found.map((diagnostic) => diagnostic.message.startsWith(message))).toEqual([true])
    expect(policy).toBeUndefined()
  })

  test.each([[{ account: '0x12' }], [{ key: '0x5a0b54D5dc17e0AadC383d2db43B0a0D3E029c4c' }]])(
    'that are no addresses: %o',
    (values) => {
      expect(codes(send, { header: { ...values, ttlSeconds: 60 } })).toContain('W036')
    },
  )

  test.each(['0', 'bse', '9007199254740992', 0])('that are no chain: %s', (chain) => {
    expect(codes(oneLine, { header: { chain } })).toContain('W035')
  })

  test('diagnostics name the file', () => {
    expect(checkWrit('chain bse', { file: 'a.writ' }).diagnostics.every(({ file }) => file === 'a.writ')).toBe(true)
  })
})

describe('the end of a writ', () => {
  test('is its last rule where the header says none', () => {
    const two = `fees 0.01 ETH/day\n${send} ttl 24h\nallow send on 0x2222222222222222222222222222222222222222 budget 1 ETH/day ttl 48h`
    const policy = policyOfText(two, { header: { from } })
    expect(policy.until).toBe(from + 2 * 86_400)
    expect(policy.rules.map((rule) => rule.until)).toEqual([from + 86_400, from + 2 * 86_400])
  })

  test('bounds the times of the rules', () => {
    expect(codesOf(`${send} until 2026-11-29 13:00:00`)).toEqual([])
    expect(codesOf(`${send} until 2026-11-29 13:00:01`)).toEqual(['W039'])
    expect(codesOf(`${send} from 2026-11-29 12:59:59`)).toEqual([])
    expect(codesOf(`${send} from 2026-11-29 13:00:00`)).toEqual(['W039'])
    expect(codesOf(`${send} from 2026-11-22 12:59:59`)).toEqual(['W039'])
    expect(codesOf(`${send} from 2026-11-24 until 2026-11-24`)).toEqual(['W039'])
  })

  test('leaves the dates of rules alone while the beginning is open', () => {
    expect(checkWrit(`ttl 7d\n${send} from 2026-11-24 until 2026-11-25`).policy?.rules[0]).toMatchObject({
      from: 1_795_478_400,
      until: 1_795_564_800,
    })
  })

  test('comes after the beginning', () => {
    expect(codes(send, { header: { from, until: from + 1 } })).toEqual([])
    expect(codes(send, { header: { from, until: from } })).toEqual(['W039'])
    expect(codes(send, { header: { from: 1_599_999_999, ttlSeconds: 60 } })).toEqual(['W039'])
    expect(codes(send, { header: { from: 1_600_000_000, ttlSeconds: 60 } })).toEqual([])
  })

  test('lies before the year 10680', () => {
    expect(codes(send, { header: { from, until: 2 ** 38 - 1 } })).toEqual([])
    expect(codes(send, { header: { from, until: 2 ** 38 } })).toEqual(['W039'])
  })
})

describe('hours of a rule', () => {
  test.each([
    ['hours 09:00-17:00 UTC mon-fri', { start: 540, end: 1020, weekdays: 0b11111 }],
    ['hours 00:00-24:00 UTC', { start: 0, end: 1440, weekdays: 0b1111111 }],
    ['hours 00:00-00:01 UTC sat,sun', { start: 0, end: 1, weekdays: 0b1100000 }],
    ['hours 00:00-00:01 UTC sat-mon', { start: 0, end: 1, weekdays: 0b1100001 }],
  ])('%s', (clause, hours) => {
    expect(policyOf(`${send} ${clause}`).rules[0]?.hours).toEqual(hours)
  })

  test('do not cross midnight', () => {
    expect(codesOf(`${send} hours 17:00-09:00 UTC`)).toEqual(['W095'])
    expect(codesOf(`${send} hours 17:00-17:00 UTC`)).toEqual(['W095'])
  })
})

describe('fees', () => {
  const feesOf = (line: string) => policyOfText(`ttl 7d\n${line}\n${send}`)
  const sponsor = '0x2222222222222222222222222222222222222222'
  test('are paid as the line says', () => {
    expect(feesOf('fees unlimited').fees.paidBy).toEqual({ kind: 'unlimited' })
    expect(feesOf(`fees sponsored by ${sponsor}`).fees.paidBy).toEqual({ kind: 'sponsored', by: sponsor })
    expect(feesOf('fees 0.5 ETH total')).toMatchObject({
      fees: { paidBy: { kind: 'budget', meter: 0 } },
      meters: [{ counts: 'ETH', limit: 5n * 10n ** 17n, window: { kind: 'total' } }, { limit: 10n ** 18n }],
    })
    expect(feesOf(`fees sponsored by ${sponsor} or 1 ETH/week`).fees.paidBy).toEqual({
      kind: 'budget or sponsored',
      meter: 0,
      by: sponsor,
    })
  })

  test('have conditions on the operation', () => {
    const { where } = feesOf('fees unlimited where op.maxFeePerGas <= 50 gwei and op.callGasLimit <= 300000').fees
    expect(where).toHaveLength(2)
    expect(codes(`ttl 7d\nfees unlimited where call.value == 0\n${send}`)).toEqual(['W060'])
    expect(codes(`ttl 7d\nfees unlimited where op.callGasLimit <= now\n${send}`)).toEqual(['W069'])
  })

  test('count against the only ETH budget per period where there is no line', () => {
    const policy = policyOfText(`ttl 7d\nbudget life = 5 ETH total\n${send}, life, 0.1 ETH/call`)
    expect(policy.fees).toEqual({ paidBy: { kind: 'budget', meter: 0 }, where: [] })
    expect(policy.meters).toHaveLength(2)
    expect(policy.meters[0]).toMatchObject({
      counts: 'ETH',
      limit: 10n ** 18n,
      window: { kind: 'period', seconds: 86_400 },
    })
  })

  test('come first among the meters, whichever rule charges theirs first', () => {
    const policy = policyOfText(`ttl 7d\nbudget life = 5 ETH total\nallow send on ${sponsor} budget life\n${send}`)
    expect(policy.meters.map(({ window }) => window.kind)).toEqual(['period', 'total'])
    expect(policy.rules).toMatchObject([{ charges: [{ meter: 1 }] }, { charges: [{ meter: 0 }] }])
  })
})
