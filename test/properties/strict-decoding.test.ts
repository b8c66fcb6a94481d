import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AbiType, Parameter, ValueType } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Argument, PathStep } from '../../src/policy/Operand.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule } from '../../src/policy/Rule.js'
import { callsOf } from '../../src/semantics/callsOf.js'
import { decide } from '../../src/semantics/decide.js'
import { wordValue } from '../../src/semantics/Raw.js'
import { readArgument } from '../../src/semantics/readPlace.js'
import { buildParameters } from '../arbitraries/abiType.js'
import { corrupt } from '../arbitraries/corrupt.js'
import { assign } from '../arbitraries/assign.js'
import { draftedCall, draftOf } from '../arbitraries/draft.js'
import { encodeCalls } from '../arbitraries/operation.js'
import { readablesOf } from '../arbitraries/readables.js'
import { arbitrary, type Source } from '../arbitraries/Source.js'
import { buildValue, rangeOf, wordOf } from '../arbitraries/value.js'
import {
  alice,
  argumentPlace,
  binding,
  bob,
  callDataOf,
  callOf,
  compare,
  fresh,
  multiSend,
  multisendOf,
  number,
  payroll,
  recordOf,
  transfer,
  transferRule,
  usdc,
} from '../semantics/fixtures.js'
import { endOfCanonical, isCanonical, strictLength, strictRead } from '../semantics/strictRead.js'
import { allowedSituations, decideIn } from './situation.js'

type Reading = {
  readonly inputs: readonly Parameter[]
  readonly argument: Argument
  readonly call: Call
  readonly harmed: Hex
}

/** A function, an argument of it, a canonical call in which that argument is in range, and the same call with up to two things wrong. */
const readings = arbitrary({ choices: 300, rules: 0, depth: 3 }, (source): Reading => {
  const { inputs, argument } = buildReadable(source)
  const draft = draftOf({
    policy: payroll,
    now: payroll.from,
    to: usdc,
    action: { kind: 'call', name: 'f', inputs },
    values: inputs.map(({ type }) => buildValue(source, type)),
  })
  const [least, most] = rangeOf(argument.type)
  assign(draft, argument, source.pick([most, least, 1n, 0n].filter((value) => value >= least && value <= most)))
  const call = draftedCall(draft)
  let harmed = call.data
  for (let times = source.below(3); times > 0; times--) harmed = corrupt(source, harmed)
  return { inputs, argument, call, harmed }
})

/** Parameters and a path to one of their words; more are drawn until there is one. */
function buildReadable(source: Source): { inputs: readonly Parameter[]; argument: Argument } {
  const last: Parameter = { name: 'last', type: { kind: 'uint', bits: 256 } }
  const inputs = [...buildParameters(source, 3, 1), last]
  const index = source.below(inputs.length)
  const path: PathStep[] = [{ kind: 'component', index }]
  let type: AbiType = inputs[index]?.type ?? last.type
  for (;;) {
    if (type.kind === 'tuple' && type.components.length > 0) {
      const component = source.below(type.components.length)
      path.push({ kind: 'component', index: component })
      type = type.components[component]?.type ?? last.type
    } else if (type.kind === 'array') {
      const dynamic = type.length === undefined
      path.push(
        dynamic && source.chance(30) ? { kind: 'last' } : { kind: 'element', index: source.below(type.length ?? 3) },
      )
      type = type.element
    } else break
  }
  if (isValue(type)) return { inputs, argument: { kind: 'argument', path, type } }
  return {
    inputs,
    argument: {
      kind: 'argument',
      path: [{ kind: 'component', index: inputs.length - 1 }],
      type: { kind: 'uint', bits: 256 },
    },
  }
}

const isValue = (type: AbiType): type is ValueType => !['bytes', 'string', 'array', 'tuple'].includes(type.kind)

const inRange = (word: bigint, type: ValueType): boolean => {
  const [least, most] = rangeOf(type)
  const value =
    type.kind === 'int'
      ? BigInt.asIntN(256, word)
      : type.kind === 'fixedBytes'
        ? word >> BigInt(256 - 8 * type.size)
        : word
  return value >= least && value <= most && wordOf(value, type) === word
}

const readWord = (data: Hex, inputs: readonly Parameter[], { path, type }: Argument): bigint | undefined =>
  wordValue(readArgument(data.slice(10), inputs, path), type)

test('an argument is read exactly where a strict reader by hand reads it, whatever is wrong with the calldata', () => {
  let read = 0
  let refused = 0
  fc.assert(
    fc.property(readings, ({ inputs, argument, harmed }) => {
      const value = readWord(harmed, inputs, argument)
      const word = strictRead(harmed, inputs, argument.path)
      if (word === undefined || !inRange(word, argument.type)) {
        refused += 1
        expect(value).toBeUndefined()
      } else {
        read += 1
        expect(value).not.toBeUndefined()
        expect(wordOf(value ?? -1n, argument.type)).toBe(word)
      }
    }),
    { numRuns: 3000 },
  )
  expect(read).toBeGreaterThan(200)
  expect(refused).toBeGreaterThan(200)
})

test('what a condition does not see canonically it does not allow, and bytes after the arguments change nothing', () => {
  fc.assert(
    fc.property(readings, ({ inputs, argument, call, harmed }) => {
      const expected = readWord(call.data, inputs, argument)
      fc.pre(expected !== undefined)
      const rule: AllowRule = {
        effect: 'allow',
        target: usdc,
        action: { kind: 'call', name: 'f', inputs },
        where: [compare(argument, '==', number(expected))],
        charges: [],
        unlimited: [],
      }
      const policy = { ...payroll, rules: [rule] }
      const outcome = (data: Hex) =>
        decide(policy, binding, fresh(policy), { callData: callDataOf({ ...call, data }) }, policy.from).outcome
      expect(outcome(call.data)).toBe('allow')
      expect(outcome(`${call.data}deadbeef`)).toBe('allow')
      expect(
        outcome(
          call.data.slice(0, 10 + 64 * (argument.path[0]?.kind === 'component' ? argument.path[0].index : 0)) as Hex,
        ),
      ).toBe('deny')
      if (harmed.slice(0, 10) !== call.data.slice(0, 10)) return
      const word = strictRead(harmed, inputs, argument.path)
      expect(outcome(harmed)).toBe(word === wordOf(expected, argument.type) ? 'allow' : 'deny')
    }),
    { numRuns: 1000 },
  )
})

const callTypes: readonly AbiType[] = [{ kind: 'address' }, { kind: 'uint', bits: 256 }, { kind: 'bytes' }]
const batchTypes: readonly AbiType[] = [
  { kind: 'array', element: { kind: 'tuple', components: callTypes.map((type) => ({ name: '', type })) } },
]

test('the outer calldata stands for calls only if a strict reader by hand finds it canonical', () => {
  const outer = arbitrary({ choices: 200, rules: 0, depth: 0 }, (source) => {
    const calls = source.many(0, 3, () => ({
      to: usdc,
      value: source.bits(256),
      data: `0x${'ab'.repeat(source.pick([0, 1, 4, 32, 36, 68]))}` as Hex,
    }))
    let callData = encodeCalls(calls, source.chance(30))
    for (let times = source.below(3); times > 0; times--) callData = corrupt(source, callData)
    return callData
  })
  let refused = 0
  fc.assert(
    fc.property(outer, fc.boolean(), (callData, prefixed) => {
      const body = callData.slice(10)
      const batch = callData.startsWith('0x34fcd5be')
      const types = batch ? batchTypes : callTypes
      const calls = callsOf(prefixed ? `0x8dd7712f${callData.slice(2)}` : callData)
      if (!isCanonical(body, types) || (batch && BigInt(`0x${body.slice(64, 128)}`) === 0n) || callData.length < 10) {
        refused += 1
        expect(calls).toBeUndefined()
        return
      }
      const count = batch ? Number(BigInt(`0x${body.slice(64, 128)}`)) : 1
      const words = [...Array(count).keys()].map((index) => {
        const read = (component: number) =>
          batch
            ? strictRead(
                callData,
                [{ name: '', type: batchTypes[0] ?? { kind: 'bool' } }],
                [
                  { kind: 'component', index: 0 },
                  { kind: 'element', index },
                  { kind: 'component', index: component },
                ],
              )
            : strictRead(
                callData,
                callTypes.map((type) => ({ name: '', type })),
                [{ kind: 'component', index: component }],
              )
        return { to: read(0), value: read(1) }
      })
      if (words.some(({ to }) => to === undefined || to >= 2n ** 160n)) expect(calls).toBeUndefined()
      else expect(calls?.map(({ to, value }) => ({ to: BigInt(to), value }))).toEqual(words)
    }),
    { numRuns: 1500 },
  )
  expect(refused).toBeGreaterThan(200)
})

test('bytes after the outer calldata and the one executeUserOp prefix change nothing', () => {
  fc.assert(
    fc.property(allowedSituations(), (situation) => {
      const { operation, allowed } = situation
      const bare = operation.callData.startsWith('0x8dd7712f')
        ? (`0x${operation.callData.slice(10)}` as Hex)
        : operation.callData
      const once = `0x8dd7712f${bare.slice(2)}` as Hex
      for (const callData of [bare, once, `${bare}00`, `${once}${'ff'.repeat(40)}`] as Hex[])
        expect(decideIn({ ...situation, operation: { ...operation, callData } })).toEqual(allowed)
      const twice: Hex = `0x8dd7712f${once.slice(2)}`
      expect(decideIn({ ...situation, operation: { ...operation, callData: twice } }).outcome).toBe('deny')
    }),
    { numRuns: 100 },
  )
})

test('a list and a byte string are read exactly where a strict reader by hand finds them, and are as long as it says', () => {
  let read = 0
  let refused = 0
  const places = arbitrary({ choices: 300, rules: 0, depth: 3 }, (source) => {
    const inputs = [...buildParameters(source, 3, 1), { name: 'list', type: source.pick(LISTS) }]
    const { lists, bytes } = readablesOf(inputs)
    const all = [...lists.flatMap(({ place, type }) => (type.length === undefined ? [place] : [])), ...bytes]
    const values = inputs.map(({ type }) => buildValue(source, type))
    const action = { kind: 'call', name: 'f', inputs } as const
    let { data } = draftedCall(draftOf({ policy: payroll, now: payroll.from, to: usdc, action, values }))
    for (let times = source.below(3); times > 0; times--) data = corrupt(source, data)
    return { inputs, path: source.pick(all).path, data }
  })
  fc.assert(
    fc.property(places, ({ inputs, path, data }) => {
      const value = readArgument(data.slice(10), inputs, path)
      const length = strictLength(data, inputs, path)
      if (length === undefined) refused += 1
      else read += 1
      const found = value === undefined ? undefined : typeof value === 'string' ? value.length / 2 - 1 : value.length
      expect(found).toBe(length === undefined ? undefined : Number(length))
    }),
    { numRuns: 800 },
  )
  expect(read).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(100)
})

const LISTS: readonly AbiType[] = [
  { kind: 'bytes' },
  { kind: 'array', element: { kind: 'uint', bits: 256 } },
  { kind: 'array', element: { kind: 'bytes' } },
]

test('inside a call nothing may stand behind the arguments, nothing may be missing, and nothing be elsewhere than it should', () => {
  const block = (rule: AllowRule): AllowRule => ({
    ...rule,
    action: multiSend,
    where: [],
    nested: [{ form: 'multisend', list: { place: argumentPlace(0) }, rules: [rule] }],
  })
  let same = 0
  let other = 0
  fc.assert(
    fc.property(readings, ({ inputs, call, harmed }) => {
      const rule: AllowRule = {
        effect: 'allow',
        target: usdc,
        action: { kind: 'call', name: 'f', inputs },
        where: [],
        charges: [],
        unlimited: [],
      }
      const outcome = (data: Hex, rules: readonly AllowRule[], inside: boolean) => {
        const policy = { ...payroll, rules }
        const made = inside ? multisendOf(usdc, { ...call, data }) : { ...call, data }
        return decide(policy, binding, fresh(policy), { callData: callDataOf(made) }, policy.from).outcome
      }
      expect(outcome(call.data, [block(rule)], true)).toBe('allow')
      expect(outcome(`${call.data}00`, [rule], false)).toBe('allow')
      expect(outcome(`${call.data}00`, [block(rule)], true)).toBe('deny')
      expect(outcome(call.data.slice(0, -2) as Hex, [block(rule)], true)).toBe('deny')
      if (harmed.slice(0, 10) !== call.data.slice(0, 10)) return
      // Exactly canonical: canonical, and no longer than what a strict reader goes through.
      const types = inputs.map(({ type }) => type)
      const exact = endOfCanonical(harmed.slice(10), types) === harmed.slice(10).length / 64
      if (exact) same += 1
      else other += 1
      expect(outcome(harmed, [block(rule)], true)).toBe(exact ? 'allow' : 'deny')
    }),
    { numRuns: 500 },
  )
  expect(same).toBeGreaterThan(50)
  expect(other).toBeGreaterThan(50)
})

test('records fill a multisend exactly and are calls, and commands have one input each, or nothing is allowed', () => {
  const carrying = (nested: Nested, action: FunctionAction): Policy => ({
    ...payroll,
    rules: [{ ...transferRule, target: bob, action, where: [], charges: [], nested: [nested] }],
  })
  const outcome = (policy: Policy, call: Call) => {
    const decision = decide(policy, binding, fresh(policy), { callData: callDataOf(call) }, policy.from)
    return decision.outcome === 'allow'
      ? 'allow'
      : decision.denials.map(({ code, actual }) => `${code} ${actual}`).join()
  }
  const unreadable = 'nested-call-denied undefined'
  const records = carrying({ form: 'multisend', list: { place: argumentPlace(0) }, rules: [transferRule] }, multiSend)
  const packed = (data: string) => outcome(records, callOf(bob, 'multiSend', [{ type: 'bytes' }], [`0x${data}`]))
  const record = recordOf(transfer(alice, 1n))
  expect([packed(''), packed(record), packed(record + record)]).toEqual(['allow', 'allow', 'allow'])
  for (const data of [
    `${record}00`,
    record.slice(0, -2),
    recordOf(transfer(alice, 1n), 1),
    '00',
    `${record}${record.slice(0, 168)}`,
  ])
    expect(packed(data)).toBe(unreadable)
  const long = `${record.slice(0, 106)}${'f'.repeat(64)}${record.slice(170)}`
  expect(packed(long)).toBe(unreadable)

  const command = {
    ...transferRule,
    target: bob,
    action: {
      kind: 'command',
      command: 8,
      inputs: transferRule.action.kind === 'call' ? transferRule.action.inputs : [],
    },
  } as const
  const router = carrying(
    { form: 'commands', list: { place: argumentPlace(0) }, inputs: argumentPlace(1), rules: [command] },
    {
      kind: 'call',
      name: 'execute',
      inputs: [
        { name: 'c', type: { kind: 'bytes' } },
        { name: 'i', type: { kind: 'array', element: { kind: 'bytes' } } },
      ],
    },
  )
  const input: Hex = `0x${transfer(alice, 1n).data.slice(10)}`
  const run = (commands: Hex, ...inputs: Hex[]) =>
    outcome(router, callOf(bob, 'execute', [{ type: 'bytes' }, { type: 'bytes[]' }], [commands, inputs]))
  expect([run('0x'), run('0x08', input), run('0x0808', input, input)]).toEqual(['allow', 'allow', 'allow'])
  expect([run('0x08'), run('0x', input), run('0x0808', input)]).toEqual([unreadable, unreadable, unreadable])
  expect(run('0x88', input)).toBe('nested-call-denied no-rule')
  expect(run('0x08', `${input}00`)).toBe('nested-call-denied malformed-operation')
  expect(run('0x08', transfer(alice, 1n).data)).toBe('nested-call-denied malformed-operation')
})
