import { describe, expect, it } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { decide as evaluate, load, root } from '../../src/evaluator/index.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import type { ComparisonOperator, Condition } from '../../src/policy/Condition.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Rule } from '../../src/policy/Rule.js'
import { decide as define } from '../../src/semantics/decide.js'
import type { Readings } from '../../src/verify/Bench.js'
import type { Disagreement } from '../../src/verify/index.js'
import { reportText } from '../../src/verify/index.js'
import { verify, type VerifyOptions } from '../../src/verify/verify.js'
import { binding, example } from './examples.js'

const CASES = 600

const disagreementOf = async (policy: Policy, options: VerifyOptions): Promise<Disagreement> => {
  const report = await verify(policy, binding, { seed: 1, cases: CASES, ...options })
  if (report.disagreement === undefined) throw new Error('the gate saw nothing')
  return report.disagreement
}

/** An evaluator that has another policy in mind. */
const evaluatorOf = (original: Policy, changed: Policy): Partial<Readings> => {
  const meant = rootOf(encode(original, binding))
  const session = load(encode(changed, binding))
  return {
    // Twins of the policy are judged as they are.
    evaluator: (own, state, operation, now) => evaluate(root(own) === meant ? session : own, state, operation, now),
  }
}

const withRule = (policy: Policy, index: number, change: (rule: Rule) => Rule): Policy => ({
  ...policy,
  rules: policy.rules.map((rule, at) => (at === index ? change(rule) : rule)),
})

const loosened: Partial<Record<ComparisonOperator, ComparisonOperator>> = { '<=': '<', '>=': '>', '<': '<=', '>': '>=' }

const otherOperator = (condition: Condition): Condition =>
  condition.kind === 'compare'
    ? { ...condition, operator: loosened[condition.operator] ?? condition.operator }
    : condition

const brokenEvaluators: Record<string, { policy: string; change: (policy: Policy) => Policy }> = {
  'takes at most for less': {
    policy: 'office-hours',
    change: (policy) => withRule(policy, 1, (rule) => ({ ...rule, where: rule.where.map(otherOperator) })),
  },
  'allows one unit more a day': {
    policy: 'pocket-money',
    change: (policy) => ({
      ...policy,
      meters: policy.meters.map((meter, index) => (index === 1 ? { ...meter, limit: meter.limit + 1n } : meter)),
    }),
  },
  'stops at a limit instead of past it': {
    policy: 'savings',
    change: (policy) => ({
      ...policy,
      meters: policy.meters.map((meter, index) => (index === 2 ? { ...meter, limit: meter.limit - 1n } : meter)),
    }),
  },
  'forgets a deny': {
    policy: 'office-hours',
    change: (policy) =>
      withRule(policy, policy.rules.length - 1, (rule) => ({ ...rule, where: [{ kind: 'false' }, ...rule.where] })),
  },
  'ends a day one minute early': {
    policy: 'office-hours',
    change: (policy) =>
      withRule(policy, 0, (rule) =>
        rule.hours ? { ...rule, hours: { ...rule.hours, end: rule.hours.end - 1 } } : rule,
      ),
  },
  'begins a rule one second late': {
    policy: 'pocket-money',
    change: (policy) => withRule(policy, 1, (rule) => ({ ...rule, from: (rule.from ?? policy.from) + 1 })),
  },
  'lives one second longer': { policy: 'bridge', change: (policy) => ({ ...policy, until: policy.until + 1 }) },
}

/** Runtime code with every place of `from` replaced. */
const replaced = (from: string, to: string): Hex => {
  const code = contractArtifact('WritModule').deployedBytecode
  const parts = code.slice(2).split(from)
  const whole = parts.every(({ length }) => length % 2 === 0)
  if (parts.length === 1 || !whole || from.length !== to.length) throw new Error(`${from} is not in the module`)
  // Everywhere: the compiler may have written it more than once.
  return `0x${parts.join(to)}`
}

/** `by`: before any operation, by a key that renounces what it may not. */
const brokenModules: Record<string, { policy: string; code: () => Hex; by?: 'authority' }> = {
  'does not know the first EntryPoint': {
    policy: 'pocket-money',
    code: () => replaced('5ff137d4b0fdcd49dca30c7cf57e578a026d2789', '5ff137d4b0fdcd49dca30c7cf57e578a026d2788'),
  },
  'takes any s': {
    policy: 'pocket-money',
    by: 'authority',
    code: () =>
      replaced(
        '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0',
        'ffffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0',
      ),
  },
  'does not know executeBatch': { policy: 'pocket-money', code: () => replaced('34fcd5be', '34fcd5bf') },
}

const readingsOff: Record<string, Partial<Readings>> = {
  'is one second ahead': {
    reference: (policy, own, state, operation, now) => define(policy, own, state, operation, now + 1),
  },
  'allows what is malformed': {
    reference: (policy, own, state, operation, now) => {
      const decision = define(policy, own, state, operation, now)
      if (decision.outcome === 'allow' || decision.denials[0]?.code !== 'malformed-operation') return decision
      const { from: validFrom, until: validUntil } = policy
      return { outcome: 'allow', rules: [], charges: [], state, validFrom, validUntil }
    },
  },
  'ends its interval one second early': {
    reference: (policy, own, state, operation, now) => {
      const decision = define(policy, own, state, operation, now)
      return decision.outcome === 'deny' ? decision : { ...decision, validUntil: decision.validUntil - 1 }
    },
  },
}

const lastOperation = ({ steps }: Disagreement) => {
  const last = steps.at(-1)
  if (last?.kind !== 'operation') throw new Error('the last step is no operation')
  return last
}

describe('the gate on readings that are broken', () => {
  it.each(Object.entries(brokenEvaluators))('an evaluator that %s is found out', async (_, { policy, change }) => {
    const original = example(policy)
    const { what, steps, reference, evaluator } = await disagreementOf(original, {
      readings: evaluatorOf(original, change(original)),
    })
    expect(what).not.toBe('')
    expect(reference).not.toEqual(evaluator)
    // Shrunk: no more steps than a case of its kind needs.
    expect(steps.length).toBeLessThanOrEqual(4)
  })

  it.each(Object.entries(readingsOff))('a definition that %s is found out', async (_, readings) => {
    const disagreement = await disagreementOf(example('bridge'), { readings })
    expect(disagreement.what).not.toBe('')
  })

  it.each(Object.entries(brokenModules))('a module that %s is found out', async (_, { policy, code, by }) => {
    const disagreement = await disagreementOf(example(policy), { moduleCode: code() })
    if (by === undefined) expect(disagreement.module).toBeDefined()
    else expect(disagreement.kind).toBe(by)
    expect(disagreement.what).toContain('module')
  })

  it('a module that is no module is found out before any operation', async () => {
    const { kind, steps } = await disagreementOf(example('bridge'), { moduleCode: '0x60006000fd' })
    expect(kind).toBe('grant')
    expect(steps).toEqual([])
  })

  it('the counterexample is small, and the report prints all that is needed to look at it', async () => {
    const policy = example('pocket-money')
    const { change } = brokenEvaluators['allows one unit more a day'] ?? { change: (same: Policy) => same }
    const report = await verify(policy, binding, {
      seed: 1,
      cases: CASES,
      readings: evaluatorOf(policy, change(policy)),
    })
    const { disagreement } = report
    if (disagreement === undefined) throw new Error('the gate saw nothing')
    const last = lastOperation(disagreement)
    const text = reportText(report)
    expect(text).toContain('DISAGREEMENT')
    expect(text).toContain(last.operation.callData)
    expect(text).toContain('definition: ')
    expect(text).toContain('evaluator: ')
    expect(text).toContain('seed 1')
    expect(text).toContain('nothing may be signed')
    // One call is enough to show it.
    expect(last.operation.callData.slice(0, 10)).toBe('0xb61d27f6')
  })
})
