import type { Policy } from '../../../src/policy/Policy.js'

/** Words of a policy that say what kind of thing something is, in groups of those that may stand for each other. */
const KINDS: readonly (readonly string[])[] = [
  ['==', '!=', '<', '<=', '>', '>=', 'starts with', 'does not start with'],
  ['and', 'or'],
  ['every', 'any'],
  ['true', 'false'],
  ['at most', 'at least'],
  ['at', 'sold at'],
  ['period', 'rolling'],
  ['element', 'component', 'last'],
  ['argument', 'element'],
  ['uint', 'int'],
  ['address', 'bool'],
  ['bytes', 'string', 'address'],
  ['calls', 'multisend', 'commands'],
  [
    'call.value',
    'op.callGasLimit',
    'op.verificationGasLimit',
    'op.preVerificationGas',
    'op.maxFeePerGas',
    'op.maxPriorityFeePerGas',
  ],
  ['session.account', 'session.key'],
  ['number', 'amount'],
  ['bytes', 'address'],
  ['allow', 'deny'],
  ['any', 'send'],
  ['ETH', 'calls'],
  ['budget', 'budget or sponsored', 'sponsored', 'unlimited'],
  ['base units'],
]

type Json = unknown

/** The policy with one number, text, word or member of a list changed, left out, doubled or exchanged; mostly none that can be encoded. */
export function* oneThingChanged(policy: Policy): Generator<Policy> {
  for (const changed of changesOf(policy)) yield changed as Policy
}

function* changesOf(value: Json): Generator<Json> {
  if (typeof value === 'bigint') {
    for (const other of [value + 1n, value - 1n, -value, value * 10n, value / 10n]) if (other !== value) yield other
  } else if (typeof value === 'number') {
    for (const other of [value + 1, value - 1, -value, value + 20, value * 2, value + 300])
      if (other !== value) yield other
  } else if (typeof value === 'boolean') {
    yield !value
  } else if (typeof value === 'string') {
    yield* textsLike(value)
  } else if (Array.isArray(value)) {
    yield* listsLike(value)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      for (const other of changesOf(member)) yield { ...value, [key]: other }
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    }
  }
}

function* textsLike(value: string): Generator<string> {
  for (const group of KINDS) if (group.includes(value)) for (const other of group) if (other !== value) yield other
  if (/^0x([0-9a-f]{2})*$/.test(value)) {
    if (value.length > 2) {
      yield value.slice(0, -1) + (value.endsWith('0') ? '1' : '0')
      yield `0x${value[2] === '0' ? '1' : '0'}${value.slice(3)}`
      yield value.slice(0, -2)
    }
    yield `${value}00`
    yield `${value}41`
  } else if (/^\w+$/.test(value)) {
    yield `${value}a`
    yield value.slice(0, -1)
  }
}

function* listsLike(value: readonly Json[]): Generator<readonly Json[]> {
  for (const [index, member] of value.entries()) {
    for (const other of changesOf(member)) yield value.with(index, other)
    yield value.toSpliced(index, 1)
    yield value.toSpliced(index, 0, member)
    if (index + 1 < value.length) yield value.toSpliced(index, 2, value[index + 1], member)
  }
}
