import { BaseError, createPublicClient, concat, defineChain, encodeFunctionData, http, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  createBundlerClient,
  formatUserOperationRequest,
  getUserOperationHash,
  type UserOperation,
} from 'viem/account-abstraction'
import { explainFault } from '../../../src/account/explainFault.js'
import { ChainFault, PolicyDeniedError, toSessionAccount } from '../../../src/account/index.js'
import { userOpSignature } from '../../../src/evm/testAccount.js'
import { digest, load, witness } from '../../../src/evaluator/index.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import { generator } from './generator.js'

/** All that an agent starts with: it reads no file and writes none. */
export type AgentOrder = {
  readonly rpc: string
  readonly bundler: string
  readonly chainId: number
  readonly account: Address
  readonly module: Address
  readonly entityId: number
  readonly key: Hex
  readonly grant: Hex
  readonly friend: Address
  readonly token: Address
  readonly seed: number
}

/** What an agent says of each thing it did, one line of JSON to its standard output. */
export type AgentReport =
  | { readonly kind: 'included'; readonly hash: Hex }
  /** The session account refused to sign. */
  | { readonly kind: 'refused-by-agent'; readonly code: string }
  /** A forged operation that the chain did not take; `hash` is that of the operation. */
  | { readonly kind: 'refused-by-chain'; readonly hash: Hex; readonly reason: string }
  /** A forged operation that was taken: the worst that there is. */
  | { readonly kind: 'forged'; readonly hash: Hex }
  /** What an agent has to live with: another of its operations, of a life before this one, is still in its place. */
  | { readonly kind: 'in-the-way'; readonly code: string }
  | { readonly kind: 'trouble'; readonly message: string }

const abi = parseAbi(['function transfer(address to, uint256 amount) returns (bool)'])
const ether = 10n ** 18n
/** Milliseconds: many processes may share few processors. */
const timeout = 60_000

/** Works for ever: pays ether or tokens, now and then more than it may, now and then by going around its own session account. */
async function work(order: AgentOrder): Promise<never> {
  const random = generator(order.seed)
  const chain = defineChain({
    id: order.chainId,
    name: 'development',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [order.rpc] } },
  })
  const client = createPublicClient({
    chain,
    transport: http(order.rpc, { timeout }),
    pollingInterval: 100,
    cacheTime: 0,
  })
  const key = privateKeyToAccount(order.key)
  const { account: address, grant: writ, friend, token } = order
  const account = await toSessionAccount({ client, address, key, writ, kind: 'test', leastSeconds: 20 })
  const bundler = createBundlerClient({
    account,
    client,
    chain,
    transport: http(order.bundler, { timeout, retryCount: 0 }),
  })
  const pay = (amount: bigint) => ({ to: friend, value: amount, data: '0x' as Hex })
  const transfer = (amount: bigint) => ({
    to: token,
    value: 0n,
    data: encodeFunctionData({ abi, functionName: 'transfer', args: [friend, amount] }),
  })
  const small = (): bigint => BigInt(1 + Math.floor(random() * 1000))
  // Two things at a time, so that operations in flight meet within one agent too.
  await Promise.all([loop(), loop()])
  throw new Error('work has no end')

  async function loop(): Promise<void> {
    for (;;) {
      const dice = random()
      try {
        if (dice < 0.12) await forge()
        else if (dice < 0.24) await send([pay(ether * 10n)])
        else if (dice < 0.3) await send([transfer(60n * ether)], { callGasLimit: 100_000n })
        else if (dice < 0.5) await send([transfer(small())])
        else if (dice < 0.7) await send([pay(small()), transfer(small())])
        else await send([pay(small())])
      } catch (error) {
        report(reportOf(error))
      }
    }
  }

  /** With a gas limit of its own a call that reverts is included: its meters count, and its calls are undone. */
  async function send(
    calls: readonly { to: Address; value: bigint; data: Hex }[],
    gas: { readonly callGasLimit?: bigint } = {},
  ): Promise<void> {
    const { hash } = await account.send(bundler, { calls, ...gas }, { timeoutSeconds: 60, resendSeconds: 3 })
    report({ kind: 'included', hash })
  }

  /** Signs with the key itself what the session account would refuse: more than the budget, of this very session or in another's name. */
  async function forge(): Promise<void> {
    const session = load(order.grant)
    const prepared = await bundler.prepareUserOperation({ account, calls: [pay(1n)] })
    const [greedy, foreign] = [ether * 10n, random() < 0.5]
    const calls = foreign ? [{ ...pay(1n), to: order.module }] : [pay(greedy)]
    const operation = { ...prepared, callData: await account.encodeCalls(calls) } as unknown as UserOperation
    const { timestamp } = await client.getBlock()
    const proof = witness(session, { time: Number(timestamp), rules: [0] })
    const userOpHash = getUserOperationHash({
      chainId: order.chainId,
      entryPointAddress: account.entryPoint.address,
      entryPointVersion: '0.7',
      userOperation: operation as UserOperation<'0.7'>,
    })
    const { module, entityId } = order
    const signed = await key.sign({ hash: digest({ userOpHash, module, entityId, witness: proof }) })
    const signature = userOpSignature(concat([proof, signed]))
    const params = [formatUserOperationRequest({ ...operation, signature }), account.entryPoint.address]
    try {
      await bundler.request({ method: 'eth_sendUserOperation', params } as never)
      report({ kind: 'forged', hash: userOpHash })
    } catch (error) {
      const fault = explainFault(error)
      if (fault.code !== 'validation-refused') throw fault
      report({ kind: 'refused-by-chain', hash: userOpHash, reason: fault.shortMessage })
    }
  }
}

function reportOf(error: unknown): AgentReport {
  if (error instanceof PolicyDeniedError) return { kind: 'refused-by-agent', code: error.denials[0]?.code ?? 'none' }
  const fault = error instanceof ChainFault ? error : explainFault(error)
  if (
    fault.code === 'nonce-taken' ||
    fault.code === 'operation-dropped' ||
    fault.code === 'window-ending' ||
    fault.code === 'expired-or-not-due'
  )
    return { kind: 'in-the-way', code: fault.code }
  const cause = error instanceof BaseError ? (error.details ?? '') : ''
  return { kind: 'trouble', message: `${fault.code}: ${fault.shortMessage} ${cause}`.trim() }
}

function report(what: AgentReport): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}

const given = process.env.WRIT_AGENT
if (given === undefined) throw new Error('WRIT_AGENT holds the order of the agent')
await work(JSON.parse(given) as AgentOrder)
