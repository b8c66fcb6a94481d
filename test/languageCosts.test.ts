import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { measureConstructs, tableOf } from '../bench/constructs/measure.js'

const page = 'docs/language.md'
const between = /(?<=<!-- gas: begin -->\n)[^]*?(?=\n*<!-- gas: end -->)/

test('the costs in docs/language.md are those of the module as it is', { timeout: 60_000 }, async () => {
  const table = `\n${tableOf(await measureConstructs())}\n`
  const text = readFileSync(page, 'utf8')
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(page, text.replace(between, table))
  // Prettier pads the columns.
  const squeezed = (from: string): string => from.replace(/ +/g, ' ').replace(/-{3,}/g, '---').trim()
  expect(squeezed(between.exec(readFileSync(page, 'utf8'))?.[0] ?? '')).toBe(squeezed(table))
})
