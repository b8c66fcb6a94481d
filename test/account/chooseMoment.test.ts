import { describe, expect, test } from 'vitest'
import { chooseMoment } from '../../src/account/session/chooseMoment.js'
import type { Decision } from '../../src/evaluator/index.js'

/** Allowed in these intervals, denied elsewhere. */
const during =
  (...intervals: readonly (readonly [from: number, until: number])[]) =>
  (moment: number): Decision => {
    const found = intervals.find(([from, until]) => from <= moment && moment < until)
    if (!found) return { outcome: 'deny', denials: [{ code: 'outside-hours', retry: 'later' }] }
    const [validFrom, validUntil] = found
    return { outcome: 'allow', rules: [0], charges: [], state: { status: 'active', meters: [] }, validFrom, validUntil }
  }

describe('the interval in which an operation is to be included', () => {
  test('is the present one where that lasts long enough', () => {
    expect(chooseMoment(during([0, 1000]), 955, 45)).toMatchObject({ kind: 'now', time: 955 })
  })

  test('is the next one where the present is about to end', () => {
    expect(chooseMoment(during([0, 1000], [1000, 2000]), 956, 45)).toMatchObject({
      kind: 'next',
      time: 1000,
      decision: { validFrom: 1000, validUntil: 2000 },
    })
  })

  test('is none where the present is about to end and nothing follows', () => {
    expect(chooseMoment(during([0, 1000]), 956, 45)).toMatchObject({
      kind: 'ending',
      endsAt: 1000,
      denials: [{ code: 'outside-hours' }],
    })
  })

  test('is none where it is denied now', () => {
    expect(chooseMoment(during([1000, 2000]), 956, 45)).toMatchObject({ kind: 'denied' })
  })

  test('is the present one while half of it is to come, however short it is', () => {
    const short = during([0, 30], [30, 60])
    expect(chooseMoment(short, 15, 45)).toMatchObject({ kind: 'now' })
    expect(chooseMoment(short, 16, 45)).toMatchObject({ kind: 'next', time: 30 })
  })

  test('may be one that has begun already', () => {
    const overlapping = (moment: number): Decision => during(moment < 1000 ? [0, 1000] : [900, 2000])(moment)
    expect(chooseMoment(overlapping, 980, 45)).toMatchObject({ kind: 'now', time: 1000 })
  })
})
