import { describe, expect, test } from 'vitest'
import { nonceKeyOf } from './FakeChain.js'
import { fakeSession, friend, operationOf } from './sessionFixture.js'

const text = `fees 0.01 ETH/day\nallow send on ${friend} budget 1 ETH/day`
const pay = [{ to: friend, value: 1n }] as const

describe('nonces of a session', () => {
  test('operations beside each other have nonce keys of their own, also before they are signed', async () => {
    const { session } = await fakeSession(text)
    const nonces = await Promise.all([1, 2, 3, 4].map(() => session.getNonce()))
    expect(new Set(nonces.map(nonceKeyOf)).size).toBe(4)
  })

  test('a lane whose operation was included is used again, at the chain’s sequence', async () => {
    const { session, chain } = await fakeSession(text, { lanes: 1 })
    const operation = await operationOf(session, pay)
    await session.signUserOperation(operation)
    chain.sequences.set(nonceKeyOf(operation.nonce), 1n)
    expect(await session.getNonce()).toBe(operation.nonce + 1n)
  })

  test('where all are in flight, the one that was signed first is replaced', async () => {
    const { session } = await fakeSession(text, { lanes: 2 })
    const first = await operationOf(session, pay)
    await session.signUserOperation(first)
    await session.signUserOperation(await operationOf(session, pay))
    expect(await session.getNonce()).toBe(first.nonce)
  })

  test('a nonce that was handed out and not signed with is given up before one that was', async () => {
    const { session } = await fakeSession(text, { lanes: 2 })
    await session.signUserOperation(await operationOf(session, pay))
    const unsigned = await session.getNonce()
    expect(await session.getNonce()).toBe(unsigned)
  })

  test('a denied operation gives its nonce back', async () => {
    const { session } = await fakeSession(text, { lanes: 2 })
    const denied = await operationOf(session, [{ to: friend, value: 10n ** 19n }])
    await session.signUserOperation(denied).catch(() => undefined)
    expect(await session.getNonce()).toBe(denied.nonce)
  })

  test('sessions of one account do not meet, and a restarted agent finds its lanes again', async () => {
    const { session } = await fakeSession(text)
    const { session: again } = await fakeSession(text)
    const { session: other } = await fakeSession(`${text}\n  limit 5 calls/day`)
    const nonce = await session.getNonce()
    expect(await again.getNonce()).toBe(nonce)
    expect(await other.getNonce()).not.toBe(nonce)
  })

  test('a lane may be chosen', async () => {
    const { session } = await fakeSession(text)
    expect(await session.getNonce({ key: 7n })).toBe(((7n << 40n) | (1n << 8n)) << 64n)
  })

  test('there are at least one and at most 1024', async () => {
    await expect(fakeSession(text, { lanes: 0 })).rejects.toThrow(/1 to 1024 lanes/)
    await expect(fakeSession(text, { lanes: 1025 })).rejects.toThrow(/1 to 1024 lanes/)
  })
})
