import { keccak256, stringToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { small, writ } from './world.js'

const names = 'token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6\n'
const text = small
  .replace('fees', 'import "./names/base.writ"\nfees')
  .replace(/allow .*/, 'allow transfer on USDC budget 5 USDC/day')
const files = { 'in/a.writ': text, 'in/names/base.writ': names }
const sourceHashOf = async (world: Readonly<Record<string, string>>): Promise<unknown> => {
  const { out, err } = await writ(['compile', 'in/a.writ'], { files: world })
  expect(err).toBe('')
  const artifact: unknown = JSON.parse(out)
  return typeof artifact === 'object' && artifact !== null && 'sourceHash' in artifact ? artifact.sourceHash : undefined
}

describe('a writ that imports names', () => {
  test('is read with its files, from its own folder', async () => {
    const { code, err } = await writ(['check', 'in/a.writ'], { files })
    expect([code, err]).toEqual([0, ''])
  })

  test('shows a fault in the file that it stands in', async () => {
    const broken = { ...files, 'in/names/base.writ': `${names}let x = nobody\n` }
    const { code, err } = await writ(['check', 'in/a.writ'], { files: broken })
    expect(code).toBe(3)
    expect(err).toContain('--> in/names/base.writ:2:9\n')
    expect(err).toContain('2 | let x = nobody\n')
    const { out } = await writ(['check', '--json', 'in/a.writ'], { files: broken })
    expect(JSON.parse(out)).toMatchObject({ diagnostics: [{ file: 'in/names/base.writ', line: 2, column: 9 }] })
  })

  test('has a source hash that covers them, and one without is the hash of its text', async () => {
    const hash = await sourceHashOf(files)
    expect(hash).not.toBe(keccak256(stringToHex(text)))
    expect(await sourceHashOf({ ...files, 'in/names/base.writ': `${names}# looked at\n` })).not.toBe(hash)
    expect(await sourceHashOf({ 'in/a.writ': small })).toBe(keccak256(stringToHex(small)))
  })
})
