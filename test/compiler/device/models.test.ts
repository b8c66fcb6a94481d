import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { deviceText, deviceTextOf } from '../../../src/compiler/device/deviceText.js'
import { type Kill, killText } from '../../../src/compiler/device/killText.js'
import { encode } from '../../../src/compiler/encode.js'
import type { Binding } from '../../../src/policy/Binding.js'

const folder = new URL('../../ledger/models/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

const BINDING: Binding = {
  module: '0x7c2e65252560fc88927d4a18521d462fc016fd83',
  entityId: 1,
  tag: '0x000000000000',
}

describe('the device text of a model', () => {
  it.each(['H1', 'H2', 'H6', 'H12'])('%s is what the devices were seen to show completely', (name) => {
    const { policy, diagnostics } = checkWrit(read(`${name}.writ`))
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    if (policy === undefined) throw new Error(`${name} is no policy`)
    const text = read(`${name}.txt`)
    expect(deviceText(policy, BINDING)).toBe(text)
    expect(deviceTextOf(encode(policy, BINDING))).toEqual({ ok: true, text })
  })
})

describe('a text that ends sessions', () => {
  const account = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
  const before = Date.UTC(2026, 10, 22, 13) / 1000
  it.each<[string, Kill]>([
    ['K4', { kind: 'all', account, chainId: 8453, before }],
    [
      'K5',
      {
        kind: 'session',
        account,
        chainId: 8453,
        root: '0xdafec744d4ba71281ab2ed0d0fd980bd1e982fe569316893fd2a45d27c99e6f6',
      },
    ],
    ['K6', { kind: 'everyChain', account, before }],
  ])('%s is what the devices were seen to show completely', (name, kill) => {
    expect(killText(kill)).toBe(read(`${name}.txt`))
  })
})
