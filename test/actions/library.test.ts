import { toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { library } from '../../src/actions/library.js'
import { movers } from '../../src/actions/movers.js'
import { verbs } from '../../src/actions/verbs.js'
import { selectorOf } from '../../src/dsl/abi/selector.js'
import { dangerousFunctions } from '../../src/policy/dangerous.js'
import { readLibrary } from '../../src/dsl/library.js'

/** Selectors as block explorers print them for the contracts that a verb speaks of. */
const selectors = {
  transfer: ['0xa9059cbb'],
  approve: ['0x095ea7b3'],
  swap: [
    '0x04e45aaf',
    '0x5023b4df',
    '0xb858183f',
    '0x09b81346',
    '0x414bf389',
    '0xdb3e2198',
    '0xc04b8d59',
    '0xf28c0498',
    '0x38ed1739',
    '0x8803dbee',
    '0x18cbafe5',
    '0x4a25d94a',
    '0x7ff36ab5',
    '0xfb3bdb41',
    '0x472b43f3',
    '0x42712a67',
  ],
  supply: ['0x617ba037', '0xe8eda9df', '0xf2b9fdb8'],
  repay: ['0x573ade81'],
  withdraw: ['0x69328dec', '0xb460af94', '0xba087652'],
  claim: [
    '0x236300dc',
    '0x57b89883',
    '0xbb492bf5',
    '0xbf90f63a',
    '0xb7034f7e',
    '0x71ee95c0',
    '0x2e7ba6ef',
    '0xf8444436',
    '0xe3afe0a3',
    '0xfc6f7865',
    '0x3d18b912',
  ],
  stake: ['0xa1903eab'],
  wrap: ['0xd0e30db0'],
  unwrap: ['0x2e1a7d4d'],
}

describe('the standard library', () => {
  test('has the verbs of the language, and each stands for the functions it should', () => {
    const found = Object.fromEntries(
      [...library().verbs].map(([verb, functions]) => [verb, functions.map(({ signature }) => selectorOf(signature))]),
    )
    expect(found).toEqual(selectors)
  })

  test('knows what moves tokens without being a verb', () => {
    const known = [...library().bySignature.keys()].filter(
      (signature) =>
        !Object.values(selectors)
          .flat()
          .some((selector) => selector === selectorOf(signature)),
    )
    expect(known.sort()).toEqual([
      'approve(address,address,uint160,uint48)',
      'approveAndCall(address,uint256)',
      'approveAndCall(address,uint256,bytes)',
      'increaseAllowance(address,uint256)',
      'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
      'send(address,uint256,bytes)',
      'transferAndCall(address,uint256)',
      'transferAndCall(address,uint256,bytes)',
      'transferFrom(address,address,uint160,address)',
      'transferFrom(address,address,uint256)',
      'transferFromAndCall(address,address,uint256)',
      'transferFromAndCall(address,address,uint256,bytes)',
    ])
  })

  test('lists each function once', () => {
    const all = [...library().verbs.values()].flat()
    expect(new Set(all.map(({ signature }) => signature)).size).toBe(all.length)
    expect(library().bySignature.size).toBeGreaterThan(all.length)
    expect(new Set(all.map(({ signature }) => selectorOf(signature))).size).toBe(all.length)
  })

  test('every known mover is a dangerous name, so that no other function passes for it', () => {
    for (const { signature, verb } of library().bySignature.values())
      if (['transfer', 'approve', 'transferFrom', 'allowances', 'transfersWithCall'].includes(verb))
        expect(dangerousFunctions.get(selectorOf(signature))).toBe(signature)
  })

  test('has selectors as viem has them', () => {
    for (const { signature } of library().bySignature.values())
      expect(selectorOf(signature)).toBe(toFunctionSelector(`function ${signature}`))
    for (const [selector, signature] of dangerousFunctions)
      expect(selector).toBe(toFunctionSelector(`function ${signature}`))
  })

  test.each([
    ['action a { function f(uint256 x) spends y of target }', /spends|cannot be read|no argument/],
    ['action a { function f(address x) spends call.value of x.y }', /no member|cannot be read/],
    ['action a { function f(uint7 x) }', /does not exist|no ABI type/],
    ['action a { function f(uint256 x) spends x of target when DAI budget }', /only `ETH budget`/],
    ['action a {', /.+/],
  ])('a fault in its text is our own: %s', (text, message) => {
    expect(() => readLibrary(text, '')).toThrow(message)
  })

  test('is read from its texts', () => {
    expect(readLibrary(verbs, movers).bySignature.size).toBe(library().bySignature.size)
  })
})
