import * as fc from 'fast-check'
import { type AbiParameter, encodeAbiParameters, encodeFunctionData, parseAbi, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import { bytesOf, hexOf, wordAt } from '../../src/verify/bytes.js'
import { encodeValue, shifted, type Spot } from '../../src/verify/calldata/encode.js'
import { executeBatchData, executeData, outerData } from '../../src/verify/calldata/outer.js'
import { selectorOf } from '../../src/verify/calldata/signature.js'
import { validateRuntimeCall, validateUserOpCall } from '../../src/verify/calldata/validation.js'
import { emptyTuple, type Value, wordsOf } from '../../src/verify/calldata/Value.js'
import type { Choices } from '../../src/verify/Choices.js'
import { choicesArbitrary } from '../../src/verify/choicesArbitrary.js'

const someType = (choices: Choices, depth: number): AbiType => {
  const leaf = (): AbiType =>
    choices.pick<AbiType>([
      { kind: 'uint', bits: 256 },
      { kind: 'address' },
      { kind: 'bool' },
      { kind: 'int', bits: 24 },
      { kind: 'fixedBytes', size: 4 },
      { kind: 'bytes' },
      { kind: 'string' },
    ])
  if (depth === 0) return leaf()
  switch (choices.below(4)) {
    case 1:
      return { kind: 'array', element: someType(choices, depth - 1) }
    case 2:
      return { kind: 'array', element: someType(choices, depth - 1), length: 1 + choices.below(2) }
    case 3:
      return { kind: 'tuple', components: someParameters(choices, depth - 1) }
    default:
      return leaf()
  }
}

const someParameters = (choices: Choices, depth: number): Parameter[] =>
  Array.from({ length: 1 + choices.below(3) }, () => ({ name: '', type: someType(choices, depth) }))

const viemType = (type: AbiType): AbiParameter => {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return { type: `${type.kind}${type.bits}` }
    case 'fixedBytes':
      return { type: `bytes${type.size}` }
    case 'array': {
      const element = viemType(type.element)
      return { ...element, type: `${element.type}[${type.length ?? ''}]` }
    }
    case 'tuple':
      return { type: 'tuple', components: type.components.map((component) => viemType(component.type)) }
    case 'bytes':
    case 'string':
      // The same encoding; viem would want text for a string.
      return { type: 'bytes' }
    default:
      return { type: type.kind }
  }
}

const viemValue = (value: Value): unknown => {
  switch (value.kind) {
    case 'word': {
      const { type, variable } = value
      if (type.kind === 'bool') return variable.value === 1n
      if (type.kind === 'address') return `0x${variable.value.toString(16).padStart(40, '0')}`
      if (type.kind === 'fixedBytes') return `0x${variable.value.toString(16).padStart(2 * type.size, '0')}`
      return type.kind === 'int' && type.bits <= 48 ? Number(variable.value) : variable.value
    }
    case 'bytes':
      return hexOf(value.bytes)
    case 'array':
      return value.elements.map(viemValue)
    case 'tuple':
      return value.components.map(viemValue)
    default:
      return value satisfies never
  }
}

const filled = (choices: Choices): { value: Value & { kind: 'tuple' }; types: Parameter[] } => {
  const types = someParameters(choices, 3)
  const value = emptyTuple(types, '', { array: () => choices.below(3), bytes: () => choices.pick([0, 1, 31, 32, 33]) })
  for (const { variable } of wordsOf(value)) variable.value = variable.min + choices.big(variable.max - variable.min)
  return { value, types }
}

const checkSpots = (bytes: Uint8Array, spots: readonly Spot[]): void => {
  for (const { kind, at, size, value } of spots) {
    expect(at + size).toBeLessThanOrEqual(bytes.length)
    if (kind === 'offset' || kind === 'length') expect(wordAt(bytes, at)).toBe(value)
    if (kind === 'padding') expect(bytes.subarray(at, at + size).every((byte) => byte === 0)).toBe(true)
  }
}

describe('calldata as a standard encoder writes it', () => {
  it('arguments of any type are encoded as viem does, and the spots are where they say', () => {
    fc.assert(
      fc.property(choicesArbitrary(), (choices) => {
        const { value, types } = filled(choices)
        const { bytes, spots } = encodeValue(value)
        const expected = encodeAbiParameters(
          types.map(({ type }) => viemType(type)),
          value.components.map(viemValue),
        )
        expect(hexOf(bytes)).toBe(expected)
        checkSpots(bytes, spots)
        checkSpots(new Uint8Array([1, 2, 3, 4, ...bytes]), shifted(spots, 4))
        const covered = spots.reduce((sum, { size }) => sum + size, 0)
        expect(covered).toBe(bytes.length)
      }),
      { numRuns: 150 },
    )
  })

  it('a selector is that of the canonical signature', () => {
    const inputs: Parameter[] = [
      {
        name: 'a',
        type: { kind: 'array', element: { kind: 'tuple', components: [{ name: '', type: { kind: 'bytes' } }] } },
      },
      { name: 'b', type: { kind: 'int', bits: 24 } },
    ]
    expect(selectorOf({ kind: 'call', name: 'f', inputs })).toBe(toFunctionSelector('f((bytes)[],int24)'))
  })

  it('execute and executeBatch are what viem encodes, and calls are found in them', () => {
    const abi = parseAbi([
      'function execute(address target, uint256 value, bytes data)',
      'struct Call { address target; uint256 value; bytes data; }',
      'function executeBatch(Call[] calls)',
    ])
    const data = fc.uint8Array({ maxLength: 70 })
    fc.assert(
      fc.property(
        fc.array(fc.record({ value: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), data }), { maxLength: 4 }),
        (list) => {
          const calls = list.map((call, index) => ({
            ...call,
            to: `0x${(index + 1).toString(16).padStart(40, 'a')}` as const,
          }))
          const plain = calls.map(({ to, value, data: bytes }) => ({ target: to, value, data: hexOf(bytes) }))
          const batch = executeBatchData(calls)
          expect(hexOf(batch.bytes)).toBe(encodeFunctionData({ abi, functionName: 'executeBatch', args: [plain] }))
          checkSpots(batch.bytes, batch.spots)
          for (const [index, call] of calls.entries()) {
            const at = batch.dataAt[index] ?? 0
            expect(batch.bytes.subarray(at, at + call.data.length)).toEqual(call.data)
            const only = executeData(call)
            const args = [call.to, call.value, hexOf(call.data)] as const
            expect(hexOf(only.bytes)).toBe(encodeFunctionData({ abi, functionName: 'execute', args }))
            checkSpots(only.bytes, only.spots)
          }
          expect(hexOf(outerData(calls).bytes).slice(0, 10)).toBe(calls.length === 1 ? '0xb61d27f6' : '0x34fcd5be')
        },
      ),
      { numRuns: 60 },
    )
  })

  it('the questions to the module are what viem encodes', () => {
    const abi = parseAbi([
      'struct Op { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
      'function validateUserOp(uint32 entityId, Op userOp, bytes32 userOpHash)',
      'function validateRuntime(address account, uint32 entityId, address sender, uint256 value, bytes data, bytes authorization)',
    ])
    const account = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
    const userOpHash = `0x${'ab'.repeat(32)}` as const
    const fees = {
      callGasLimit: 1n,
      verificationGasLimit: 2n,
      preVerificationGas: 3n,
      maxFeePerGas: 4n,
      maxPriorityFeePerGas: 5n,
      paymasterAndData: '0x1234',
    } as const
    const callData = `0x${'cd'.repeat(33)}` as const
    const word = (high: bigint, low: bigint) => `0x${((high << 128n) | low).toString(16).padStart(64, '0')}` as const
    const op = {
      sender: account,
      nonce: 0n,
      initCode: '0x',
      callData,
      accountGasLimits: word(2n, 1n),
      preVerificationGas: 3n,
      gasFees: word(5n, 4n),
      paymasterAndData: '0x1234',
      signature: '0xee',
    } as const
    expect(validateUserOpCall({ account, entityId: 7, callData, fees, signature: '0xee', userOpHash })).toBe(
      encodeFunctionData({ abi, functionName: 'validateUserOp', args: [7, op, userOpHash] }),
    )
    const question = { account, entityId: 7, sender: account, value: 9n, data: callData, authorization: '0x' } as const
    expect(validateRuntimeCall(question)).toBe(
      encodeFunctionData({ abi, functionName: 'validateRuntime', args: [account, 7, account, 9n, callData, '0x'] }),
    )
  })

  it('bytes and hex are inverse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(bytesOf(hexOf(bytes))).toEqual(bytes)
      }),
    )
  })
})
