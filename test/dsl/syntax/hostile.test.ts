import { describe, expect, test } from 'vitest'
import { render } from '../../../src/diagnostic/render.js'
import { format } from '../../../src/dsl/format.js'
import { mostFaults, parse } from '../../../src/dsl/parse.js'

const target = '0x1111111111111111111111111111111111111111'
const allow = `allow f on ${target} where `

/** Generous: the machines that run this are busy, and what is tested is that nothing is quadratic or endless. */
const secondsAllowed = 5

const answered = (text: string): string[] => {
  const started = performance.now()
  const { diagnostics } = parse(text)
  render(diagnostics, { text }, { color: false })
  expect((performance.now() - started) / 1000).toBeLessThan(secondsAllowed)
  expect(diagnostics.length).toBeLessThanOrEqual(mostFaults + 1)
  return diagnostics.map(({ code }) => code)
}

describe('hostile texts are answered, quickly', () => {
  test.each(['(', '[', '{', `${allow}(`, `${allow}f(`, `allow f(`])('a million of `%s`', (piece) => {
    expect(answered(piece.repeat(1_000_000 / piece.length))).toContain('W009')
  })

  test.each([
    ['closing brackets', ')'.repeat(1_000_000), 'W018'],
    ['question marks', '?'.repeat(1_000_000), 'W003'],
    ['words', 'foo '.repeat(250_000), 'W010'],
    ['rules that are none', 'allow where 3\n'.repeat(70_000), 'W029'],
    ['open strings', '"x\n'.repeat(300_000), 'W029'],
    ['bad numbers', '1x '.repeat(300_000), 'W029'],
    ['one line of a megabyte', `${allow}${'x'.repeat(1_000_000)} =`, 'W020'],
    ['digits', `${allow}${'9'.repeat(1_000_000)} == 1`, 'W006'],
    ['an exponent', `${allow}1e999999999 == 1`, 'W006'],
    ['zero bytes', '\0'.repeat(1_000_000), 'W002'],
    ['signs', `${allow}${'- '.repeat(300_000)}x == 1`, 'W009'],
    ['negations', `${allow}${'not '.repeat(200_000)}x`, 'W009'],
    ['a sum', `${allow}${'x + '.repeat(30_000)}x == 1`, 'W009'],
    ['comparisons', `${allow}${'x == '.repeat(30_000)}x`, 'W029'],
    ['dimensions', `allow f(uint256${'[]'.repeat(300_000)} x) on ${target}`, 'W009'],
    ['backslashes', `${allow}x == "${'\\'.repeat(500_001)}y"`, 'W005'],
  ])('%s', (_, text, code) => {
    expect(answered(text)).toContain(code)
  })

  test('deep but allowed nesting of every kind is parsed and laid out', () => {
    const text = `${allow}${'('.repeat(24)}${'(- 2% of (1 + '.repeat(20)}x${'))'.repeat(20)}${')'.repeat(24)} == 1 ttl 7d`
    expect(answered(text)).toEqual([])
    expect(format(text)).toContain(`  where ${'('.repeat(24)}(-2% of (1 + (-2% of`)
  })

  test('long is not deep: many conjuncts, list items and steps are fine', () => {
    const conjuncts = Array.from({ length: 5000 }, (_, i) => `x != ${i}`).join(' and ')
    const items = Array.from({ length: 20_000 }, (_, i) => i).join(', ')
    expect(answered(`${allow}${conjuncts} and x in [${items}] and x${'.y'.repeat(5000)} == 1 ttl 7d`)).toEqual([])
  })

  test('ten thousand rules are parsed', () => {
    const rule = `allow transfer on ${target} where to in [Alice, ${target}] budget 100 USDC/day, 25 USDC/call limit 5 calls/day\n`
    expect(answered(`ttl 7d\n${rule.repeat(10_000)}`)).toEqual([])
  })

  test('a byte order mark and every kind of line end are no fault', () => {
    expect(answered(`\ufeffttl 7d\r\nallow f on ${target}\r\twhere x == 1\n`)).toEqual([])
  })
})
