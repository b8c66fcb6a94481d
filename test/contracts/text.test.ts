import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { deviceText, displayable } from '../../src/compiler/device/deviceText.js'
import { KEYWORDS } from '../../src/policy/device/keywords.js'
import { unitsOfText } from '../../src/policy/device/glyphs.js'
import { encode } from '../../src/compiler/encode.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { shownPolicies } from '../arbitraries/shown.js'
import { spoofs, unshownNames } from '../compiler/device/spoofs.js'
import { BINDING } from '../compiler/samples.js'
import { Chain } from './harness/Chain.js'

/** Generated policies of a run; the full measure, 10,000, is `npm run test:twins`. */
const CASES = Number(process.env['WRIT_TWINS'] ?? 150)

let chain: Chain
beforeAll(async () => {
  chain = await Chain.create()
})

/** The text that the chain prints, or the error's name. */
const print = async (grant: Hex): Promise<string> => {
  const { value, error } = await chain.ask('textOf', [grant])
  return error ?? String(value)
}

const policyOf = (path: string): Policy => {
  const { policy } = checkWrit(readFileSync(new URL(path, import.meta.url), 'utf8'))
  if (policy === undefined) throw new Error(`${path} is no policy`)
  return policy
}

describe('the chain prints what the compiler prints:', () => {
  const models = ['H1', 'H2', 'H6', 'H12']
  it.each(models)('the model %s', async (name) => {
    const policy = policyOf(`../ledger/models/${name}.writ`)
    const binding = {
      module: '0x7c2e65252560fc88927d4a18521d462fc016fd83',
      entityId: 1,
      tag: '0x000000000000',
    } as const
    const text = readFileSync(new URL(`../ledger/models/${name}.txt`, import.meta.url), 'utf8')
    expect(await print(encode(policy, binding))).toBe(text)
  })

  const folder = new URL('../../policies/', import.meta.url)
  const readFile = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
  const writs = readdirSync(folder).filter((file) => file.endsWith('.writ'))
  it.each(writs)('%s', async (file) => {
    const { policy } = checkWrit(readFile(file), { readFile })
    if (policy === undefined) throw new Error(`${file} is no policy`)
    if (displayable(policy, BINDING).length > 0) expect(await print(encode(policy, BINDING))).toBe('TextTooLong')
    else expect(await print(encode(policy, BINDING))).toBe(deviceText(policy, BINDING))
  })

  it(`${CASES} generated policies`, { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(shownPolicies(), async (policy) => {
        expect(await print(encode(policy, BINDING))).toBe(deviceText(policy, BINDING))
      }),
      { numRuns: CASES },
    )
  })

  const header = `writ 1
    account 0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c
    chain base
    key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
    from 2026-11-22 13:00:00
    ttl 7d
    fees 0.01 ETH/day
    `
  const made = (rules: string): Policy => {
    const { policy, diagnostics } = checkWrit(header + rules, { file: 'made.writ' })
    if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
    return policy
  }

  it('types that fill a line, and again after a sign behind them made it break', async () => {
    const rule = (target: string) => `allow execute(bytes commands, bytes[] inputs, uint256 deadline) on ${target}
      each command in commands(commands, inputs) { allow 0x00(string a, uint16 b, bool c) where c == true }
    `
    const policy = made(
      rule('0x66a9893cC07D91D95644AEDD05D03f95e1dBA8Af') + rule('0x2626664c2603336E57B271c5C0b26F421741e481'),
    )
    const text = deviceText(policy, BINDING)
    expect(text.match(/\n\(string,uint16,\nbool\);/g)).toHaveLength(2)
    expect(await print(encode(policy, BINDING))).toBe(text)
  })

  it('signs behind hex, which is then measured', async () => {
    const [a, b] = ['0x66a9893cC07D91D95644AEDD05D03f95e1dBA8Af', '0x2626664c2603336E57B271c5C0b26F421741e481']
    const policy = made(
      `allow claim(address[] whom) on ${a} where every t in whom ((t == ${a} and t != ${b}) or (t == account and t != ${b}))`,
    )
    const text = deviceText(policy, BINDING)
    expect(text).toContain('b26F421741e481));')
    expect(await print(encode(policy, BINDING))).toBe(text)
  })

  it.each(unshownNames())('a parameter named $name', async ({ policy }) => {
    expect(await print(encode(policy, BINDING))).toBe(deviceText(policy, BINDING))
  })
})

it('every word that the chain prints is one that no symbol and no shown name may be', () => {
  const source = (name: string): string =>
    readFileSync(new URL(`../../contracts/libraries/text/${name}.sol`, import.meta.url), 'utf8')
  const phrases = [...source('Words').matchAll(/bytes32\("([^"]*)"\)/g)].map(([, phrase = '']) => phrase)
  const days = /DAYS = 0x([0-9a-f]+);/.exec(source('TimeText'))?.[1] ?? ''
  const names = Buffer.from(days, 'hex').toString().match(/.{3}/g) ?? []
  const words = [...phrases, ...names].flatMap((phrase) => phrase.toLowerCase().match(/[a-z]{2,}/g) ?? [])
  expect(words.length).toBeGreaterThan(90)
  // These stand behind `call.` and `op.` only, in pieces where a line ends.
  const fields = 'value callgaslimit verificationgaslimit preverificationgas maxfeepergas maxpriorityfeepergas'.split(
    ' ',
  )
  const others = words.filter((word) => !fields.some((field) => field.includes(word)))
  expect([...new Set(others)].filter((word) => !KEYWORDS.has(word))).toEqual([])
})

describe('the chain refuses', () => {
  // A text that is far too long takes more gas than there is, and then no error says so.
  const refusals = ['NotShowable', 'InvalidGrant', 'LyingName', 'TextTooLong', 'revert']
  it.each(spoofs().map(({ note, grant }) => [note, grant] as const))('%s', async (_, grant) => {
    expect(refusals).toContain(await print(grant))
  })
})

describe('a token of text', () => {
  const folder = new URL('../../contracts/libraries/text/', import.meta.url)
  const declared = readdirSync(folder).flatMap((file) =>
    [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(
        /= uint256\(bytes32\("((?:[^"\\]|\\")+)"\)\) \+ (\d+) \* 256 \+ (\d+);/g,
      ),
    ].map(([, text = '', units, length]) => [text.replace('\\"', '"'), Number(units), Number(length)] as const),
  )

  it.each(declared)('%s has its width and length', (text, units, length) => {
    expect({ units, length }).toEqual({ units: unitsOfText(text), length: text.length })
  })

  it('is found in the sources at all', () => {
    expect(declared.length).toBeGreaterThan(100)
  })
})
