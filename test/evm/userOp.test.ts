import * as fc from 'fast-check'
import { encodeFunctionData, getAddress } from 'viem'
import { entryPoint07Abi, getUserOperationHash } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { deployEntryPoint, entryPointAddress } from '../../src/evm/entryPoint.js'
import { Evm } from '../../src/evm/Evm.js'
import { nonceKey, nonceOf, packUserOp, userOpHash } from '../../src/evm/userOp.js'
import { readValidationData } from '../../src/evm/Verdict.js'

const uint128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
const bytes = fc.uint8Array({ maxLength: 100 }).map((array): `0x${string}` => `0x${Buffer.from(array).toString('hex')}`)
const fees = fc.record({
  callGasLimit: uint128,
  verificationGasLimit: uint128,
  preVerificationGas: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  maxFeePerGas: uint128,
  maxPriorityFeePerGas: uint128,
  paymasterAndData: bytes,
})
const sender = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'

describe('the hash of a UserOperation', () => {
  it('is what the EntryPoint computes, whatever its paymaster field holds', async () => {
    const evm = await Evm.create({ chainId: 8453 })
    await deployEntryPoint(evm)
    await fc.assert(
      fc.asyncProperty(fees, bytes, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), async (fees, callData, nonce) => {
        const op = packUserOp({ sender, nonce, callData, fees, signature: '0x1234' })
        if (!op) throw new Error('these fees fit')
        const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'getUserOpHash', args: [op] })
        expect((await evm.call({ to: entryPointAddress, data })).returnData).toBe(
          userOpHash(op, entryPointAddress, 8453),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('is what viem computes', () => {
    fc.assert(
      fc.property(fees, bytes, (fees, callData) => {
        const op = packUserOp({
          sender,
          nonce: 7n,
          callData,
          fees: { ...fees, paymasterAndData: '0x' },
          signature: '0x',
        })
        const { callGasLimit, verificationGasLimit, preVerificationGas, maxFeePerGas, maxPriorityFeePerGas } = fees
        const limits = { callGasLimit, verificationGasLimit, preVerificationGas, maxFeePerGas, maxPriorityFeePerGas }
        const hash = getUserOperationHash({
          chainId: 8453,
          entryPointAddress: getAddress(entryPointAddress),
          entryPointVersion: '0.7',
          userOperation: { sender, nonce: 7n, callData, signature: '0x', ...limits },
        })
        expect(op && userOpHash(op, entryPointAddress, 8453)).toBe(hash)
      }),
    )
  })

  it('does not exist where a field is wider than its place', () => {
    const fits = {
      callGasLimit: 1n,
      verificationGasLimit: 1n,
      preVerificationGas: 1n,
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      paymasterAndData: '0x',
    } as const
    const pack = (change: object) =>
      packUserOp({ sender, nonce: 0n, callData: '0x', fees: { ...fits, ...change }, signature: '0x' })
    expect(pack({})).toBeDefined()
    for (const field of ['callGasLimit', 'verificationGasLimit', 'maxFeePerGas', 'maxPriorityFeePerGas'])
      for (const value of [2n ** 128n, -1n]) expect(pack({ [field]: value })).toBeUndefined()
    for (const value of [2n ** 256n, -1n]) expect(pack({ preVerificationGas: value })).toBeUndefined()
    expect(pack({ preVerificationGas: 2n ** 256n - 1n })).toBeDefined()
  })
})

describe('a nonce', () => {
  it('is key19 ‖ entityId4 ‖ options1 ‖ sequence8', () => {
    const nonce = nonceOf({ key: 0xabcdn, entityId: 0x01020304, options: 1, sequence: 9n })
    expect(nonce.toString(16)).toBe('abcd01020304010000000000000009')
    expect(nonceKey({ key: 0xabcdn, entityId: 0x01020304, options: 1 })).toBe(nonce >> 64n)
  })
})

describe('validation data', () => {
  it('is authorizer, validUntil and validAfter from the low end, and zero is for ever', () => {
    const data = (100n << 208n) | (200n << 160n) | 1n
    expect(readValidationData(data)).toEqual({ authorizer: 1n, validAfter: 100, validUntil: 200 })
    expect(readValidationData(0n)).toEqual({ authorizer: 0n, validAfter: 0, validUntil: 2 ** 48 - 1 })
  })
})
