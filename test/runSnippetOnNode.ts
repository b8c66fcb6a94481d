import { toHex } from 'viem'
import { SessionWorld } from './e2e/harness/SessionWorld.js'
import { runSnippet } from './runSnippet.js'

/** What the examples of docs/agents.md may do, for the account and the key of their node. */
const writ = `fees 0.01 ETH/day
allow send on 0xa11ce00000000000000000000000000000000001 budget 1 ETH/day`

/**
 * Runs an example that speaks with a chain: a node on loopback, a bundler, and an account on which a session is granted; where they are stands in the
 * environment as docs/agents.md says.
 */
export const runSnippetOnNode = async (text: string): Promise<void> => {
  const world = await SessionWorld.start()
  const grant = await world.grant(writ)
  // Another one, which nobody has put into force.
  const signed = await world.signed(writ, { entityId: 2 })
  const { privateKey } = world.key.getHdKey()
  if (!privateKey) throw new Error('a key of a mnemonic is private')
  const environment = {
    WRIT_RPC: world.anvil.url,
    WRIT_BUNDLER: world.bundler.url,
    WRIT_ACCOUNT: world.account.address,
    WRIT_GRANT: grant,
    WRIT_SIGNED_GRANT: signed.grant,
    OWNER_SIGNATURE: signed.activation.signature,
    AGENT_KEY: toHex(privateKey),
  }
  const before = { ...process.env }
  try {
    Object.assign(process.env, environment)
    await runSnippet(text)
  } finally {
    process.env = before
    await world.stop()
  }
}
