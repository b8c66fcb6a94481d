import { type AbiFunction, decodeFunctionData, parseAbiItem } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../src/policy/Condition.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { account, binding, callDataOf, key, start } from '../semantics/fixtures.js'
import { evaluatorEngine, moduleEngine, referenceEngine } from '../vectors.js'
import { corpus, type Transaction } from './corpus.js'
import { corruptions } from './corrupt.js'
import { readingsOf } from './readings.js'
import { parameterOf } from './typeOf.js'

const engines = [referenceEngine, evaluatorEngine, moduleEngine]
/** So many conditions stand in one rule; the rest is asked by further policies. */
const chunkSize = 100
const corruptionsEach = 10
const files = corpus()

describe.skipIf(files.length === 0)('real calldata is read as viem reads it, by all three readings', () => {
  test('there are 223 transactions', () => {
    expect(files.flatMap(([, transactions]) => transactions)).toHaveLength(223)
  })

  test.each(files)(
    '%s: every argument has its value, and no corrupted encoding is read',
    async (_, transactions) => {
      for (const [number, transaction] of transactions.entries()) await readAll(transaction, number)
    },
    240_000,
  )
})

async function readAll(transaction: Transaction, seed: number): Promise<void> {
  const item = parseAbiItem(transaction.function) as AbiFunction
  const { args = [] } = decodeFunctionData({ abi: [item], data: transaction.data })
  const inputs = item.inputs.map(parameterOf)
  const readings = readingsOf(inputs, args)
  const wrong = readings.length === 0 ? [] : corruptions(transaction.data, item, corruptionsEach, seed)
  if (item.inputs.length > 0) expect([transaction.id, wrong.length]).toEqual([transaction.id, corruptionsEach])

  for (const engine of engines) {
    const unread = new Set(wrong)
    for (let at = 0; at === 0 || at < readings.length; at += chunkSize) {
      const policy = policyOf(transaction, item.name, inputs, readings.slice(at, at + chunkSize))
      const decider = await engine.open(policy, binding)
      const decide = async (data: Hex) =>
        (
          await decider(
            { callData: callDataOf({ to: to(transaction), value: BigInt(transaction.value), data }) },
            start,
          )
        ).outcome
      expect([engine.name, transaction.id, await decide(transaction.data)]).toEqual([
        engine.name,
        transaction.id,
        'allow',
      ])
      for (const data of wrong) if ((await decide(data)) === 'deny') unread.delete(data)
    }
    expect([engine.name, transaction.id, ...unread]).toEqual([engine.name, transaction.id])
  }
}

const to = ({ to: target }: Transaction): Address => target.toLowerCase() as Address

function policyOf(
  transaction: Transaction,
  name: string,
  inputs: ReturnType<typeof parameterOf>[],
  where: readonly Condition[],
): Policy {
  return {
    chainId: 1,
    account,
    key,
    from: start,
    until: start + 86_400,
    fees: { paidBy: { kind: 'unlimited' }, where: [] },
    tokens: [],
    meters: [],
    rules: [
      {
        effect: 'allow',
        target: to(transaction),
        action: { kind: 'call', name, inputs },
        where,
        charges: [],
        unlimited: ['ETH'],
      },
    ],
  }
}
