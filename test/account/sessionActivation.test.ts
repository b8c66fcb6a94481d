import { concat, numberToHex, size, slice } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { ChainFault } from '../../src/account/ChainFault.js'
import { PolicyDeniedError } from '../../src/account/PolicyDeniedError.js'
import type { SessionAccountParameters } from '../../src/account/session/SessionAccount.js'
import { toSessionAccount } from '../../src/account/toSessionAccount.js'
import { activation, setActivationAside } from '../../src/compiler/activation.js'
import { deviceText } from '../../src/compiler/device/deviceText.js'
import type { Hex } from '../../src/policy/Hex.js'
import { FakeChain } from './FakeChain.js'
import { account, ether, friend, from, grantOf, key, module, operationOf, policyOf } from './sessionFixture.js'

const owner = privateKeyToAccount(`0x${'33'.repeat(32)}`)
const usdc: Hex = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const text = `fees 0.01 ETH/day
token USDC = ${usdc} decimals 6
allow send on ${friend} budget 1 ETH/day
allow transfer on USDC where to == ${friend} budget 5 USDC/day`
const binding = { module, entityId: 1, tag: '0x000000000000' } as const

/** A session that its owner has signed and nobody has put into force. */
const signedSession = async (
  options: Partial<SessionAccountParameters> & { readonly signature?: Hex; readonly text?: string } = {},
) => {
  const policy = policyOf(options.text ?? text)
  const chain = new FakeChain(policy.meters, from + 1000)
  chain.status = 'none'
  chain.owner = { first: owner.address, flags: 0 }
  chain.pins.set(usdc, 6)
  const grant = grantOf(policy)
  const signature = options.signature ?? (await owner.signMessage({ message: deviceText(policy, binding) }))
  const session = await toSessionAccount({
    client: chain.client(),
    address: account,
    key,
    writ: grant,
    kind: 'test',
    activation: { signature },
    ...options,
  })
  return { chain, session, policy, grant, signature }
}
const pay = [{ to: friend, value: 1n }]
const faultOf = async (promise: Promise<unknown>): Promise<ChainFault> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ChainFault)
  return error as ChainFault
}
/** What the module checks of a signature: without the account's byte before it. */
const checkedOf = (signature: Hex) => setActivationAside(slice(signature, 1))

describe('a session that is signed and not in force', () => {
  test('puts its activation before the witness, in the stub as in earnest', async () => {
    const { session, grant, signature } = await signedSession()
    const operation = await operationOf(session, pay)
    const stub = await session.getStubSignature(operation as never)
    const signed = await session.signUserOperation(operation as never)
    for (const made of [stub, signed])
      expect(checkedOf(made)).toMatchObject({ activation: { grant, signature }, rest: /^0x00[1-9a-f]/ })
    expect(size(stub)).toBe(size(signed))
  })

  test('decides as it will once it is in force, and counts what is in flight', async () => {
    const { session } = await signedSession()
    expect(await session.decide(pay)).toMatchObject({ outcome: 'allow' })
    await session.signUserOperation((await operationOf(session, [{ to: friend, value: ether }])) as never)
    expect(await session.decide(pay)).toMatchObject({ outcome: 'deny', denials: [{ code: 'meter-exceeded' }] })
  })

  test('goes on without once the chain has it, whoever put it there', async () => {
    const { session, chain, grant } = await signedSession()
    const before = await session.signUserOperation((await operationOf(session, pay)) as never)
    chain.status = 'active'
    const after = await session.signUserOperation((await operationOf(session, pay)) as never)
    expect(checkedOf(after)?.activation).toBeUndefined()
    expect(size(before) - size(after)).toBe(size(activation({ grant, signature: `0x${'00'.repeat(65)}` })))
  })

  test('is denied once it was revoked, and without the owner’s signature', async () => {
    const { session, chain } = await signedSession()
    chain.status = 'revoked'
    const denied = session.signUserOperation((await operationOf(session, pay)) as never)
    await expect(denied).rejects.toBeInstanceOf(PolicyDeniedError)
    const without = await signedSession({ activation: undefined as never })
    const operation = await operationOf(without.session, pay)
    await expect(without.session.signUserOperation(operation as never)).rejects.toBeInstanceOf(PolicyDeniedError)
  })
})

describe('an activation that the module would not take is refused before anything is signed', () => {
  const signing = async (change: (chain: FakeChain) => void): Promise<ChainFault> => {
    const { session, chain } = await signedSession()
    const operation = await operationOf(session, pay)
    change(chain)
    const stub = await faultOf(session.getStubSignature(operation as never))
    const fault = await faultOf(session.signUserOperation(operation as never))
    expect(stub.message).toBe(fault.message)
    return fault
  }

  test('after a kill', async () => {
    expect(await signing((chain) => (chain.tag = 7))).toMatchObject({ code: 'session-ended' })
  })

  test('where the module is not installed, or texts do not grant', async () => {
    expect(await signing((chain) => (chain.owner = undefined))).toMatchObject({ code: 'not-installed' })
    const fault = await signing((chain) => (chain.owner = { first: owner.address, flags: 1 }))
    expect(fault).toMatchObject({ code: 'activation-refused', message: /signed texts do not grant/ })
  })

  test('where another owner signed', async () => {
    const fault = await signing((chain) => (chain.owner = { first: friend, flags: 0 }))
    expect(fault).toMatchObject({ code: 'activation-refused', message: /and the first owner is 0xa11ce/ })
  })

  test('where decimals are not pinned, or are others', async () => {
    const none = await signing((chain) => chain.pins.clear())
    expect(none).toMatchObject({ code: 'activation-refused', message: /does not know the decimals of USDC/ })
    expect(none.help).toMatch(/`activate`/)
    const others = await signing((chain) => chain.pins.set(usdc, 18))
    expect(others.message).toMatch(/says 6 decimals of USDC .* and the token has 18/)
  })

  test('where its gas or its bytes are more than bundlers take', async () => {
    const { session } = await signedSession()
    const sign = (fields: object) =>
      operationOf(session, pay, fields).then((operation) => session.signUserOperation(operation as never))
    expect(await faultOf(sign({ verificationGasLimit: 500_000n }))).toMatchObject({
      code: 'activation-refused',
      message: /needs 500,000 verification gas/,
    })
    await sign({ verificationGasLimit: 499_999n })
    const operation = await operationOf(session, pay)
    const long = { ...operation, callData: concat([operation.callData, `0x${'00'.repeat(8_000)}`]) }
    for (const made of [session.signUserOperation(long as never), session.getStubSignature(long as never)])
      expect(await faultOf(made)).toMatchObject({ code: 'activation-refused', message: /bundlers take 8,192/ })
  })

  test('and none of this is asked of a session that is in force', async () => {
    const { session, chain } = await signedSession()
    chain.status = 'active'
    chain.owner = undefined
    chain.pins.clear()
    const operation = await operationOf(session, pay, { verificationGasLimit: 600_000n })
    expect(size(await session.signUserOperation(operation as never))).toBeGreaterThan(65)
  })
})

describe('what is no signature of the writ’s text is refused at once', () => {
  test('another length, a high s, another v, and bytes that nobody signed', async () => {
    const { signature } = await signedSession()
    const high = concat([slice(signature, 0, 32), `0x${'ff'.repeat(32)}`, '0x1b'])
    const other = concat([slice(signature, 0, 64), '0x00'])
    const none = concat([numberToHex(5, { size: 32 }), numberToHex(1, { size: 32 }), '0x1b'])
    const bad = { long: `${signature}00` as Hex, short: slice(signature, 1), high, other, none, words: 'signed' as Hex }
    for (const [name, given] of Object.entries(bad))
      expect((await faultOf(signedSession({ signature: given }))).code, name).toBe('activation-refused')
  })

  test('a writ that has no text', async () => {
    const rules = Array.from(
      { length: 60 },
      (_, index) => `allow send on 0x${(index + 16).toString(16).repeat(20)} budget 1 ETH/day`,
    )
    const long = `fees unlimited\n${rules.join('\n')}`
    const fault = await faultOf(signedSession({ text: long, signature: `0x${'11'.repeat(65)}` }))
    expect(fault).toMatchObject({ code: 'activation-refused', message: /has no text that an owner signs/ })
  })
})
