import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const page = readFileSync('docs/security.md', 'utf8')

/** A row of a table of claims: what is claimed, and the tests that it names by file and titles, the outermost first. */
type Claim = {
  readonly claim: string
  readonly section: string
  readonly rest: string
  readonly tests: readonly Named[]
}
type Named = { readonly file: string; readonly titles: readonly string[] }

const NAMED = /`([\w./-]+\.test\.ts)` "([^"]+)"/g

const claims: Claim[] = []
const sections: string[] = []
let inClaims = false
for (const line of page.split('\n')) {
  const heading = /^## (.*)$/.exec(line)?.[1]
  if (heading !== undefined) sections.push(heading)
  const cells = /^\|(.*)\|$/.exec(line)?.[1]?.split(' | ')
  if (cells === undefined) inClaims = false
  else if (cells[0]?.trim() === 'claim') inClaims = true
  else if (inClaims && !/^\s*---/.test(line.slice(1))) {
    const [claim = '', shown = '', ...more] = cells
    const tests = [...shown.matchAll(NAMED)].map(([, file = '', titles = '']) => ({
      file,
      titles: titles.split(' › '),
    }))
    const rest = [shown.replaceAll(NAMED, '').replaceAll(/[,\s]/g, ''), ...more].join('')
    claims.push({ claim: claim.trim(), section: sections.at(-1) ?? '', rest, tests })
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * Where in the source, from `from` on, a test (or for `describe` a group) of that title begins; undefined where there is none, or it is skipped. What stands
 * between the call and its title are its cases; the title ends with the quote that it began with, and a function or options follow.
 */
const placeOf = (source: string, kind: 'test' | 'describe', title: string, from: number): number | undefined => {
  const literal = new RegExp(`(['"\`])${escaped(title)}\\1,\\s*(?:\\{|async|\\(|_)`, 'g')
  literal.lastIndex = from
  const at = literal.exec(source)?.index
  if (at === undefined) return undefined
  const call = [...source.slice(0, at).matchAll(/\b(test|it|describe)((?:\.\w+)*)(?:<[^>]*>)?\(/g)].at(-1)
  const [, name = '', modifiers = ''] = call ?? []
  const isRight = kind === 'describe' ? name === 'describe' : name === 'test' || name === 'it'
  return isRight && !/\.(skip|todo|fails)\b/.test(modifiers) ? at : undefined
}

/** Whether the source has the test, in the groups that its titles name. */
const has = (source: string, titles: readonly string[]): boolean => {
  let at: number | undefined = 0
  for (const [index, title] of titles.entries()) {
    at = placeOf(source, index === titles.length - 1 ? 'test' : 'describe', title, at)
    if (at === undefined) return false
  }
  return true
}

test.each([
  "Malware on the owner's computer",
  'A bundler',
  'A compromised agent',
  'A malicious ABI file',
  'A fake token with a misleading symbol',
  'A stolen grant file',
  'A node that lies',
  'A paymaster',
  'A second chain, account, module or entity id',
  'The issuer of a token',
  "The owner's second Ledger",
  'A website that asks the Ledger to sign',
])('the page of security has claims about: %s', (section) => {
  expect(sections).toContain(section)
  expect(claims.filter((claim) => claim.section === section).length).toBeGreaterThan(0)
})

describe.each(claims)('$section: $claim', ({ rest, tests }) => {
  test('names tests, and nothing else', () => {
    expect(tests.length).toBeGreaterThan(0)
    expect(rest).toBe('')
  })

  test.each(tests)('is shown by $file, $titles', ({ file, titles }) => {
    const path = `test/${file}`
    expect(existsSync(path), path).toBe(true)
    const source = readFileSync(path, 'utf8')
    expect(has(source, titles), `${file}: ${titles.join(' › ')}`).toBe(true)
  })
})
