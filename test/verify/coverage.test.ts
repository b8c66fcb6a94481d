import { describe, expect, it } from 'vitest'
import type { Condition } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { reasonsOf } from '../../src/verify/reasons.js'
import { verify } from '../../src/verify/verify.js'
import { binding, example } from './examples.js'

const amount: Operand = {
  kind: 'argument',
  path: [{ kind: 'component', index: 1 }],
  type: { kind: 'uint', bits: 256 },
}
const atMost = (value: bigint): Condition => ({
  kind: 'compare',
  operator: '<=',
  left: [{ negative: false, scales: [], factors: [amount] }],
  right: [{ negative: false, scales: [], factors: [{ kind: 'constant', constant: { kind: 'number', value } }] }],
})

describe('coverage', () => {
  it('every condition, limit, time and deny of a policy is a part that must bite', () => {
    const names = [...reasonsOf(example('office-hours'))].map(({ name }) => name)
    expect(names).toEqual([
      'from',
      'until',
      'fees: paymaster',
      'meter 1 (fees)',
      'meter 2',
      'rule 1: condition 1',
      'rule 1: condition 2',
      'rule 1: hours',
      'rule 1: no value',
      'rule 2: condition 1',
      'rule 2: hours',
      'rule 2: no value',
      'rule 3: condition 1',
      'rule 3: deny',
      'rule 4: condition 1',
      'rule 4: deny',
    ])
  })

  it('all parts of an example are reached', async () => {
    for (const name of ['office-hours', 'pocket-money', 'payroll', 'dca']) {
      const { coverage, notReached } = await verify(example(name), binding, { seed: 21, cases: 200 })
      expect(notReached).toEqual([])
      expect(coverage.reached).toBe(coverage.parts)
    }
  })

  it('a condition that says nothing new is named', async () => {
    const policy = example('office-hours')
    // Rule 2 allows at most 200 USDC; at most 300 can never decide.
    const rules = policy.rules.map((rule, index) =>
      index === 1 ? { ...(rule as AllowRule), where: [...rule.where, atMost(300_000_000n)] } : rule,
    )
    const { disagreement, notReached } = await verify({ ...policy, rules }, binding, { seed: 3, cases: 150 })
    expect(disagreement).toBeUndefined()
    expect(notReached.map(({ name }) => name)).toEqual(['rule 2: condition 2'])
  })

  it('a policy under which nothing is allowed is denied everywhere, and its parts are named', async () => {
    const policy = example('bridge')
    const rules = policy.rules.map((rule) => ({ ...rule, where: [...rule.where, { kind: 'false' as const }] }))
    const report = await verify({ ...policy, rules }, binding, { seed: 3, cases: 60 })
    expect(report.disagreement).toBeUndefined()
    expect(report.allowed).toBe(0)
    expect(report.cases).toBeGreaterThanOrEqual(60)
    expect(report.notReached.length).toBeGreaterThan(5)
  })
})
