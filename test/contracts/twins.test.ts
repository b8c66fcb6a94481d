import fc from 'fast-check'
import { numberToHex, pad, size, slice } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Hex } from '../../src/policy/Hex.js'
import { openTwins } from './harness/twins.js'

let both: Awaited<ReturnType<typeof openTwins>>
beforeAll(async () => {
  both = await openTwins()
})

const law = (arguments_: fc.Arbitrary<readonly unknown[]>, functionName: string, numRuns = 40) =>
  fc.assert(
    fc.asyncProperty(arguments_, async (args) => {
      const [ours, theirs] = await both(functionName, args)
      expect(ours).toEqual(theirs)
    }),
    { numRuns },
  )

const word = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.bigInt({ min: 0n, max: 40n }),
  fc.nat(255).map((bit) => 2n ** BigInt(bit)),
  fc.nat(255).map((bit) => 2n ** 256n - 2n ** BigInt(bit)),
)
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)
const inside = fc.tuple(bytes(96, 160), fc.nat(64), fc.nat(32))
const address = bytes(20, 20)

describe('every assembly primitive is its plain twin:', () => {
  test('reading memory', async () => {
    await law(
      inside.map(([data, at]) => [data, at]),
      'memoryWord',
    )
    await law(
      inside.map(([data, at]) => [data, at]),
      'memoryOne',
    )
    await law(fc.tuple(bytes(32, 96)), 'memoryPosition')
    await law(inside, 'memoryNumber')
    await law(inside, 'memoryHash')
  })

  test('taking memory', async () => {
    await law(fc.tuple(fc.nat(100)), 'memoryTake')
    await law(fc.constant([]), 'memoryTakeUntil', 1)
    await law(fc.tuple(fc.nat(100)), 'memoryRelease')
  })

  test('writing memory', async () => {
    await law(fc.tuple(bytes(96, 160), fc.nat(64), word), 'memoryPut')
    await law(fc.tuple(bytes(96, 160), fc.nat(64), word), 'memoryPutByte')
    await law(fc.tuple(bytes(160, 160), fc.nat(64), fc.nat(64), fc.nat(96)), 'memoryCopy')
  })

  test('handing out a text', async () => {
    await law(fc.tuple(bytes(0, 300)), 'messageString')
    await law(fc.tuple(bytes(0, 300)), 'messageHash')
  })

  test('reading calldata', async () => {
    await law(
      inside.map(([data, at]) => [data, at]),
      'calldataWord',
    )
    await law(inside, 'calldataCopy')
    await law(inside, 'calldataHash')
    await law(inside, 'calldataBytesAt')
  })

  test('finding the fields of a UserOperation', async () => {
    const op = fc.tuple(bytes(0, 70), bytes(0, 70), bytes(0, 70), bytes(0, 70)).map(([a, b, c, d]) => [
      {
        sender: `0x${'77'.repeat(20)}`,
        nonce: 0n,
        initCode: a,
        callData: b,
        accountGasLimits: pad('0x01'),
        preVerificationGas: 1n,
        gasFees: pad('0x02'),
        paymasterAndData: c,
        signature: d,
      },
    ])
    await law(op, 'calldataTail')
  })

  test('finding the end of canonical bytes', async () => {
    const encoded = fc
      .tuple(bytes(0, 70), fc.nat(40), fc.option(fc.tuple(fc.nat(150), fc.nat(255))), fc.option(word))
      .map(([data, cut, spoilt, length]) => {
        const head = length ?? BigInt(size(data))
        const body = data.slice(2).padEnd(2 * 32 * Math.ceil(size(data) / 32), '0')
        const whole = `${numberToHex(head, { size: 32 }).slice(2)}${body}${'00'.repeat(20)}`
        const kept = whole.slice(0, whole.length - 2 * cut)
        const at = spoilt === null ? 0 : 2 * (spoilt[0] % Math.max(1, kept.length / 2))
        const byte = (spoilt?.[1] ?? 0).toString(16).padStart(2, '0')
        return [`0x${spoilt === null ? kept : kept.slice(0, at) + byte + kept.slice(at + 2)}`]
      })
    await law(encoded, 'calldataBytesEnd', 300)
    const exact = bytes(0, 70).map((data) => {
      const padded = data.slice(2).padEnd(2 * 32 * Math.ceil(size(data) / 32), '0')
      return [`0x${numberToHex(size(data), { size: 32 }).slice(2)}${padded}`]
    })
    await law(exact, 'calldataBytesEnd', 100)
    const [end] = await both('calldataBytesEnd', [`0x${'00'.repeat(31)}21${'11'.repeat(33)}${'00'.repeat(31)}`])
    expect(end).toBe(96n)
    const [none] = await both('calldataBytesEnd', [slice(`0x${'ff'.repeat(31)}e0${'00'.repeat(64)}`, 0, 64)])
    expect(none).toBe(0n)
  })

  test('comparing', async () => {
    await law(fc.tuple(word, word), 'bits', 200)
    await law(
      word.map((a) => [a, a]),
      'bits',
      20,
    )
  })

  test('finding and using slots', async () => {
    await law(fc.tuple(address, word), 'slots')
    await law(fc.tuple(address, word), 'stored')
  })
})

describe('exact arithmetic:', () => {
  const W = 2n ** 256n
  const wide = fc.tuple(fc.bigInt({ min: 0n, max: 255n }), word, word)
  const numberOf = ([high, middle, low]: readonly bigint[]) => ((high ?? 0n) * W + (middle ?? 0n)) * W + (low ?? 0n)
  const near = wide.chain((a) =>
    fc.oneof(
      fc.constant(a),
      fc.tuple(fc.constant(a[0]), fc.constant(a[1]), word),
      fc.tuple(fc.constant(a[0]), word, word),
    ),
  )

  test('a product has two words', async () => {
    await fc.assert(
      fc.asyncProperty(word, word, async (a, b) => {
        expect(await both('product', [a, b])).toEqual([(a * b) / W, (a * b) % W])
      }),
      { numRuns: 100 },
    )
  })

  test('sums compare by the first words that differ, and are rounded up where they fit a word', async () => {
    const pairs = wide.chain((a) =>
      fc.tuple(
        fc.constant(a),
        fc.oneof(
          wide,
          near.map((b) => [a[0], b[1], b[2]] as const),
        ),
      ),
    )
    const denominator = word.filter((value) => value > 0n)
    await fc.assert(
      fc.asyncProperty(pairs, denominator, async ([positive, negative], d) => {
        const [a, b, quotient, ok] = await both('sum', [positive, negative, d])
        const difference = numberOf(positive) - numberOf(negative)
        expect(BigInt(String(a)) - BigInt(String(b)) > 0n).toBe(difference > 0n)
        expect(a === b).toBe(difference === 0n)
        const up = (difference + d - 1n) / d
        expect(ok).toBe(difference >= 0n && up < W)
        if (ok === true) expect(quotient).toBe(up)
      }),
      { numRuns: 300 },
    )
    for (const [low, d, up] of [
      [W - 1n, 1n, W - 1n],
      [W - 1n, 2n, W / 2n],
      [0n, 7n, 0n],
      [1n, W - 1n, 1n],
    ] as const)
      expect(await both('sum', [[0n, 0n, low], [0n, 0n, 0n], d])).toEqual([low, 0n, up, true])
    // (2^256 * (d - 1) + 2^256 - 1) / d rounds up to 2^256.
    expect((await both('sum', [[0n, 6n, W - 1n], [0n, 0n, 0n], 7n]))[3]).toBe(false)
    expect((await both('sum', [[0n, 7n, 0n], [0n, 0n, 0n], 7n]))[3]).toBe(false)
  })
})
