import fc from 'fast-check'
import { decodeFunctionResult, encodeFunctionData, numberToHex, pad, size, slice, type Abi } from 'viem'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileContracts } from '../../contracts/build.js'
import { Evm } from '../../src/evm/Evm.js'
import type { Address, Hex } from '../../src/policy/Hex.js'

const TWINS: Address = '0x7717777777777777777777777777777777777777'
const name = 'contracts/test/Twins.sol'

let evm: Evm
let abi: Abi
beforeAll(async () => {
  const source = readFileSync(new URL('../../contracts/test/Twins.sol', import.meta.url), 'utf8')
  const artifact = compileContracts({ [name]: source })['Twins']
  if (artifact === undefined) throw new Error('the twins do not compile')
  abi = artifact.abi as Abi
  evm = await Evm.create({ chainId: 1 })
  await evm.setCode(TWINS, artifact.deployedBytecode as Hex)
})

/** What the primitive gives, and what its twin gives. */
const both = async (functionName: string, args: readonly unknown[]): Promise<readonly [unknown, unknown]> => {
  const { success, returnData } = await evm.call({ to: TWINS, data: encodeFunctionData({ abi, functionName, args }) })
  if (!success) throw new Error(`${functionName} failed`)
  return decodeFunctionResult({ abi, functionName, data: returnData }) as [unknown, unknown]
}

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
    await law(inside, 'memoryNumber')
    await law(inside, 'memoryHash')
  })

  test('taking memory', async () => {
    await law(fc.tuple(fc.nat(100)), 'memoryTake')
    await law(fc.constant([]), 'memoryTakeUntil', 1)
  })

  test('writing memory', async () => {
    await law(fc.tuple(bytes(96, 160), fc.nat(64), word), 'memoryPut')
    await law(fc.tuple(bytes(96, 160), fc.nat(64), word), 'memoryPutByte')
    await law(fc.tuple(bytes(160, 160), fc.nat(64), fc.nat(64), fc.nat(96)), 'memoryCopy')
  })

  test('reading calldata', async () => {
    await law(
      inside.map(([data, at]) => [data, at]),
      'calldataWord',
    )
    await law(inside, 'calldataCopy')
  })

  test('finding the fields of a UserOperation', async () => {
    const op = fc.tuple(bytes(0, 70), bytes(0, 70), bytes(0, 70), bytes(0, 70)).map(([a, b, c, d]) => [
      {
        sender: TWINS,
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
