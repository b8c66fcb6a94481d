import type { Address } from '../../policy/Hex.js'
import type { Case } from '../Attempt.js'
import { bytesOf, flipped, hexOf, joined, numberBytes, patched } from '../bytes.js'
import { build } from '../build.js'
import { encodeValue } from '../calldata/encode.js'
import type { InnerCall } from '../calldata/InnerCall.js'
import { selectorOf } from '../calldata/signature.js'
import type { ArrayValue, BytesValue, Value } from '../calldata/Value.js'
import { arrayLength, bytesLength } from '../calldata/views.js'
import type { Choices } from '../Choices.js'
import type { Draft } from '../Draft.js'
import type { Reason } from '../reasons.js'
import { allowedBase, mutant } from './base.js'
import { ENTRY_POINTS } from './forbidden.js'
import type { Context, Kind } from './Kind.js'

/** Byte strings that hold calls, and arrays of them, anywhere in a value. */
function* holders(value: Value): Generator<BytesValue | ArrayValue> {
  if (value.kind === 'word') return
  if (value.kind === 'bytes') {
    if (value.holds === undefined) return
    yield value
    for (const { args } of value.holds.form === 'call' ? [value.holds.call] : recordsOf(value))
      if (args) yield* holders(args)
    return
  }
  if (value.kind === 'array' && value.elements.some((element) => element.kind === 'bytes' && element.holds)) yield value
  for (const part of value.kind === 'array' ? value.elements : value.components) yield* holders(part)
}

const recordsOf = ({ holds }: BytesValue): readonly InnerCall[] => (holds?.form === 'records' ? holds.records : [])

type Change = { readonly note: string; readonly make: () => void }

const tampered = (value: BytesValue, note: string, tamper: (content: Uint8Array) => Uint8Array): Change => ({
  note,
  make: () => {
    value.tamper = tamper
  },
})

/** The calldata of one call made wrong. */
const changesOfCall = (value: BytesValue, draft: Draft, choices: Choices): Change[] => {
  const more = choices.pick([1, 4, 31, 32])
  const outer = draft.calls[0]
  const whole = outer?.args && outer.allow.action.kind === 'call' ? encodeValue(outer.args).bytes : new Uint8Array()
  const selector = outer?.allow.action.kind === 'call' ? bytesOf(selectorOf(outer.allow.action)) : new Uint8Array(4)
  return [
    tampered(value, `${more} bytes behind a call inside`, (bytes) => joined(bytes, new Uint8Array(more))),
    tampered(value, 'a call inside without its last byte', (bytes) => bytes.subarray(0, Math.max(0, bytes.length - 1))),
    tampered(value, 'another selector inside', (bytes) =>
      bytes.length < 4 ? bytes : flipped(bytes, choices.below(32)),
    ),
    tampered(value, 'nothing inside', () => new Uint8Array()),
    tampered(value, 'part of a selector inside', (bytes) => bytes.subarray(0, choices.pick([1, 2, 3, 4]))),
    tampered(value, 'the whole call inside itself', () => joined(selector, whole)),
  ]
}

const changesOfRecords = (value: BytesValue, context: Context): Change[] => {
  const { choices, policy, binding } = context
  const records = recordsOf(value)
  const changes: Change[] = [
    tampered(value, 'a byte behind the last record', (bytes) => joined(bytes, new Uint8Array(1))),
    tampered(value, 'the last record without its last byte', (bytes) =>
      bytes.subarray(0, Math.max(0, bytes.length - 1)),
    ),
    tampered(value, 'records end in the middle', (bytes) => bytes.subarray(0, choices.below(bytes.length + 1))),
  ]
  if (records.length === 0) return changes
  const record = choices.pick(records)
  const to: Address = choices.pick([policy.account, binding.module, ...ENTRY_POINTS])
  const lengthAt = 53
  const wrong = (bytes: Uint8Array): Uint8Array => {
    const length = BigInt(hexOf(bytes.subarray(lengthAt, lengthAt + 32)))
    const other = choices.pick([
      length + 1n,
      length - 1n,
      length + (1n << 64n),
      (1n << 256n) - 85n,
      (1n << 256n) - 1n,
      0n,
    ])
    return patched(bytes, lengthAt, numberBytes(other))
  }
  return [
    ...changes,
    { note: 'a delegate call in a record', make: () => void (record.operation = choices.pick([1, 2, 255])) },
    { note: `a record goes to ${to}`, make: () => void (record.to = to) },
    {
      note: 'one bit of a record’s target',
      make: () => void (record.to = hexOf(flipped(bytesOf(record.to), choices.below(160)))),
    },
    { note: 'value with a record', make: () => void (record.callValue.value += 1n) },
    tampered(value, 'the length of the first record', wrong),
  ]
}

const changesOfCommands = (value: BytesValue, choices: Choices): Change[] => {
  const at = (bytes: Uint8Array): number => choices.below(Math.max(1, bytes.length))
  const changed = (note: string, change: (byte: number) => number): Change =>
    tampered(value, note, (bytes) => {
      const index = at(bytes)
      return patched(bytes, index, Uint8Array.of(change(bytes[index] ?? 0)))
    })
  return [
    changed('the highest bit of a command', (byte) => byte ^ 0x80),
    changed('another command', () => choices.below(256)),
    tampered(value, 'a command without an input', (bytes) => joined(bytes, bytes.subarray(0, 1))),
    tampered(value, 'an input without a command', (bytes) => bytes.subarray(0, Math.max(0, bytes.length - 1))),
  ]
}

/** One call more, one less, none at all. */
const changesOfCount = (holder: BytesValue | ArrayValue, choices: Choices): Change[] => {
  const length = holder.kind === 'array' ? arrayLength(holder) : bytesLength(holder, 'record')
  if (length.readable?.() === false) return []
  const now = length.value
  const other = choices.pick([now + 1n, now > 0n ? now - 1n : 1n, 0n, now + 3n])
  return [{ note: `${other} calls inside for ${now}`, make: () => void (length.value = other) }]
}

const changesOf = (holder: BytesValue | ArrayValue, draft: Draft, context: Context): Change[] => {
  const { choices } = context
  const counts = changesOfCount(holder, choices)
  if (holder.kind === 'array') return counts
  switch (holder.holds?.form) {
    case 'call':
      return changesOfCall(holder, draft, choices)
    case 'records':
      return [...counts, ...changesOfRecords(holder, context)]
    case 'commands':
      return changesOfCommands(holder, choices)
    default:
      return []
  }
}

/** A call inside a call made wrong, of an operation that is allowed. */
export function* nestedOf(context: Context, { rule, inner }: Partial<Reason> = {}): Case {
  const { policy, allows, choices } = context
  const carrying = allows.filter((index) => {
    const allow = policy.rules[index]
    return allow?.effect === 'allow' && allow.nested !== undefined && (rule === undefined || rule === index)
  })
  if (carrying.length === 0) return
  const base = allowedBase(context, {
    rules: [choices.pick(carrying)],
    runtime: choices.chance(10),
    ...(inner && { inner }),
  })
  if (base === undefined) return
  const found = base.draft.calls.flatMap(({ args }) => (args ? [...holders(args)] : []))
  if (found.length === 0) return
  const changes = changesOf(choices.pick(found), base.draft, context)
  if (changes.length === 0) return
  const { note, make } = choices.pick(changes)
  make()
  yield mutant({ built: build(base.draft) }, note, {})
}

/** Calls inside calls: with bytes behind them, of other targets and selectors, delegated, too many, smuggled, in lists that do not fit. */
export const nested: Kind = { name: 'calls inside a call', weight: 14, make: nestedOf }
