import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Choices } from '../../src/verify/Choices.js'
import { choicesArbitrary } from '../../src/verify/choicesArbitrary.js'

describe('choices', () => {
  it('a replayed stream answers its numbers, then zeros, which are the simplest choice', () => {
    const choices = Choices.replay([7, 250])
    expect([choices.below(10), choices.below(100), choices.below(10), choices.chance(99)]).toEqual([7, 50, 0, false])
    expect(choices.pick(['simple', 'other'])).toBe('simple')
    expect(choices.shuffle([1, 2, 3])).toEqual([1, 2, 3])
  })

  it('numbers stay in their bounds, whatever the size', () => {
    fc.assert(
      fc.property(choicesArbitrary(), fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), (choices, high) => {
        const number = choices.big(high)
        expect(number >= 0n && number <= high).toBe(true)
        const between = choices.between(-3, 3)
        expect(between >= -3 && between <= 3).toBe(true)
        expect(choices.shuffle([1, 2, 3]).sort()).toEqual([1, 2, 3])
      }),
      { numRuns: 200 },
    )
  })

  it('one seed makes one case', () => {
    const drawn = () => fc.sample(choicesArbitrary(), { seed: 3, numRuns: 4 }).map((choices) => choices.big(1n << 200n))
    expect(drawn()).toEqual(drawn())
  })

  it('a failure is shrunk to the fewest and smallest draws that fail', () => {
    const details = fc.check(
      fc.property(choicesArbitrary(), (choices) => {
        const numbers = Array.from({ length: choices.below(20) }, () => choices.below(1000))
        return numbers.every((number) => number < 2)
      }),
      { seed: 1 },
    )
    expect(details.failed).toBe(true)
    const [counterexample] = details.counterexample ?? []
    // One number is drawn, and it is 2.
    expect(counterexample?.drawn).toEqual([1, 2])
  })
})
