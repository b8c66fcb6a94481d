import { privateKeyToAccount } from 'viem/accounts'
import type { UserOperation } from 'viem/account-abstraction'
import type { SessionAccount, SessionAccountParameters } from '../../src/account/session/SessionAccount.js'
import { toSessionAccount } from '../../src/account/toSessionAccount.js'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { encode } from '../../src/compiler/encode.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { FakeChain } from './FakeChain.js'

export const ether = 10n ** 18n
/** 2026-11-22 13:00:00 UTC, a Sunday. */
export const from = 1_795_352_400
export const account: Address = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
export const friend: Address = '0xa11ce00000000000000000000000000000000001'
export const sponsor: Address = '0x5b05050000000000000000000000000000000005'
export const module: Address = '0x7c2e65252560aa4c3e6c6b43f1e4b7ee3de8a7c1'
export const key = privateKeyToAccount(`0x${'11'.repeat(32)}`)

/** A writ of this account and key that lives a week. */
export const policyOf = (text: string): Policy => {
  const { policy, diagnostics } = checkWrit(text, {
    header: { account, key: key.address.toLowerCase() as Address, chain: '8453', from, ttlSeconds: 7 * 86_400 },
  })
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return policy
}

export const grantOf = (policy: Policy): Hex => encode(policy, { module, entityId: 1, tag: '0x000000000000' })

/** A session account on a fake chain. */
export async function fakeSession(
  text: string,
  options: Partial<SessionAccountParameters> = {},
): Promise<{ readonly chain: FakeChain; readonly session: SessionAccount; readonly policy: Policy }> {
  const policy = policyOf(text)
  const chain = new FakeChain(policy.meters, from + 1000)
  const session = await toSessionAccount({
    client: chain.client(),
    address: account,
    key,
    writ: grantOf(policy),
    kind: 'test',
    ...options,
  })
  return { chain, session, policy }
}

/** An operation of these calls as viem hands it over, with gas for 300,000 gas of 1 gwei in all. */
export async function operationOf(
  session: SessionAccount,
  calls: readonly { readonly to: Hex; readonly value?: bigint; readonly data?: Hex }[],
  fields: Partial<UserOperation> = {},
): Promise<UserOperation> {
  return {
    sender: account,
    nonce: await session.getNonce(),
    callData: await session.encodeCalls(calls),
    callGasLimit: 100_000n,
    verificationGasLimit: 150_000n,
    preVerificationGas: 50_000n,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 10n ** 8n,
    signature: '0x',
    ...fields,
  } as UserOperation
}
