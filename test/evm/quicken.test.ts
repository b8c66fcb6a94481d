import * as fc from 'fast-check'
import { bytesToHex } from 'viem'
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

describe('the quickened interpreter', () => {
  it('does to any code what the published one does, to the last unit of gas', async () => {
    const evm = await Evm.create({ chainId: 1 })
    const run = async (listening: boolean, data: `0x${string}`) => {
      const before = evm.snapshot()
      evm.onStep(listening ? () => {} : undefined)
      const outcome = await evm.call({ to: target, data, gas: 100_000n })
      const storage = await Promise.all(slots.map((slot) => evm.storageAt(target, slot)))
      evm.onStep()
      evm.revert(before)
      return { outcome, storage }
    }
    await fc.assert(
      fc.asyncProperty(programs, fc.uint8Array({ maxLength: 40 }), async (code, data) => {
        await evm.setCode(target, code)
        expect(await run(false, bytesToHex(data))).toEqual(await run(true, bytesToHex(data)))
      }),
      { numRuns: 500 },
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
