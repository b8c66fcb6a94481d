import { toFunctionSelector, toFunctionSignature } from 'viem'
import { describe, expect, test } from 'vitest'
import { parseSignature, parseType } from '../../../src/dsl/abi/parseType.js'
import { selectorOf, signatureText, typeText } from '../../../src/dsl/abi/selector.js'

describe('signatures', () => {
  test.each([
    'transfer(address to, uint256 amount)',
    'function transfer(address to, uint amount) external returns (bool)',
    'function f((address tokenIn, (uint8, bytes3[4])[] inner)[2][] memory list, string calldata s) payable',
    'function multicall(bytes[] data) external payable returns (bytes[] memory results);',
    'function function_like(int x, function_t[] y)',
    'f()',
  ])('are read as viem reads them: %s', (text) => {
    const action = parseSignature(text)
    if (text.includes('function_t')) return expect(action).toBeUndefined()
    const full = (text.startsWith('function ') ? text : `function ${text}`)
      .replace(/;$/, '')
      .replace('uint amount', 'uint256 amount')
      .replace('int x', 'int256 x')
    const signature = action && signatureText(action)
    expect(signature).toBe(toFunctionSignature(full))
    expect(selectorOf(signature ?? '')).toBe(toFunctionSelector(full))
  })

  test.each([
    '',
    'f',
    'f(',
    'f(uint256',
    'f(uint256))',
    'f(uint256,)',
    'f(,)',
    'f(uint9)',
    'f(())',
    'f(uint256[0])',
    'f(uint256[-1])',
    'f(uint256) wat',
    '1f()',
    'f(uint256[)',
    `f(${'('.repeat(50)}uint8${')'.repeat(50)})`,
    `f(uint8${'[]'.repeat(50)})`,
  ])('are not made of %s', (text) => {
    expect(parseSignature(text)).toBeUndefined()
  })

  test('keep the names of their parameters', () => {
    expect(
      parseSignature('f(uint256 a, address payable b, bytes memory, (bool c) d)')?.inputs.map(({ name }) => name),
    ).toEqual(['a', 'b', '', 'd'])
  })
})

test('types are printed in canonical form', () => {
  const printed = ['uint', 'int', 'uint8[3][]', 'tuple(uint a, bool)[2]', 'bytes1', 'bytes', 'string', 'address'].map(
    (text) => {
      const type = parseType(text)
      return type && typeText(type)
    },
  )
  expect(printed).toEqual([
    'uint256',
    'int256',
    'uint8[3][]',
    '(uint256,bool)[2]',
    'bytes1',
    'bytes',
    'string',
    'address',
  ])
})
