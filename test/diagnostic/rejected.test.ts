import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { codes } from '../../src/diagnostic/codes.js'
import { render } from '../../src/diagnostic/render.js'
import { parse } from '../../src/dsl/parse.js'

const folder = 'policies/rejected/parse'
const files = readdirSync(folder).filter((file) => file.endsWith('.writ'))
const updating = process.env['UPDATE_SNAPSHOTS'] === '1'

/** Words of a parser; none of them may reach the author. */
const jargon =
  /NoViableAlt|Mismatched|EarlyExit|Redundant|EOF|token type|PlainWord|undefined|\bnull\b|NaN|Text\b|\bRule\b/

describe('texts that do not parse', () => {
  test.each(files)('%s is answered as its snapshot says', (file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    const drawn = `${render(parse(text).diagnostics, { [file]: text }, { color: false })}\n`
    const snapshot = `${folder}/${file.replace(/\.writ$/, '.txt')}`
    if (updating) writeFileSync(snapshot, drawn)
    expect(drawn).toBe(readFileSync(snapshot, 'utf8'))
  })

  test.each(files)('%s has faults that are clauses in the words of the author, with help', (file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    const { diagnostics } = parse(text)
    expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
    for (const { message, help, span } of diagnostics) {
      expect(message).not.toMatch(jargon)
      expect(message).toMatch(/^[a-z`][^\n]*[^.\n]$/)
      expect(help ?? '').toMatch(/^[a-z`][^\n]*[^.\n]$/)
      expect(span?.start).toBeGreaterThanOrEqual(0)
      // One place behind the end of the text is where something missing would stand.
      expect(span?.end).toBeLessThanOrEqual(text.length + 1)
    }
  })
})

const emitted = new Map<string, string[]>()
for (const file of files)
  for (const { code } of parse(readFileSync(`${folder}/${file}`, 'utf8')).diagnostics)
    emitted.set(code, [...(emitted.get(code) ?? []), file])

describe('codes', () => {
  const syntax = Object.keys(codes).filter((code) => code < 'W030')

  test('the parser emits the codes below W030 and no others', () => {
    const sources = readdirSync('src/dsl').filter((file) => file.endsWith('.ts'))
    const written = sources.flatMap(
      (file) => readFileSync(`src/dsl/${file}`, 'utf8').match(/(?<=')W0[012]\d(?=')/g) ?? [],
    )
    expect([...new Set(written)].sort()).toEqual(syntax)
    expect([...emitted.keys()].every((code) => syntax.includes(code))).toBe(true)
  })

  test.each(syntax)('%s has a rejected file', (code) => {
    expect(emitted.get(code)).toBeDefined()
  })

  test.each(Object.entries(codes))('%s has a page of that title: %s', (code, title) => {
    const page = `docs/errors/${code}.md`
    expect(existsSync(page)).toBe(true)
    expect(readFileSync(page, 'utf8').split('\n')[0]).toBe(`# ${code}: ${title}`)
  })
})
