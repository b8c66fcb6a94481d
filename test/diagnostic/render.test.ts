import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/diagnostic/Diagnostic.js'
import { quote } from '../../src/diagnostic/quote.js'
import { render } from '../../src/diagnostic/render.js'

const fault = (start: number, end: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'W012',
  severity: 'error',
  message: 'expected a value',
  help: 'write `1`',
  span: { start, end },
  ...more,
})
const drawn = (text: string, diagnostic: Diagnostic): string[] =>
  render([diagnostic], { 'a.writ': text }, { color: false }).split('\n')

describe('render', () => {
  test('draws message, place, line, carets and help', () => {
    const text = 'ttl 7d\nallow x on\n'
    expect(drawn(text, fault(13, 14))).toEqual([
      'error[W012]: expected a value',
      '   --> a.writ:2:7',
      '   |',
      ' 2 | allow x on',
      '   |       ^',
      '   = help: write `1`',
    ])
  })

  test('the gutter grows with the number of the line', () => {
    const text = `${'\n'.repeat(99)}xyz`
    expect(drawn(text, fault(99, 102)).slice(1, 5)).toEqual([
      '     --> a.writ:100:1',
      '     |',
      ' 100 | xyz',
      '     | ^^^',
    ])
  })

  test('lines end with any of the three line ends', () => {
    expect(drawn('a\r\nb\rc\nd', fault(5, 6)).slice(1, 5)).toEqual(['   --> a.writ:3:1', '   |', ' 3 | c', '   | ^'])
  })

  test('tabs are two blanks and control characters dots, so that the carets fit and nothing reaches the terminal', () => {
    expect(drawn('\t\tx\u001b[31m y', fault(2, 3)).slice(3, 5)).toEqual([' 1 |     x·[31m y', '   |     ^'])
  })

  test('a span of several lines is drawn to the end of its first', () => {
    expect(drawn('abc\ndef', fault(1, 6)).slice(3, 5)).toEqual([' 1 | abc', '   |  ^^'])
  })

  test('what is missing at the end of the text has a caret behind it', () => {
    expect(drawn('abc', fault(3, 4)).slice(1, 5)).toEqual(['   --> a.writ:1:4', '   |', ' 1 | abc', '   |    ^'])
    expect(drawn('', fault(0, 0)).slice(1, 5)).toEqual(['   --> a.writ:1:1', '   |', ' 1 |', '   | ^'])
  })

  test('of a long line the part about the span is shown, and a megabyte costs nothing', () => {
    const text = `${'x'.repeat(500_000)}HERE${'y'.repeat(500_000)}`
    const started = performance.now()
    const [, place, , line = '', carets = ''] = drawn(text, fault(500_000, 500_004))
    expect(performance.now() - started).toBeLessThan(200)
    expect(place).toBe('   --> a.writ:1:500001')
    expect(line.length).toBeLessThan(140)
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE')
    expect(line).toMatch(/…x+HEREy+…/)
  })

  test('the carets stand under the span, wherever it is', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '"'), maxLength: 700 })
    fc.assert(
      fc.property(line, fc.stringMatching(/^[X-Z]{1,9}$/), line, (before, marked, after) => {
        const [, , , shown = '', carets = ''] = drawn(
          before + marked + after,
          fault(before.length, before.length + marked.length),
        )
        expect(shown.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe(marked)
      }),
      { numRuns: 300 },
    )
  })

  test('without a span or without a source it names the file, without a file it says only what is wrong', () => {
    const spanless: Diagnostic = { code: 'W012', severity: 'error', message: 'expected a value', help: 'write `1`' }
    expect(drawn('x', spanless)).toEqual(['error[W012]: expected a value', '  --> a.writ', '   = help: write `1`'])
    expect(render([fault(0, 1, { file: 'b.writ' })], { 'a.writ': 'x' }, { color: false })).toContain('  --> b.writ\n')
    expect(render([spanless], {}, { color: false })).toBe('error[W012]: expected a value\n  = help: write `1`')
  })

  test('several are apart by an empty line, none are nothing', () => {
    expect(render([fault(0, 1), fault(0, 1)], { a: 'x' }, { color: false }).split('\n\n')).toHaveLength(2)
    expect(render([], { a: 'x' }, { color: false })).toBe('')
  })

  test('colour adds escape sequences and changes nothing else', () => {
    const diagnostics = [fault(0, 1), fault(0, 1, { severity: 'warning' })]
    const plain = render(diagnostics, { a: 'x' }, { color: false })
    const coloured = render(diagnostics, { a: 'x' }, { color: true })
    expect(coloured).toContain('\u001b[31merror[W012]\u001b[39m')
    expect(coloured).toContain('\u001b[33mwarning[W012]\u001b[39m')
    // eslint would call the escape character in a pattern a mistake.
    expect(coloured.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '')).toBe(plain)
  })
})

describe('quote', () => {
  test('puts words in backticks, on one line, without what cannot be seen, and not too many', () => {
    expect(quote('to')).toBe('`to`')
    expect(quote('a\n  b')).toBe('`a b`')
    expect(quote('\u001b[31m\u202e')).toBe('`\ufffd[31m\ufffd`')
    expect(quote('x'.repeat(1000))).toHaveLength(50)
  })
})
