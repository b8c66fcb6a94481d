import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { besides, normalizePath } from '../../../src/dsl/units/path.js'
import { alice, policyOfText, router, usdc } from './writs.js'

type Files = Readonly<Record<string, string>>

/** Files by their paths from the folder of the writ. */
const reading = (files: Files) => (path: string) => files[normalizePath(path)]
const tail = 'ttl 7d fees 0.01 ETH/day\n'
const usdcLine = `token USDC = ${'0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'} decimals 6\n`

const checked = (text: string, files: Files) => checkWrit(text, { file: 'dir/main.writ', readFile: reading(files) })
const faults = (text: string, files: Files) =>
  checked(text, files).diagnostics.map(({ code, file, span }) => `${code} ${file} ${span?.start}`)

describe('import', () => {
  test('brings tokens, contracts, lets, budgets, limits and actions, and what those import', () => {
    const files = {
      'names/tokens.writ': `${usdcLine}import "../people.writ"`,
      'people.writ': `let Alice = ${alice}
        contract Router = ${router} abi "./abi.json"
        budget food = 5 USDC/day
        limit few = 3 calls/day
        action feed { function transfer(address to, uint256 amount); requires to == Alice }`,
      'abi.json': '["function f(address to)"]',
    }
    const policy = policyOfText(
      `import "./names/tokens.writ"\n${tail}allow feed on USDC budget food limit few\nallow f on Router where to == Alice`,
      { readFile: reading(files) },
    )
    expect(policy.tokens.map(({ symbol }) => symbol)).toEqual(['USDC'])
    expect(policy.meters.map(({ counts }) => counts)).toEqual(['ETH', usdc, 'calls'])
    expect(policy.rules).toMatchObject([
      { target: usdc, where: [{ kind: 'compare' }], charges: [{ meter: 1 }, { meter: 2 }] },
      { target: router, action: { name: 'f' } },
    ])
  })

  test('means what the lines themselves would mean', () => {
    const names = `${usdcLine}let people = [${alice}, ${router}]\n`
    const rest = `${tail}allow transfer on USDC where to in people budget 5 USDC/day`
    expect(policyOfText(`import "./names.writ"\n${rest}`, { readFile: () => names })).toEqual(
      policyOfText(names + rest),
    )
  })

  test('reads a file once, however many files import it', () => {
    const files = { 'a.writ': 'import "c.writ"', 'b.writ': 'import "./c.writ"', 'c.writ': usdcLine }
    const { imported, policy } = checked(
      `import "a.writ" import "b.writ" ${tail}allow transfer on USDC budget 5 USDC/day`,
      files,
    )
    expect(policy).toBeDefined()
    expect(imported.map(({ file }) => file)).toEqual(['dir/a.writ', 'dir/c.writ', 'dir/b.writ'])
  })

  test('does not ask that every imported name is used', () => {
    const { diagnostics } = checked(`import "a.writ" ${tail}allow f() on ${router}`, {
      'a.writ': `${usdcLine}action g { function g() }`,
    })
    expect(diagnostics).toEqual([])
  })

  test('points into the file that a fault stands in', () => {
    const people = `let people = [${alice}, 5]\nlet other = people == 5\ntoken A = ${alice} decimals 99\n`
    const text = `import "./people.writ"\n${tail}allow f(address to) on ${router} where to in people`
    const found = faults(text, { 'people.writ': people })
    expect(found).toEqual([
      `W063 dir/main.writ ${text.lastIndexOf('people')}`,
      `W070 dir/people.writ ${people.indexOf('people == 5')}`,
      `W041 dir/people.writ ${people.indexOf('99')}`,
    ])
  })

  test('tells a syntax fault of the file, and goes on', () => {
    const found = faults(`import "a.writ" ${tail}allow transfer on USDC budget 5 USDC/day`, {
      'a.writ': `${usdcLine}let x = `,
    })
    expect(found).toEqual([`W012 dir/a.writ ${usdcLine.length + 7}`])
  })

  test('points at the name of a file that is not there, in a circle, or imported twice', () => {
    const rules = `${tail}allow f() on ${router}`
    expect(faults(`import "a.writ" ${rules}`, {})).toEqual(['W147 dir/main.writ 7'])
    expect(faults(`import "a.writ" import "./a.writ" ${rules}`, { 'a.writ': usdcLine })).toEqual([
      'W033 dir/main.writ 23',
    ])
    expect(faults(`import "a.writ" ${rules}`, { 'a.writ': 'import "./main.writ"' })).toEqual(['W148 dir/a.writ 7'])
    expect(
      faults(`import "a.writ" ${rules}`, { 'a.writ': 'import "x/b.writ"', 'x/b.writ': 'import "../a.writ"' }),
    ).toEqual(['W148 dir/x/b.writ 7'])
  })

  test.each([
    ['W149', 0, `account ${alice}`],
    ['W149', 0, `key ${alice}`],
    ['W149', 0, 'chain base'],
    ['W149', 0, 'ttl 7d'],
    ['W149', 0, 'from 2026-11-22 13:00:00'],
    ['W149', 0, 'fees unlimited'],
    ['W149', 6, `allow send on ${alice} budget 1 ETH/day`],
    ['W149', 5, `deny send on ${alice}`],
    ['W043', 5, 'writ 2'],
  ])('takes names only: %s at %i for %s', (code, at, line) => {
    const text = `import "a.writ" ${tail}allow f() on ${router}`
    expect(faults(text, { 'a.writ': line })).toEqual([`${code} dir/a.writ ${at}`])
    expect(faults(text, { 'a.writ': 'writ 1' })).toEqual([])
  })

  test('says nothing for the writ, also where that is refused', () => {
    const { policy, open } = checked(`import "a.writ" ${tail}allow f() on ${router}`, { 'a.writ': 'chain base' })
    expect(policy).toBeUndefined()
    expect(open).toContain('chain')
  })

  test('a name has one meaning, whichever file declares it', () => {
    const rules = `${tail}allow transfer on USDC budget 5 USDC/day`
    expect(faults(`import "a.writ" ${usdcLine}${rules}`, { 'a.writ': usdcLine })).toEqual(['W038 dir/main.writ 22'])
    expect(faults(`import "a.writ" import "b.writ" ${rules}`, { 'a.writ': usdcLine, 'b.writ': usdcLine })).toEqual([
      'W038 dir/b.writ 6',
    ])
  })

  test('ends, however many files there are', () => {
    let asked = 0
    const readFile = () => `import "./f${++asked}.writ"`
    const { diagnostics } = checkWrit(`import "f.writ" ${tail}allow f() on ${router}`, { readFile })
    expect(diagnostics.map(({ code }) => code)).toEqual(['W148'])
    expect(asked).toBe(256)
  })
})

describe('paths', () => {
  test.each([
    ['./a.writ', 'a.writ'],
    ['a//b/../c.writ', 'a/c.writ'],
    ['../a.writ', '../a.writ'],
    ['a/../../b.writ', '../b.writ'],
    ['/x/../../a.writ', '/a.writ'],
    ['/x/./a.writ', '/x/a.writ'],
  ])('%s is %s', (path, plain) => {
    expect(normalizePath(path)).toBe(plain)
  })

  test('count from the folder of the file that they stand in', () => {
    expect(besides('a/b.writ', './c.writ')).toBe('a/c.writ')
    expect(besides('a/b.writ', '../c.writ')).toBe('c.writ')
    expect(besides('b.writ', 'c/d.writ')).toBe('c/d.writ')
    expect(besides('a/b.writ', '/c.writ')).toBe('/c.writ')
  })
})
