import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { UNITS } from '../../../src/policy/device/glyphs.js'
import { KEYWORDS } from '../../../src/policy/device/keywords.js'
import { dangerousFunctions } from '../../../src/policy/dangerous.js'

const page = 'docs/device-text.md'

/** Lines of at most so many columns. */
const filled = (words: readonly string[], columns: number): readonly string[] => {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join('\n')

const units = (): readonly string[] =>
  Array.from({ length: Math.ceil(UNITS.length / 16) }, (_, row) =>
    UNITS.slice(16 * row, 16 * row + 16)
      .map((width, index) => `${String.fromCharCode(0x20 + 16 * row + index)} ${String(width).padStart(2)}`)
      .join('  '),
  )

describe('docs/device-text.md', () => {
  it.each([
    ['words', (): string => indented(filled([...KEYWORDS], 120))],
    [
      'dangerous',
      (): string => indented([...dangerousFunctions].map(([selector, signature]) => `${selector} ${signature}`)),
    ],
    ['units', (): string => indented(units())],
  ] as const)('holds the table of %s that the printer uses', (mark, table) => {
    const [begin, end] = [`<!-- ${mark}: begin -->\n`, `<!-- ${mark}: end -->\n`]
    const expected = `\n${table()}\n\n`
    const text = readFileSync(page, 'utf8')
    const [before = '', rest = ''] = text.split(begin)
    const [shown, after = ''] = rest.split(end)
    if (process.env['UPDATE_SNAPSHOTS'] === '1') writeFileSync(page, before + begin + expected + end + after)
    else expect(shown).toBe(expected)
  })
})
