import { describe, expect, it } from 'vitest'
import { keccak256, pad } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { Evm } from '../../src/evm/Evm.js'
import type { Step } from '../../src/evm/Evm.js'

const a = '0x00000000000000000000000000000000000000aa'
const b = '0x00000000000000000000000000000000000000bb'
const slot0 = pad('0x00')

/** Adds the first argument word to slot 0 and returns the sum. */
const adder = '0x5f545f35018060005560005260206000f3'
/** TIMESTAMP, NUMBER, CHAINID, CALLER and SELFBALANCE as five words. */
const facts = '0x425f524360205246604052336060524760805260a05ff3'
/** Stores 1 in slot 0, then reverts with one byte. */
const reverter = '0x60015f5560015ffd'

async function chain() {
  return Evm.create({ chainId: 8453, time: 1_800_000_000 })
}

describe('the embedded EVM', () => {
  it('keeps the changes of a call that succeeds', async () => {
    const evm = await chain()
    await evm.setCode(a, adder)
    await evm.call({ to: a, data: pad('0x05') })
    const second = await evm.call({ to: a, data: pad('0x07') })
    expect(second).toMatchObject({ success: true, returnData: pad('0x0c') })
    expect(await evm.storageAt(a, slot0)).toBe(pad('0x0c'))
  })

  it('keeps nothing of a call that fails, and says why', async () => {
    const evm = await chain()
    await evm.setCode(a, reverter)
    expect(await evm.call({ to: a })).toMatchObject({ success: false, returnData: '0x00', error: 'revert' })
    expect(await evm.call({ to: a, gas: 1n })).toMatchObject({ success: false, error: 'out of gas' })
    expect(await evm.storageAt(a, slot0)).toBe(slot0)
  })

  it('refuses changes in a static call', async () => {
    const evm = await chain()
    await evm.setCode(a, adder)
    expect((await evm.call({ to: a, data: pad('0x05'), static: true })).success).toBe(false)
  })

  it('shows contracts the time, the height, the chain, the sender and the balance', async () => {
    const evm = await chain()
    await evm.setCode(a, facts)
    await evm.setBalance(b, 10n)
    evm.number = 7
    const { returnData } = await evm.call({ to: a, from: b, value: 3n, time: 1_800_000_123 })
    const words = returnData
      .slice(2)
      .match(/.{64}/g)
      ?.map((word) => BigInt(`0x${word}`))
    expect(words).toEqual([1_800_000_123n, 7n, 8453n, BigInt(b), 3n])
    expect(await evm.balanceOf(b)).toBe(7n)
  })

  it('goes back to a snapshot as often as asked, with time, storage, code and balances', async () => {
    const evm = await chain()
    await evm.setCode(a, adder)
    await evm.call({ to: a, data: pad('0x05') })
    const before = evm.snapshot()
    for (let round = 0; round < 3; round++) {
      await evm.setBalance(b, 1n)
      await evm.setCode(b, adder)
      evm.time += 60
      await evm.call({ to: a, data: pad('0x07') })
      evm.revert(before)
      expect(await evm.storageAt(a, slot0)).toBe(pad('0x05'))
      expect(await evm.balanceOf(b)).toBe(0n)
      expect(await evm.codeOf(b)).toBe('0x')
      expect(evm.time).toBe(1_800_000_000)
    }
  })

  it('refuses to go back to a snapshot that lies after the one it went back to', async () => {
    const evm = await chain()
    const first = evm.snapshot()
    await evm.setBalance(b, 1n)
    const second = evm.snapshot()
    evm.revert(first)
    await evm.setBalance(b, 2n)
    expect(() => evm.revert(second)).toThrow()
  })

  it('starts every call with cold storage', async () => {
    const evm = await chain()
    await evm.setCode(a, adder)
    await evm.call({ to: a, data: pad('0x05') })
    const first = await evm.call({ to: a, data: pad('0x05') })
    const second = await evm.call({ to: a, data: pad('0x05') })
    expect(first.gasUsed).toBe(second.gasUsed)
    expect(first.gasUsed).toBeGreaterThan(4900n)
  })

  it('tells a zero slot from one that was set to zero', async () => {
    const evm = await chain()
    await evm.setCode(a, adder)
    const fresh = await evm.call({ to: a, data: pad('0x05') })
    await evm.setStorage(a, slot0, slot0)
    const again = await evm.call({ to: a, data: pad('0x05') })
    expect(again.gasUsed).toBe(fresh.gasUsed)
  })

  it('reports each instruction to the listener until there is none', async () => {
    const evm = await chain()
    await evm.setCode(a, adder)
    const steps: Step[] = []
    evm.onStep((step) => steps.push(step))
    await evm.call({ to: a, data: pad('0x05') })
    evm.onStep()
    const count = steps.length
    await evm.call({ to: a, data: pad('0x05') })
    expect(steps.map((step) => step.opcode).slice(0, 3)).toEqual(['PUSH0', 'SLOAD', 'PUSH0'])
    expect(steps[1]).toMatchObject({ pc: 1, depth: 0, address: a, codeAddress: a, stack: [0n] })
    expect(steps.length).toBe(count)
  })

  it('runs creation code and keeps what it returns', async () => {
    const evm = await chain()
    const at = await evm.deploy('0x625f5ff35f526003601df3')
    expect(at && (await evm.codeOf(at))).toBe('0x5f5ff3')
    expect(await evm.deploy('0xfe')).toBeUndefined()
  })
})

describe('ecrecover in the embedded EVM', () => {
  const signer = privateKeyToAccount(keccak256('0x01'))
  const digest = keccak256('0x02')

  async function recover(evm: Evm, hash: `0x${string}`, signature: `0x${string}`) {
    const data: `0x${string}` = `0x${hash.slice(2)}${signature.slice(130).padStart(64, '0')}${signature.slice(2, 130)}`
    return (await evm.call({ to: '0x0000000000000000000000000000000000000001', data })).returnData
  }

  it('recovers the signer of a digest', async () => {
    const evm = await chain()
    const signature = await signer.sign({ hash: digest })
    expect(await recover(evm, digest, signature)).toBe(pad(signer.address.toLowerCase() as `0x${string}`))
  })

  it('takes a forged signature for exactly its digest, until forgeries are cleared', async () => {
    const evm = await chain()
    const forged: `0x${string}` = `0x${'11'.repeat(64)}1b`
    const honest = await recover(evm, digest, forged)
    evm.forgeries.add(digest, forged, a)
    expect(await recover(evm, digest, forged)).toBe(pad(a))
    expect(await recover(evm, keccak256('0x03'), forged)).not.toBe(pad(a))
    evm.forgeries.clear()
    expect(await recover(evm, digest, forged)).toBe(honest)
  })
})
