import { describe, expect, test } from 'vitest'
import { codesOf } from './writs.js'

/** What a law refuses (it names the law's code, and no other) and the nearest that it accepts. */
export type Law = {
  readonly code: string
  readonly title: string
  readonly refused: readonly string[]
  readonly accepted: readonly string[]
}

/** A test of each text: rules under the header of writs.ts. */
export const holdTo = ({ code, title, refused, accepted }: Law): void => {
  describe(`${code}: ${title}`, () => {
    test.each(refused)('refused: %s', (rules) => {
      expect(codesOf(rules)).toEqual([code])
    })
    test.each(accepted)('accepted: %s', (rules) => {
      expect(codesOf(rules)).toEqual([])
    })
  })
}
