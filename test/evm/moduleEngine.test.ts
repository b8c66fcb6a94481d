import * as fc from 'fast-check'
import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load, witness } from '../../src/evaluator/index.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import { createModuleEngine, moduleDecide } from '../../src/evm/moduleEngine.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Operation } from '../../src/policy/Operation.js'
import { bindings } from '../arbitraries/binding.js'
import { stepsFor } from '../arbitraries/operation.js'
import { policies } from '../arbitraries/policy.js'
import { SIZE } from '../arbitraries/Source.js'
import { ALICE, BOB, USDC } from '../contracts/harness/actors.js'
import { binding, DAY, FROM, transferPolicy, UNTIL } from '../contracts/harness/policies.js'

const fees = {
  callGasLimit: 100_000n,
  verificationGasLimit: 100_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 1_000_000_000n,
  maxPriorityFeePerGas: 1n,
  paymasterAndData: '0x',
} as const

function transfer(amount: bigint, to: Hex = ALICE): Operation {
  const abi = parseAbi(['function transfer(address to, uint256 amount)'])
  return {
    callData: executeCalldata([{ to: USDC, value: 0n, data: encodeFunctionData({ abi, args: [to, amount] }) }]),
    fees,
  }
}

const codes = ({ denials }: { denials: readonly { code: string }[] }) => denials.map(({ code }) => code)

describe.each([
  { through: 'the account', direct: false },
  { through: 'the module alone', direct: true },
])('the module engine, through $through', ({ direct }) => {
  const open = () => createModuleEngine(transferPolicy, binding, { direct })

  it('allows with the interval that the chain returns, and charges', async () => {
    const engine = await open()
    for (const signer of ['key', 'dummy'] as const) {
      const answer = await moduleDecide(engine, transfer(40_000_000n), FROM + DAY + 5, signer)
      const interval = { validFrom: FROM + DAY, validUntil: FROM + 2 * DAY }
      expect(answer).toMatchObject({ outcome: 'allow', ...interval, rules: [0], dummySignature: signer === 'dummy' })
    }
    const meters = [
      { window: 1, spent: 2n * 250_000n * 1_000_000_000n },
      { window: 1, spent: 80_000_000n },
    ]
    expect(await engine.state()).toEqual({ status: 'active', meters })
  })

  it('denies with the reason of the chain, and changes nothing', async () => {
    const engine = await open()
    const before = await engine.state()
    expect(codes(await moduleDecide(engine, transfer(100_000_001n), FROM))).toEqual(['meter-exceeded'])
    expect(codes(await moduleDecide(engine, transfer(1n, BOB), FROM))).toEqual(['condition-failed'])
    expect(codes(await moduleDecide(engine, transfer(1n), FROM - 1))).toEqual(['not-yet-valid'])
    expect(codes(await moduleDecide(engine, transfer(1n), UNTIL))).toEqual(['expired'])
    expect(await engine.state()).toEqual(before)
  })

  it("takes no other signature for the key's, and then charges nothing", async () => {
    const engine = await open()
    const before = await engine.state()
    const text = witness(engine.session, { time: FROM, rules: [0] })
    const answer = await engine.validate(transfer(1n), text, `0x${'11'.repeat(64)}1b`, FROM)
    expect(answer).toMatchObject({ outcome: 'deny', reason: 'signature' })
    expect(await engine.state()).toEqual(before)
  })

  it('denies outside the interval that belongs to the claimed time', async () => {
    const engine = await open()
    const text = witness(engine.session, { time: FROM, rules: [0] })
    for (const time of [FROM - 1, FROM + DAY])
      expect(await engine.validate(transfer(1n), text, 'key', time)).toMatchObject({
        outcome: 'deny',
        reason: 'interval',
      })
    expect(await engine.validate(transfer(1n), text, 'key', FROM + DAY - 1)).toMatchObject({ outcome: 'allow' })
  })

  it('decides the runtime path by the sender and the time of the block', async () => {
    const engine = await open()
    const { callData } = transfer(1n)
    expect(await moduleDecide(engine, { callData }, FROM + 7)).toMatchObject({ outcome: 'allow' })
    expect(codes(await moduleDecide(engine, { callData }, UNTIL))).toEqual(['expired'])
    const text = witness(engine.session, { time: 0, rules: [0] })
    expect(await engine.validateRuntime({ callData }, text, FROM, BOB)).toMatchObject({ error: { name: 'NotTheKey' } })
  })

  it('denies what cannot be sent at all', async () => {
    const engine = await open()
    const wide = { ...transfer(1n), fees: { ...fees, callGasLimit: 2n ** 128n } }
    expect(codes(await moduleDecide(engine, wide, FROM))).toEqual(['malformed-operation'])
    expect(codes(await moduleDecide(engine, { callData: '0xb61d27f', fees }, FROM))).toEqual(['malformed-operation'])
    expect(codes(await moduleDecide(engine, transfer(1n), Number.NaN))).toEqual(['not-yet-valid'])
    expect(codes(await moduleDecide(engine, transfer(1n), Infinity))).toEqual(['expired'])
  })

  it('goes back to a snapshot', async () => {
    const engine = await open()
    const before = await engine.snapshot()
    for (let round = 0; round < 2; round++) {
      expect(await moduleDecide(engine, transfer(100_000_000n), FROM)).toMatchObject({ outcome: 'allow' })
      expect(codes(await moduleDecide(engine, transfer(1n), FROM))).toEqual(['meter-exceeded'])
      await engine.restore(before)
    }
  })

  it('grants under the kill tag that the binding names', async () => {
    const engine = await createModuleEngine(transferPolicy, { ...binding, tag: '0x00c0ffee0001' }, { direct })
    expect(await moduleDecide(engine, transfer(1n), FROM)).toMatchObject({ outcome: 'allow' })
  })

  it('runs other bytecode where it is given', async () => {
    const { deployedBytecode } = contractArtifact('WritModule')
    const honest = await createModuleEngine(transferPolicy, binding, { direct, moduleCode: deployedBytecode })
    expect(await moduleDecide(honest, transfer(1n), FROM)).toMatchObject({ outcome: 'allow' })
    // STOP: everything succeeds and nothing is answered.
    await honest.evm.setCode(binding.module, '0x00')
    expect(await moduleDecide(honest, transfer(1n), FROM)).toMatchObject({ outcome: 'deny' })
  })
})

it('names every rule that a session key could name, because it may name any', async () => {
  // Rules that can match the same call and charge different meters are refused by the checker; were they not, the key would choose.
  const [rule] = transferPolicy.rules
  if (rule?.effect !== 'allow') throw new Error('the policy has one rule, which allows')
  const wider = { ...rule, charges: rule.charges.map((charge) => ({ ...charge, meter: 2 })) }
  const [fee, daily] = transferPolicy.meters
  if (!fee || !daily) throw new Error('the policy has two meters')
  const policy = { ...transferPolicy, meters: [fee, daily, { ...daily, limit: 10n ** 12n }], rules: [rule, wider] }
  const engine = await createModuleEngine(policy, binding, { direct: true })
  expect(await moduleDecide(engine, transfer(100_000_000n), FROM)).toMatchObject({ outcome: 'allow', rules: [0] })
  expect(await moduleDecide(engine, transfer(1n), FROM)).toMatchObject({ outcome: 'allow', rules: [1] })
})

it('meters are read back as they were written, whatever their width', async () => {
  await fc.assert(
    fc.asyncProperty(
      policies(),
      bindings(),
      fc.infiniteStream(fc.bigInt({ min: 0n, max: 2n ** 226n - 1n })),
      async (policy, bound, numbers) => {
        const engine = await createModuleEngine(policy, bound, { direct: true })
        const meters = policy.meters.map(({ limit, window: { kind } }) => {
          // What a rolling meter remembers is nine amounts, whose sum the limit bounds.
          const parts = kind === 'rolling' ? 9n : 1n
          const amount = () => numbers.next().value % (limit / parts + 1n)
          const meter = { window: Number(numbers.next().value % 2n ** 30n), spent: amount() }
          return kind === 'rolling' ? { ...meter, past: Array.from({ length: 8 }, amount) } : meter
        })
        await engine.setMeters(meters)
        expect(await engine.state()).toEqual({ status: 'active', meters })
      },
    ),
    { numRuns: 40, endOnFailure: true },
  )
})

it('chain and evaluator decide alike, charge alike and give the same interval', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .tuple(policies(SIZE.medium), bindings())
        .chain(([policy, bound]) => fc.tuple(fc.constant(policy), fc.constant(bound), stepsFor(policy, 6, bound))),
      async ([policy, bound, steps]) => {
        const engine = await createModuleEngine(policy, bound, { direct: true })
        const session = load(encode(policy, bound))
        let state = initialState(session)
        for (const { operation, now } of steps) {
          const expected = decide(session, state, operation, now)
          const answer = await moduleDecide(engine, operation, now)
          if (expected.outcome === 'allow') state = expected.state
          expect(answer.outcome).toBe(expected.outcome)
          expect(await engine.state()).toEqual(state)
          if (answer.outcome === 'allow' && expected.outcome === 'allow' && operation.fees)
            expect([answer.validFrom, answer.validUntil]).toEqual([expected.validFrom, expected.validUntil])
        }
      },
    ),
    { numRuns: 40, endOnFailure: true },
  )
})
