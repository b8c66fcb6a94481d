import { expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { decide, initialState, load } from '../../src/evaluator/index.js'
import type { ByteRange } from '../../src/policy/Place.js'
import { binding, callDataOf, callOf, payroll, start, usdc } from '../semantics/fixtures.js'

const BYTES = '0x0a0b0c'
const positions = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]
const ranges = positions.flatMap((from): ByteRange[] => [
  ...(from === 0 ? [] : [{ start: from }]),
  ...positions.filter((end) => end !== 0).map((end) => ({ start: from, end })),
])

/** The bytes that the range selects, undefined where it lies outside. */
const selected = ({ start: from, end = 3 }: ByteRange): string | undefined => {
  const [first, last] = [from < 0 ? 3 + from : from, end < 0 ? 3 + end : end]
  return first < 0 || first > last || last > 3 ? undefined : `0x${BYTES.slice(2 + 2 * first, 2 + 2 * last)}`
}

test.each(ranges)('the part of three bytes from $start to $end is what it selects, and a fault outside', (slice) => {
  const action = { kind: 'call', name: 'go', inputs: [{ name: 'data', type: { kind: 'bytes' } }] } as const
  const left = { place: { kind: 'argument', path: [{ kind: 'component', index: 0 }] }, slice } as const
  const is = (right: `0x${string}`) =>
    ({
      effect: 'allow',
      target: usdc,
      action,
      where: [{ kind: 'bytes', operator: '==', left, right }],
      charges: [],
      unlimited: [],
    }) as const
  const holding = [
    '0x',
    '0x0a',
    '0x0b',
    '0x0c',
    '0x0a0b',
    '0x0b0c',
    BYTES,
    `${BYTES}00`,
    '0x0c00',
    '0x00',
    '0x030a',
    '0x03',
  ].filter((right) => {
    const policy = { ...payroll, meters: payroll.meters.slice(0, 1), rules: [is(right as `0x${string}`)] }
    const session = load(encode(policy, binding))
    // Behind the three bytes stand 29 zeros, and before them the length, neither of which is a part.
    const callData = callDataOf(callOf(usdc, 'go', [{ type: 'bytes' }], [BYTES]))
    return decide(session, initialState(session), { callData }, start).outcome === 'allow'
  })
  const expected = selected(slice)
  expect(holding).toEqual(expected === undefined ? [] : [expected])
})
