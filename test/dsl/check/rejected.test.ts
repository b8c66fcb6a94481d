import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { codes } from '../../../src/diagnostic/codes.js'
import { render } from '../../../src/diagnostic/render.js'
import { readBeside } from './read.js'

const folder = 'policies/rejected/check'
const files = readdirSync(folder).filter((file) => file.endsWith('.writ'))
const updating = process.env['UPDATE_SNAPSHOTS'] === '1'
const checked = new Map(
  files.map((file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    return [file, { text, ...checkWrit(text, { file, readFile: readBeside(folder) }) }]
  }),
)

const fileOf = (name: string) => {
  const found = checked.get(name)
  if (found === undefined) throw new Error(`${name} is not there`)
  return found
}

describe('writs that mean something else than their author thinks', () => {
  test.each(files)('%s is answered as its snapshot says', (file) => {
    const { text, diagnostics, imported } = fileOf(file)
    const sources = Object.fromEntries([{ file, text }, ...imported].map((source) => [source.file, source.text]))
    const drawn = `${render(diagnostics, sources, { color: false })}\n`
    const snapshot = `${folder}/${file.replace(/\.writ$/, '.txt')}`
    if (updating) writeFileSync(snapshot, drawn)
    expect(drawn).toBe(readFileSync(snapshot, 'utf8'))
  })

  test.each(files)('%s has diagnostics that are clauses with a place and with help', (file) => {
    const { text, diagnostics, policy, imported } = fileOf(file)
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(policy === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
    for (const { message, help, span, file: spoken } of diagnostics) {
      const source = imported.find((one) => one.file === spoken)?.text ?? text
      expect(message).toMatch(/^[a-z`0-9][^\n]*[^.\n]$/)
      expect(help ?? '').toMatch(/^[a-z`][^\n]*[^.\n]$/)
      expect(`${message} ${help}`).not.toMatch(/undefined|\bnull\b|NaN|\[object/)
      expect(span?.start).toBeGreaterThanOrEqual(0)
      expect(span?.end).toBeLessThanOrEqual(source.length + 1)
    }
  })
})

describe('codes of the checks', () => {
  const sources = [
    'src/dsl/check.ts',
    'src/cli/displayWarnings.ts',
    ...['resolve', 'checks'].flatMap((part) => readdirSync(`src/dsl/${part}`).map((file) => `src/dsl/${part}/${file}`)),
  ]
  const written = new Set(sources.flatMap((path) => readFileSync(path, 'utf8').match(/(?<=')W\d{3}(?=')/g) ?? []))
  const meaning = Object.keys(codes).filter((code) => code >= 'W030')

  test('the codes from W030 on are those that the checks emit', () => {
    expect([...written].sort()).toEqual(meaning)
  })

  // What disagrees with values from outside is no fault of a text alone; what takes too long to tell apart is a file too large to keep here;
  // what a device cannot show is seen when the text is printed.
  const elsewhere = new Set(['W034', 'W097', 'W121'])
  test.each(meaning.filter((code) => !elsewhere.has(code)))('%s has a rejected file', (code) => {
    expect(
      [...checked.values()].some(({ diagnostics }) => diagnostics.some((diagnostic) => diagnostic.code === code)),
    ).toBe(true)
  })
})
