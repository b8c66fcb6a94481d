import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { movers } from '../../src/actions/movers.js'
import { verbs } from '../../src/actions/verbs.js'
import { chains } from '../../src/dsl/units/chains.js'
import { verbTables } from './verbTables.js'

const page = 'docs/verbs.md'

describe('docs/verbs.md', () => {
  test.each([
    ['verbs', verbs],
    ['movers', movers],
  ])('lists exactly the functions and requirements of the %s', (mark, source) => {
    const [begin, end] = [`<!-- ${mark}: begin -->\n`, `<!-- ${mark}: end -->\n`]
    const expected = `\n${verbTables(source)}\n`
    const text = readFileSync(page, 'utf8')
    const [before = '', rest = ''] = text.split(begin)
    const [shown, after = ''] = rest.split(end)
    if (process.env['UPDATE_SNAPSHOTS'] === '1') writeFileSync(page, before + begin + expected + end + after)
    else expect(shown).toBe(expected)
  })

  test('names every chain whose wrapped coin is known', () => {
    const text = readFileSync(page, 'utf8')
    for (const { name } of chains) expect(text).toMatch(new RegExp(`\\b${name}\\b`))
  })
})
