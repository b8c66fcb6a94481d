import { parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import * as calldata from '../../../src/compiler/calldata.js'
import { encode } from '../../../src/compiler/encode.js'
import { executeCalldata } from '../../../src/evm/accountCalldata.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { Policy } from '../../../src/policy/Policy.js'
import { Account } from '../harness/Account.js'
import type { Anvil } from '../harness/Anvil.js'
import { deployEntryPointOn, deployModule } from '../harness/deploy.js'
import { deployToken, mint } from '../harness/uniswap.js'

/** One session of one agent: nothing in it is shared with another. */
export type AgentSession = {
  readonly account: Address
  readonly module: Address
  readonly entityId: number
  readonly key: Hex
  readonly keyAddress: Address
  readonly friend: Address
  readonly token: Address
  readonly policy: Policy
  readonly grant: Hex
}

/** Less than the sessions' budgets, so that some calls that the writ allows fail. */
const tokensOfAccount = parseEther('50')

/** Puts accounts on a node, two sessions of two agents on each (the last may have one), by their owners' transactions. */
export async function makeWorld(anvil: Anvil, agents: number): Promise<readonly AgentSession[]> {
  await deployEntryPointOn(anvil, '0.7')
  const module = await deployModule(anvil)
  const token = await deployToken(anvil, 'Token', 'TKN')
  const sessions: AgentSession[] = []
  for (let index = 0; index < agents; index += 2) {
    const owner = 1 + index / 2
    const account = await Account.deploy(anvil, owner)
    await mint(anvil, token, account.address, tokensOfAccount)
    const firstOwner = anvil.funded(owner).address.toLowerCase() as Address
    for (const number of [index, index + 1].filter((each) => each < agents)) {
      const entityId = 1 + (number % 2)
      const session = await compile(anvil, { account: account.address, module, entityId, token, number })
      await account.asOwner(calldata.installValidation(module, { entityId, firstOwner, textGrants: true }))
      await account.asOwner(executeCalldata([{ to: module, value: 0n, data: calldata.grant(session.grant) }]))
      sessions.push(session)
    }
  }
  return sessions
}

type Plan = Pick<AgentSession, 'account' | 'module' | 'entityId' | 'token'> & { readonly number: number }

/** A writ with meters of every width and period but the rolling: fees, ether by the hour, tokens by the day, calls in all. */
async function compile(anvil: Anvil, { number, ...session }: Plan): Promise<AgentSession> {
  const key: Hex = `0x${'a9'.repeat(30)}${(0x1000 + number).toString(16)}`
  const keyAddress = privateKeyToAccount(key).address.toLowerCase() as Address
  const friend: Address = `0x${'f1'.repeat(18)}${(0x1000 + number).toString(16)}`
  const { timestamp } = await anvil.client().getBlock()
  const { policy, diagnostics } = checkWrit(
    `fees 1 ETH/hour
token TKN = ${session.token} decimals 18
allow send on ${friend} budget 0.5 ETH/hour
allow transfer on TKN where to == ${friend} budget 100 TKN/day limit 100000 calls total`,
    {
      header: {
        account: session.account,
        key: keyAddress,
        chain: String(anvil.chainId),
        from: Number(timestamp),
        ttlSeconds: 7 * 86_400,
      },
    },
  )
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  const grant = encode(policy, { module: session.module, entityId: session.entityId, tag: '0x000000000000' })
  return { ...session, key, keyAddress, friend, policy, grant }
}
