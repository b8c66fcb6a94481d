import fc from 'fast-check'
import { getAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { readAddress } from '../../../src/dsl/units/address.js'
import { chainId, chains, wrappedCoin } from '../../../src/dsl/units/chains.js'
import { decimalText, multiply, normalize, scaleUp } from '../../../src/dsl/units/decimal.js'
import { dateText, durationText } from '../../../src/dsl/units/time.js'

describe('decimals', () => {
  const decimals = fc.record({ digits: fc.bigInt({ min: 0n, max: 10n ** 30n }), decimals: fc.nat({ max: 30 }) })

  test('are scaled exactly or not at all', () => {
    expect(scaleUp({ digits: 15n, decimals: 1 }, 6)).toBe(1_500_000n)
    expect(scaleUp({ digits: 15n, decimals: 1 }, 0)).toBeUndefined()
    fc.assert(
      fc.property(decimals, fc.nat({ max: 40 }), ({ digits, decimals }, to) => {
        const value = normalize(digits, decimals)
        const scaled = scaleUp(value, to)
        if (scaled === undefined) expect((digits * 10n ** BigInt(to)) % 10n ** BigInt(decimals)).not.toBe(0n)
        else expect(scaled * 10n ** BigInt(decimals)).toBe(digits * 10n ** BigInt(to))
      }),
      { numRuns: 200 },
    )
  })

  test('are normal when they have no trailing zero', () => {
    expect(normalize(1500n, 2)).toEqual({ digits: 15n, decimals: 0 })
    expect(normalize(1500n, 3)).toEqual({ digits: 15n, decimals: 1 })
    expect(normalize(0n, 3)).toEqual({ digits: 0n, decimals: 0 })
    expect(multiply({ digits: 25n, decimals: 1 }, { digits: 4n, decimals: 0 })).toEqual({ digits: 10n, decimals: 0 })
  })

  test('are printed without an exponent', () => {
    expect(decimalText({ digits: 5n, decimals: 3 })).toBe('0.005')
    expect(decimalText({ digits: 1234n, decimals: 2 })).toBe('12.34')
    expect(decimalText({ digits: 12n, decimals: 0 })).toBe('12')
  })
})

test('times are printed as they are written', () => {
  expect(dateText(1_795_352_400)).toBe('2026-11-22 13:00:00')
  expect([90, 60, 3600, 86_400, 604_800, 5400].map(durationText)).toEqual(['90s', '1m', '1h', '1d', '7d', '90m'])
})

describe('addresses', () => {
  test('carry a checksum in their case', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 160n) - 1n }), fc.nat({ max: 39 }), (value, at) => {
        const lower = `0x${value.toString(16).padStart(40, '0')}` as const
        const good = getAddress(lower)
        expect(readAddress(good)).toEqual({ ok: true, address: lower })
        expect(readAddress(lower)).toEqual({ ok: true, address: lower })
        expect(readAddress(`0x${lower.slice(2).toUpperCase()}`)).toEqual({ ok: true, address: lower })
        const letter = good[at + 2] ?? ''
        const turned = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
        const bad = good.slice(0, at + 2) + turned + good.slice(at + 3)
        const oneCase = [bad.slice(2).toLowerCase(), bad.slice(2).toUpperCase()].includes(bad.slice(2))
        if (bad !== good && !oneCase) expect(readAddress(bad)).toEqual({ ok: false, expected: good })
      }),
      { numRuns: 100 },
    )
  })
})

describe('chains', () => {
  test('are found by name in any case, and each has one name and one id', () => {
    expect(chainId('Base')).toBe(8453)
    expect(chainId('ethereum')).toBe(chainId('mainnet'))
    expect(chainId('nowhere')).toBeUndefined()
    expect(new Set(chains.map(({ id }) => id)).size).toBe(chains.length)
    expect(new Set(chains.map(({ name }) => name)).size).toBe(chains.length)
  })

  test('have wrapped coins as their sources print them', () => {
    const printed = new Set([
      '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
      '0xfFf9976782d46CC05630D1f6eBAb18b2324d6B14',
      '0x4200000000000000000000000000000000000006',
      '0x82aF49447D8a07e3bd95BD0d56f35241523fBab1',
      '0x980B62Da83eFf3D4576C647993b0c1D7faf17c73',
      '0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270',
    ])
    for (const { id } of chains) expect(printed).toContain(getAddress(wrappedCoin(id) ?? '0x'))
  })
})
