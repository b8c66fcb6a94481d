import { describe, expect, it } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { deviceText, deviceTextOf } from '../../../src/compiler/device/deviceText.js'
import { encode } from '../../../src/compiler/encode.js'
import type { Condition } from '../../../src/policy/Condition.js'
import { allow, argument, BINDING, component, list, named, policyOf, uint256, USDC, WETH } from '../samples.js'
import { layoutFaults } from './layoutFaults.js'
import { allowedSymbols, spoofs, unshownNames } from './spoofs.js'

describe('the printer refuses', () => {
  it.each(spoofs().map(({ note, grant }) => [note, grant] as const))('%s', (_, grant) => {
    expect(deviceTextOf(grant).ok).toBe(false)
  })
})

describe('the printer', () => {
  it.each(unshownNames())('shows `arg` in place of the name $name', ({ policy }) => {
    const text = deviceText(policy, BINDING)
    expect(text).toContain('\narg@1 <= arg@1;\n')
    expect(layoutFaults(text)).toEqual([])
  })

  it.each(allowedSymbols)('shows the symbol %s', (symbol) => {
    const text = deviceText(policyOf({ tokens: [{ ...USDC, symbol }] }), BINDING)
    expect(text.replaceAll('\n', ' ')).toContain(`; token ${symbol} 6 dec 0x`)
    expect(layoutFaults(text)).toEqual([])
  })

  it('tells an address from bytes that are as long', () => {
    const value = '0x1111111111111111111111111111111111111111'
    const equal = (kind: 'address' | 'bytes'): Condition => {
      const side = [
        { negative: false, scales: [], factors: [{ kind: 'constant', constant: { kind, value } }] },
      ] as const
      return { kind: 'compare', operator: '==', left: side, right: side }
    }
    const [one, other] = (['address', 'bytes'] as const).map((kind) =>
      deviceText(policyOf({ rules: [allow({ where: [equal(kind)] })] }), BINDING),
    )
    expect(one).not.toBe(other)
  })

  it('shows a string only in harmless characters, and cuts it where the line is full', () => {
    const note = { kind: 'call', name: 'note', inputs: [named('text', { kind: 'string' })] } as const
    const textOf = (value: string): string => {
      const condition: Condition = {
        kind: 'bytes',
        operator: '==',
        left: { place: { kind: 'argument', path: [component(0)] } },
        right: `0x${Buffer.from(value).toString('hex')}`,
      }
      return deviceText(policyOf({ rules: [allow({ action: note, where: [condition] })] }), BINDING)
    }
    expect(textOf('https://a.b/c?d=e&f_g-h')).toContain('\ntext@0 ==\n"https://a.b/c?d=e&f\n_g-h";\n')
    for (const value of ['a b', 'a\nb', 'a;', 'a"', 'é', 'a\0', "a'", 'END 1 rule.'])
      expect(textOf(value)).toMatch(/\ntext@0 == ?\n?0x[0-9a-f]/)
    expect(textOf('')).toContain('\ntext@0 == "";\n')
    for (const length of [17, 18, 19, 254, 255, 256]) expect(layoutFaults(textOf('W'.repeat(length)))).toEqual([])
  })

  it('breaks a path of many steps behind its points', () => {
    const deep = list(list(list(list(uint256))))
    const place = argument(
      uint256,
      component(0),
      ...Array.from({ length: 4 }, () => ({ kind: 'element', index: 65_535 }) as const),
    )
    const side = [{ negative: false, scales: [], factors: [place] }] as const
    const action = { kind: 'call', name: 'deep', inputs: [named('grid', deep)] } as const
    const text = deviceText(
      policyOf({ rules: [allow({ action, where: [{ kind: 'compare', operator: '<', left: side, right: side }] })] }),
      BINDING,
    )
    expect(text).toContain('\narg@0.65535.65535.\n65535.65535 <\narg@0.65535.65535.\n65535.65535;\n')
  })
})

describe('the compiler refuses', () => {
  const head = 'ttl 7d\nfees 0.01 ETH/day\n'
  const symbols = [
    'MAX',
    'until',
    'e18',
    'WMWMWMWMWMW',
    'U SDC',
    'USDС',
    'ABCDEFGHIJKL',
    'a"b',
    'a@b',
    '"USDC"',
    'U\u200bSD',
    '0x1',
  ]
  it.each(symbols)('the symbol %s', (symbol) => {
    const { policy } = checkWrit(
      `${head}token ${symbol} = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6\nallow send on 0x1111111111111111111111111111111111111111 budget 1 ETH/day\n`,
    )
    expect(policy).toBeUndefined()
  })

  it.each(['many_msg_babbage(bytes1 x)', 'tränsfer(address to)', 'f(address\u200bto)', `${'f'.repeat(65)}()`, 'f;()'])(
    'the function %s',
    (signature) => {
      const { policy } = checkWrit(`${head}allow ${signature} on 0x1111111111111111111111111111111111111111\n`)
      expect(policy).toBeUndefined()
    },
  )
})

describe('two tokens', () => {
  it('differ in more than case, or have no text', () => {
    const grant = encode(
      policyOf({ tokens: [USDC, { ...WETH, symbol: 'uSdC' }], rules: [allow(), allow({ target: WETH.address })] }),
      BINDING,
    )
    expect(deviceTextOf(grant).ok).toBe(false)
  })
})
