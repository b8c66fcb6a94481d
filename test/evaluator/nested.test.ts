import { concatHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import { decide, initialState, load, witness, type Decision, type Denial } from '../../src/evaluator/index.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, DenyRule } from '../../src/policy/Rule.js'
import { decide as reference } from '../../src/semantics/decide.js'
import {
  account,
  alice,
  argument,
  binding,
  bob,
  callDataOf,
  compare,
  environment,
  number,
  payroll,
  start,
  transfer,
  transferRule,
  uint256,
  usdc,
} from '../semantics/fixtures.js'
import {
  calls,
  carrier,
  carryCalls,
  carryCommands,
  carryRecords,
  command,
  commands,
  multisend,
  pay,
  paying,
  payingInput,
  policyOf,
  record,
  router,
} from './nestedFixtures.js'
import { wrongBytes, wrongEncodings } from './wrongWords.js'

const DAY = 86_400

const decideOn = (policy: Policy, call: Call, now = start): Decision => {
  const session = load(encode(policy, binding))
  const state = initialState(session)
  const operation = { callData: callDataOf(call) }
  const decision = decide(session, state, operation, now)
  const expected = reference(policy, binding, state, operation, now)
  expect(decision.outcome).toBe(expected.outcome)
  if (decision.outcome === 'allow') expect(decision).toEqual(expected)
  return decision
}
const denialsOf = (policy: Policy, call: Call, now = start): readonly Denial[] => {
  const decision = decideOn(policy, call, now)
  return decision.outcome === 'deny' ? decision.denials : []
}
const outcomeOf = (policy: Policy, call: Call, now = start): string => decideOn(policy, call, now).outcome

const byCalls = policyOf(carrier(calls(pay)))
const byRecords = policyOf(carrier(multisend(pay, transferRule)))
const byCommands = policyOf(carrier(commands(command)))
const deny = (more: Partial<DenyRule>): DenyRule => ({
  effect: 'deny',
  target: router,
  action: pay.action,
  where: [],
  ...more,
})

describe('calls inside an argument', () => {
  test('are allowed where a nested rule holds for each, and are charged one after another', () => {
    const charged = { outcome: 'allow', rules: [0], charges: [{ meter: 1, amount: 12n }] }
    expect(decideOn(byCalls, carryCalls(paying(alice, 5n), paying(alice, 7n)))).toMatchObject(charged)
    expect(decideOn(byCommands, carryCommands('0x0808', payingInput(alice, 5n), payingInput(alice, 7n)))).toMatchObject(
      charged,
    )
    const records = [record({ to: router, value: 0n, data: paying(alice, 5n) }), record(transfer(bob, 7n))]
    expect(decideOn(byRecords, carryRecords(...records))).toMatchObject(charged)
  })

  test('may be none', () => {
    expect(outcomeOf(byCalls, carryCalls())).toBe('allow')
    expect(outcomeOf(byCommands, carryCommands('0x'))).toBe('allow')
    expect(outcomeOf(byRecords, carryRecords())).toBe('allow')
  })

  test('count together against one budget', () => {
    const half = paying(alice, 60_000_000n)
    expect(denialsOf(byCalls, carryCalls(half, half))).toEqual([
      {
        code: 'meter-exceeded',
        callIndex: 0,
        rule: 0,
        path: 'meter 1',
        expected: '<= 40000000',
        actual: '60000000',
        remaining: '40000000',
        retry: 'change-args',
      },
    ])
  })

  test('are denied with the place of the first that no rule allows, and with the reason inside', () => {
    const base = { code: 'nested-call-denied', callIndex: 0, rule: 0 }
    const told: readonly (readonly [Policy, Call, Partial<Denial>])[] = [
      [
        byCalls,
        carryCalls(paying(alice, 1n), paying(bob, 1n)),
        { path: 'data[1]', expected: `to == ${alice}`, actual: 'condition-failed', retry: 'change-args' },
      ],
      [byCalls, carryCalls('0x12345678'), { path: 'data[0]', actual: 'no-rule', retry: 'ask-owner' }],
      [
        byCalls,
        carryCalls(`${paying(alice, 1n)}00`),
        { path: 'data[0]', actual: 'malformed-operation', retry: 'change-args' },
      ],
      [
        byCommands,
        carryCommands('0x0808', payingInput(alice, 1n)),
        { path: 'commands', actual: 'malformed-operation', retry: 'change-args' },
      ],
      [
        byCommands,
        carryCommands('0x0809', payingInput(alice, 1n), payingInput(alice, 1n)),
        { path: 'commands[1]', actual: 'no-rule', retry: 'ask-owner' },
      ],
      [
        byRecords,
        carryRecords(record({ to: account, value: 0n, data: '0x' })),
        { path: 'transactions[0]', actual: 'forbidden-target', retry: 'change-args' },
      ],
      [
        byRecords,
        carryRecords(record({ ...transfer(alice, 1n), value: 1n })),
        { path: 'transactions[0]', expected: 'call.value 0', actual: 'value-not-allowed', retry: 'change-args' },
      ],
      [
        byRecords,
        carryRecords(record(transfer(alice, 1n), 1)),
        { path: 'transactions', actual: 'malformed-operation', retry: 'change-args' },
      ],
      [
        policyOf(carrier(calls({ ...pay, from: start + 60 }))),
        carryCalls(paying(alice, 1n)),
        { path: 'data[0]', actual: 'rule-not-yet-valid', retry: 'later', retryAt: start + 60 },
      ],
    ]
    for (const [policy, call, reason] of told) expect(denialsOf(policy, call)).toEqual([{ ...base, ...reason }])
  })

  test('are denied by every deny around them, and by none beside them', () => {
    const call = carryCalls(paying(alice, 6n))
    const large = deny({ where: [compare(argument(1, uint256), '>', number(5n))] })
    expect(denialsOf(policyOf(carrier(calls(pay)), large), call)).toMatchObject([
      { code: 'nested-call-denied', actual: 'denied-by-rule' },
    ])
    expect(outcomeOf(policyOf(carrier(calls(pay, large))), call)).toBe('deny')
    expect(outcomeOf(policyOf(carrier(calls(pay), { nested: [calls(pay), calls(pay, large)] })), call)).toBe('deny')
    expect(outcomeOf(policyOf(carrier(calls(pay)), pay, large), call)).toBe('deny')
    expect(outcomeOf(policyOf(carrier(calls(pay)), deny({ target: usdc })), call)).toBe('allow')
    expect(outcomeOf(policyOf(carrier(calls(pay)), carrier(calls(pay, large), { until: start + 1 })), call)).toBe(
      'allow',
    )
    expect(outcomeOf(policyOf(carrier(calls(pay), { from: start + 1 }), carrier(calls(pay, large))), call)).toBe('deny')
    // A deny outside cannot be overridden deeper, where the function is carried by another one.
    const deep = carryCalls(carryCalls(paying(alice, 6n)).data)
    const twice = carrier(calls(carrier(calls(pay))))
    expect(outcomeOf(policyOf(twice), deep)).toBe('allow')
    expect(outcomeOf(policyOf(twice, large), deep)).toBe('deny')
    expect(outcomeOf(policyOf(carrier(calls(carrier(calls(pay)), large))), deep)).toBe('deny')
  })

  test('tell commands and functions apart, though their selectors are the same bytes', () => {
    const any = deny({ action: { kind: 'any' } })
    const byte8 = deny({ action: command.action })
    const byte9 = deny({ action: { kind: 'command', command: 9, inputs: [] } })
    const call = carryCommands('0x08', payingInput(alice, 1n))
    expect(outcomeOf(policyOf(carrier(commands(command, byte9))), call)).toBe('allow')
    expect(outcomeOf(policyOf(carrier(commands(command, byte8))), call)).toBe('deny')
    expect(outcomeOf(policyOf(carrier(commands(command)), any), call)).toBe('deny')
  })

  test('have the value of the call around, that of a record its own', () => {
    const sees = (value: bigint): AllowRule => ({
      ...pay,
      where: [compare(environment('call.value'), '==', number(value))],
    })
    const free = { unlimited: ['ETH'] } as const
    const five = { ...carryCalls(paying(alice, 1n)), value: 5n }
    expect(outcomeOf(policyOf(carrier(calls(sees(5n)), free)), five)).toBe('allow')
    expect(outcomeOf(policyOf(carrier(calls(sees(0n)), free)), five)).toBe('deny')
    const two = record({ to: router, value: 2n, data: paying(alice, 1n) })
    const carried = { ...carryRecords(two), value: 5n }
    expect(outcomeOf(policyOf(carrier(multisend({ ...sees(2n), ...free }), free)), carried)).toBe('allow')
    expect(outcomeOf(policyOf(carrier(multisend({ ...sees(5n), ...free }), free)), carried)).toBe('deny')
    expect(outcomeOf(policyOf(carrier(multisend(sees(2n)), free)), carried)).toBe('deny')
  })

  test('bound the interval by the rules that are used, and by none that was only tried', () => {
    const tried: AllowRule = { ...pay, until: start + 50, where: [{ kind: 'false' }] }
    const decision = decideOn(
      policyOf(carrier(calls(tried, { ...pay, until: start + 70 }))),
      carryCalls(paying(alice, 1n)),
    )
    expect(decision).toMatchObject({ validFrom: start, validUntil: start + 70 })
    expect(decideOn(policyOf(carrier(calls(pay))), carryCalls())).toMatchObject({ validUntil: payroll.until })
    expect(decideOn(byCalls, carryCalls(paying(alice, 1n)))).toMatchObject({ validUntil: start + DAY })
  })

  test('leave no charge of a nested rule that was tried before one that holds', () => {
    const both: Policy = {
      ...policyOf(
        carrier(
          calls(
            {
              ...pay,
              charges: [
                {
                  kind: 'meter',
                  meter: 1,
                  amount: [{ negative: false, scales: [], factors: [number(1n)] }],
                  assetChecked: true,
                },
              ],
              where: [compare(argument(1, uint256), '<', number(5n))],
            },
            {
              ...pay,
              charges: [
                {
                  kind: 'meter',
                  meter: 2,
                  amount: [{ negative: false, scales: [], factors: [argument(1, uint256)] }],
                  assetChecked: true,
                },
              ],
            },
          ),
        ),
      ),
      meters: [...payroll.meters, { counts: usdc, limit: 9n, window: { kind: 'total' } }],
    }
    expect(decideOn(both, carryCalls(paying(alice, 7n), paying(alice, 2n)))).toMatchObject({
      charges: [
        { meter: 1, amount: 1n },
        { meter: 2, amount: 7n },
      ],
    })
  })
})

test.each<readonly [string, Policy, Call]>([
  ['calls', byCalls, carryCalls(paying(alice, 5n), paying(alice, 7n))],
  [
    'calls in calls',
    policyOf(carrier(calls(carrier(calls(pay)), pay))),
    carryCalls(paying(alice, 1n), carryCalls(paying(alice, 5n)).data),
  ],
  ['commands', byCommands, carryCommands('0x0808', payingInput(alice, 5n), payingInput(alice, 7n))],
  [
    'a multisend',
    byRecords,
    carryRecords(record(transfer(alice, 5n)), record({ to: router, value: 0n, data: paying(alice, 7n) })),
  ],
  [
    'the count of a multisend',
    policyOf(
      carrier(multisend(transferRule), {
        where: [
          compare(
            {
              kind: 'length',
              of: {
                kind: 'multisend',
                bytes: { place: { kind: 'argument', path: [{ kind: 'component', index: 0 }] } },
              },
            },
            '==',
            number(1n),
          ),
        ],
      }),
    ),
    carryRecords(record(transfer(alice, 5n))),
  ],
])('%s, encoded wrongly anywhere, are what the definition says of them', (_, policy, call) => {
  const session = load(encode(policy, binding))
  const state = initialState(session)
  const selector = call.data.slice(0, 10)
  const encoded: Hex = `0x${call.data.slice(10)}`
  const outcomes = [...wrongEncodings(encoded), ...wrongBytes(encoded)].map((encoding) => {
    const operation = { callData: callDataOf({ ...call, data: concatHex([selector as Hex, encoding]) }) }
    const decision = decide(session, state, operation, start)
    const expected = reference(policy, binding, state, operation, start)
    expect(decision.outcome, encoding).toBe(expected.outcome)
    if (decision.outcome === 'allow') expect(decision).toEqual(expected)
    return decision.outcome
  })
  expect(outcomes[0]).toBe('allow')
  expect(outcomes.filter((outcome) => outcome === 'deny').length).toBeGreaterThan(outcomes.length / 4)
})

test('the records of a multisend are counted where they fill the bytes exactly, whatever stands behind these', () => {
  const place = { kind: 'argument', path: [{ kind: 'component', index: 0 }] } as const
  const count = { kind: 'length', of: { kind: 'multisend', bytes: { place } } } as const
  const session = (most: bigint) => {
    const { effect, target, action, charges, unlimited } = carrier(multisend(pay))
    const rule: AllowRule = { effect, target, action, where: [compare(count, '<=', number(most))], charges, unlimited }
    return load(encode(policyOf(rule, pay), binding))
  }
  const [none, two] = [session(0n), session(2n)]
  const outcome = (of: typeof none, records: Hex, behind: number): string => {
    const callData = callDataOf(carryRecords(records))
    return decide(of, initialState(of), { callData: `${callData}${'00'.repeat(behind)}` }, start).outcome
  }
  const empty = record({ to: router, value: 0n, data: '0x' })
  const whole = concatHex([empty, record({ to: router, value: 0n, data: '0x000000' })])
  for (let length = 0; length <= whole.length / 2 - 1; length++) {
    const cut = whole.slice(0, 2 + 2 * length) as Hex
    const ends = [0, empty.length / 2 - 1, whole.length / 2 - 1].includes(length)
    // One byte of a record that is not there: what stands behind must not be taken for the rest of it.
    const behinds =
      length === 1 || length === empty.length / 2 ? Array.from({ length: 96 }, (_, index) => index) : [0, 92]
    for (const behind of behinds) {
      expect(outcome(two, cut, behind), cut).toBe(ends ? 'allow' : 'deny')
      expect(outcome(none, cut, behind), cut).toBe(length === 0 ? 'allow' : 'deny')
    }
  }
})

describe('the leaf of a rule with nested calls', () => {
  test('holds what docs/format.md draws: the block’s form and place, the count of leaves, each with its length', () => {
    const policy: Policy = {
      ...policyOf(
        carrier(commands({ ...command, where: [], charges: [] })),
        deny({ action: { kind: 'any' }, until: start + 5 }),
      ),
      meters: payroll.meters.slice(0, 1),
      tokens: [],
    }
    const session = load(encode(policy, binding))
    const clause = '08' + (start + 5).toString(16).padStart(10, '0') + '00'
    const place = '00' + '01' + '00'
    const inner = '80' + router.slice(2) + '00000008' + '02' + '00' + '00' + '01' + clause
    const leaf =
      '60' +
      router.slice(2) +
      '24856bc3' +
      '02' +
      '04' +
      '02' +
      '02' +
      '0302' +
      '00' +
      ('00' + '01' + clause) +
      ('01' + '02' + place + '0000' + '00' + place + '0001') +
      ('0001' + (inner.length / 2).toString(16).padStart(4, '0') + inner)
    expect(leavesOf(encode(policy, binding))).toEqual([`0x${leaf}`])
    expect(witness(session, { time: start, rules: [0] })).toContain(leaf)
  })
})
