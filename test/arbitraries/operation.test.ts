import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Policy } from '../../src/policy/Policy.js'
import type { Rule } from '../../src/policy/Rule.js'
import { decideIn, buildSituation } from '../properties/situation.js'
import { arbitrary, SIZE } from './Source.js'

/** What a rule can say that an operation has to be made for. */
const CONSTRUCTS = [
  'every',
  'any',
  'packed',
  'element',
  'length',
  'slice',
  'masked',
  'total',
  'bytes',
  'calls',
  'multisend',
  'commands',
]

test('operations come to allow and to deny with everything that a rule can say', () => {
  const met = new Map<string, number>()
  const mixed = arbitrary({ ...SIZE.medium, choices: 1200 }, (source) =>
    buildSituation(source, source.chance(25) ? SIZE.carrying : SIZE.medium),
  )
  for (const situation of fc.sample(mixed, { numRuns: 700, seed: 3 })) {
    const decision = decideIn(situation)
    const rules =
      decision.outcome === 'allow'
        ? decision.rules
        : decision.denials.flatMap(({ code, rule }) =>
            rule !== undefined && ['condition-failed', 'nested-call-denied'].includes(code) ? [rule] : [],
          )
    for (const construct of new Set(rules.flatMap((rule) => constructsOf(situation.policy, rule))))
      met.set(`${decision.outcome} ${construct}`, (met.get(`${decision.outcome} ${construct}`) ?? 0) + 1)
    if (decision.outcome === 'allow')
      for (const { meter } of decision.charges) met.set(`charge ${situation.policy.meters[meter]?.window.kind}`, 1)
    else for (const { actual } of decision.denials) if (actual) met.set(`inside ${actual}`, 1)
  }
  const wanted = CONSTRUCTS.flatMap((construct) => [`allow ${construct}`, `deny ${construct}`])
  expect(wanted.filter((one) => (met.get(one) ?? 0) < 2)).toEqual([])
  expect([...met.keys()]).toEqual(
    expect.arrayContaining([
      'charge rolling',
      'inside condition-failed',
      'inside malformed-operation',
      'inside nested-call-denied',
    ]),
  )
})

const constructsOf = ({ rules }: Policy, index: number): readonly string[] => {
  const text = JSON.stringify(rules[index] satisfies Rule | undefined, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  // Arguments may have types of such names, conditions alone have kinds of them; an array is over what `every` goes.
  return CONSTRUCTS.filter((construct) => {
    const form = ['calls', 'multisend', 'commands'].includes(construct) ? 'form' : 'kind'
    return construct === 'bytes'
      ? text.includes('"kind":"bytes","operator"')
      : text.includes(`"${form}":"${construct}"`)
  })
}
