import * as fc from 'fast-check'
import { bytesToHex, type Hex, hexToBytes, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { Evm } from '../../src/evm/Evm.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import { accountWorld, ownerOp } from '../contracts/accountWorld.js'

const target = '0x00000000000000000000000000000000000000aa'
const slots = [0n, 1n, 2n, 255n].map((slot) => `0x${slot.toString(16).padStart(64, '0')}` as const)

/** Code that is more alive than random bytes: small pushes, memory, storage, calls, jumps to where a JUMPDEST may stand. */
const programs = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constant(0x60), fc.nat(60)).map(([op, value]) => [op, value]),
      fc
        .constantFrom(0x01, 0x03, 0x10, 0x14, 0x15, 0x16, 0x20, 0x35, 0x36, 0x37, 0x3d, 0x3e, 0x50, 0x51, 0x52, 0x53)
        .map((op) => [op]),
      fc
        .constantFrom(
          0x54,
          0x55,
          0x56,
          0x57,
          0x5a,
          0x5b,
          0x5c,
          0x5d,
          0x5e,
          0x5f,
          0x80,
          0x81,
          0x90,
          0xa0,
          0xf1,
          0xf3,
          0xfa,
          0xfd,
        )
        .map((op) => [op]),
      fc.nat(255).map((op) => [op]),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((parts) => bytesToHex(Uint8Array.from(parts.flat())))

/** Enough, or so little that it ends anywhere. */
const gases = fc.oneof({ weight: 3, arbitrary: fc.constant(100_000n) }, fc.bigInt({ min: 0n, max: 200n }))

/** Instructions that work on the stack and on memory. */
const plainOpcodes = fc.constantFrom(
  ...[0x01, 0x02, 0x03, 0x04, 0x06, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c],
  ...[0x20, 0x35, 0x36, 0x37, 0x50, 0x51, 0x52, 0x5e, 0x80, 0x82, 0x90, 0x91],
)
/** Words of every size, and those where one more or less makes a difference. */
const words = fc.oneof(
  fc.bigInt({ min: 0n, max: 40n }),
  fc.bigInt({ min: 0n, max: 60_000n }),
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  fc
    .tuple(fc.constantFrom(0n, 8n, 64n, 100n, 128n, 160n, 192n, 255n), fc.constantFrom(-1n, 0n, 1n))
    .map(([bits, more]) => BigInt.asUintN(256, (1n << bits) + more)),
  fc.constantFrom(0n, 31n, 32n, 33n, 255n, 256n, 257n, (1n << 256n) - 1n),
)

/** Runs a message to code by the quickened and by the published interpreter, and tells what came of each. */
const comparison = async () => {
  const evm = await Evm.create({ chainId: 1 })
  const run = async (listening: boolean, data: Hex, gas: bigint) => {
    const before = evm.snapshot()
    evm.onStep(listening ? () => {} : undefined)
    const outcome = await evm.call({ to: target, data, gas })
    const storage = await Promise.all(slots.map((slot) => evm.storageAt(target, slot)))
    evm.onStep()
    evm.revert(before)
    return { outcome, storage }
  }
  return async (code: Hex, data: Hex, gas: bigint) => {
    await evm.setCode(target, code)
    return [await run(false, data, gas), await run(true, data, gas)]
  }
}

describe('the quickened interpreter', () => {
  it('does to any code what the published one does, to the last unit of gas', async () => {
    const alike = await comparison()
    await fc.assert(
      fc.asyncProperty(programs, fc.uint8Array({ maxLength: 40 }), gases, async (code, data, gas) => {
        const [quick, published] = await alike(code, bytesToHex(data), gas)
        expect(quick).toEqual(published)
      }),
      { numRuns: 1000 },
    )
  })

  it('makes of any words what the published one makes of them, memory and its price included', async () => {
    const alike = await comparison()
    await fc.assert(
      fc.asyncProperty(plainOpcodes, fc.tuple(words, words, words), gases, async (opcode, operands, gas) => {
        const pushes = operands.flatMap((word) => [0x7f, ...hexToBytes(numberToHex(word, { size: 32 }))])
        // The word on top is stored, read and stored again, and all of memory is returned.
        const code = Uint8Array.from([...pushes, opcode, 0x5f, 0x52, 0x5f, 0x51, 0x5f, 0x52, 0x59, 0x5f, 0xf3])
        const [quick, published] = await alike(bytesToHex(code), `0x${'c0ffee'.repeat(30)}`, gas)
        expect(quick).toEqual(published)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes a whole UserOperation through the EntryPoint at the same cost', async () => {
    const run = async (listening: boolean) => {
      const evm = await accountWorld()
      evm.onStep(listening ? () => {} : undefined)
      return ownerOp(evm, executeCalldata([{ to: target, value: 1n, data: '0x' }]))
    }
    expect(await run(false)).toEqual(await run(true))
  })
})
