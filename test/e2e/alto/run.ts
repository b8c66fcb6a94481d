// `npm run test:alto`: a session's operations through a bundler that others wrote. Installs it first; says loudly where it cannot.
import assert from 'node:assert/strict'
import { concat, http, parseEther } from 'viem'
import {
  createBundlerClient,
  entryPoint07Address,
  formatUserOperationRequest,
  getUserOperationHash,
  type UserOperation,
} from 'viem/account-abstraction'
import { explainFault } from '../../../src/account/explainFault.js'
import { PolicyDeniedError } from '../../../src/account/PolicyDeniedError.js'
import { userOpSignature } from '../../../src/evm/testAccount.js'
import { digest, load, witness } from '../../../src/evaluator/index.js'
import type { Address } from '../../../src/policy/Hex.js'
import { SessionWorld } from '../harness/SessionWorld.js'
import { anvilProgram } from '../harness/tools.js'
import { Alto, installAlto } from './Alto.js'

const friend: Address = '0xa11ce00000000000000000000000000000000001'

if (anvilProgram() === undefined || !installAlto()) {
  console.error('SKIPPED, NOTHING WAS TESTED: @pimlico/alto is not there and cannot be installed')
  process.exit(1)
}

// alto takes this machine’s clock for the chain’s.
const world = await SessionWorld.start({ time: Math.floor(Date.now() / 1000) })
try {
  const grant = await world.grant(`fees 1 ETH/day\nallow send on ${friend} budget 1 ETH/hour`)
  const alto = await Alto.start(world.anvil)
  try {
    await flow(world, grant, alto)
  } catch (error) {
    console.error(alto.log.slice(-4000))
    throw error
  } finally {
    await alto.stop()
  }
} finally {
  await world.stop()
}

async function flow(at: SessionWorld, grant: `0x${string}`, alto: Alto): Promise<void> {
  // alto gives a bundle 30,000 gas besides an operation's limits and 5 %; the EntryPoint spends more around it, so limits need some slack.
  const account = await at.session(grant, { gasMarginPercent: 10 })
  const client = at.client()
  const bundler = createBundlerClient({
    account,
    client,
    chain: at.anvil.chain,
    transport: http(`${alto.url}/rpc`, { timeout: 60_000 }),
    pollingInterval: 200,
    userOperation: { estimateFeesPerGas: () => account.estimateFeesPerGas() },
  })
  const calls = (value: bigint) => [{ to: friend, value }]

  assert.deepEqual(
    (await bundler.getSupportedEntryPoints()).map((each) => each.toLowerCase()),
    [entryPoint07Address.toLowerCase()],
  )
  const hash = await bundler.sendUserOperation({ calls: calls(parseEther('0.25')) })
  const receipt = await bundler.waitForUserOperationReceipt({ hash })
  assert.equal(receipt.success, true)
  console.log(`ok  viem’s sendUserOperation: included, ${receipt.actualGasUsed} gas`)

  const sent = await account.send(bundler, { calls: calls(parseEther('0.25')) })
  assert.equal(sent.success, true)
  assert.equal(await client.getBalance({ address: friend }), parseEther('0.5'))
  console.log('ok  send of the session account: included')

  await assert.rejects(bundler.sendUserOperation({ calls: calls(parseEther('0.5') + 1n) }), PolicyDeniedError)
  console.log('ok  beyond the budget: refused before anything is signed')

  const fault = await forged(at, grant, bundler as never, account as never).then(
    () => undefined,
    (error: unknown) => explainFault(error, { peer: 'bundler' }),
  )
  assert.equal(fault?.code, 'validation-refused')
  assert.match(fault.shortMessage, /MeterExceeded/)
  console.log(`ok  signed all the same, past the session account: alto refuses it, "${fault.shortMessage}"`)
}

/** An operation beyond the budget with a true signature of the key, given to the bundler as a thief of the key would. */
async function forged(
  at: SessionWorld,
  grant: `0x${string}`,
  bundler: ReturnType<SessionWorld['bundlerClient']>,
  account: Awaited<ReturnType<SessionWorld['session']>>,
): Promise<unknown> {
  const prepared = await bundler.prepareUserOperation({ account, calls: [{ to: friend, value: 1n }] })
  const callData = await account.encodeCalls([{ to: friend, value: parseEther('0.9') }])
  const operation = { ...prepared, callData } as unknown as UserOperation<'0.7'>
  const userOpHash = getUserOperationHash({
    chainId: at.anvil.chainId,
    entryPointAddress: entryPoint07Address,
    entryPointVersion: '0.7',
    userOperation: operation,
  })
  const proof = witness(load(grant), { time: await at.time(), rules: [0] })
  const signed = await at.key.sign({ hash: digest({ userOpHash, module: at.module, entityId: 1, witness: proof }) })
  const signature = userOpSignature(concat([proof, signed]))
  return bundler.request({
    method: 'eth_sendUserOperation',
    params: [formatUserOperationRequest({ ...operation, signature }), entryPoint07Address],
  } as never)
}
