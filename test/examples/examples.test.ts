import { beforeAll, describe, expect, test } from 'vitest'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Operation } from '../../src/policy/Operation.js'
import { evaluatorEngine, moduleEngine, referenceEngine, type Decider } from '../vectors.js'
import { binding, example, exampleNames } from '../verify/examples.js'
import { commands } from './commands.js'
import { keepers } from './keepers.js'
import { lending } from './lending.js'
import { payments } from './payments.js'
import { trading } from './trading.js'
import type { Step, Steps } from './step.js'

const all: Steps = { ...payments, ...lending, ...trading, ...commands, ...keepers }

const operationOf = ({ calls, fees }: Step): Operation => ({
  callData: executeCalldata(calls),
  fees: {
    callGasLimit: 200_000n,
    verificationGasLimit: 300_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 100_000_000n,
    maxPriorityFeePerGas: 1_000_000n,
    paymasterAndData: '0x',
    ...fees,
  },
})

test('every example is used as its owner meant and tried by thieves', () => {
  expect(Object.keys(all).sort()).toEqual([...exampleNames].sort())
  for (const [name, steps] of Object.entries(all)) {
    const tried = steps.filter(({ because }) => because !== undefined).length
    expect({ name, meant: steps.length > tried, tried: tried >= 2 }).toEqual({ name, meant: true, tried: true })
  }
})

describe.each(Object.keys(all))('%s', (name) => {
  const policy = example(name)
  let deciders: readonly Decider[] = []
  beforeAll(async () => {
    deciders = await Promise.all(
      [evaluatorEngine, referenceEngine, moduleEngine].map((engine) => engine.open(policy, binding)),
    )
  })

  for (const step of all[name] ?? [])
    test(`the key ${step.because === undefined ? 'may' : 'may not'} ${step.does}`, async () => {
      const now = step.at === undefined ? policy.from + 3600 : Date.parse(`${step.at.replace(' ', 'T')}Z`) / 1000
      const [fast, defined, chain] = await Promise.all(deciders.map((decide) => decide(operationOf(step), now)))
      if (fast?.outcome === 'deny' && defined?.outcome === 'deny' && chain?.outcome === 'deny') {
        expect(fast.codes).toContain(step.because ?? 'nothing')
        expect(new Set(defined.codes)).toEqual(new Set(fast.codes))
        // The chain stops at the first reason.
        expect(fast.codes).toEqual(expect.arrayContaining([...chain.codes]))
      } else
        expect([fast?.outcome, defined?.outcome, chain?.outcome]).toEqual(
          Array(3).fill(step.because === undefined ? 'allow' : 'deny'),
        )
    })
})
