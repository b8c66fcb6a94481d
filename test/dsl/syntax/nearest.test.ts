import { describe, expect, test } from 'vitest'
import { nearest } from '../../../src/dsl/nearest.js'

describe('nearest', () => {
  const names = ['recipient', 'amountIn', 'amountOutMinimum', 'tokenIn', 'to', 'fee']
  test.each([
    ['recipent', 'recipient'],
    ['receipient', 'recipient'],
    ['amountin', 'amountIn'],
    ['tokneIn', 'tokenIn'],
    ['amuontIm', 'amountIn'],
    ['fees', 'fee'],
  ])('%s means %s', (word, meant) => {
    expect(nearest(word, names)).toBe(meant)
  })
  test.each(['sender', 'x', 'at', 'amountsOut', ''])('`%s` means none of them', (word) => {
    expect(nearest(word, names)).toBeUndefined()
  })
  test('a name is not its own correction', () => {
    expect(nearest('fee', ['fee'])).toBeUndefined()
  })
})
