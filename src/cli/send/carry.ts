import { type Address, BaseError, formatEther, getAddress, http } from 'viem'
import { createBundlerClient, createPaymasterClient } from 'viem/account-abstraction'
import { ChainFault } from '../../account/ChainFault.js'
import { PolicyDeniedError } from '../../account/PolicyDeniedError.js'
import type { SessionAccount } from '../../account/session/SessionAccount.js'
import type { Call } from '../../policy/Operation.js'
import { asked } from '../chain/asked.js'
import type { Connection } from '../chain/connect.js'
import { waiting } from '../chain/waiting.js'
import type { Io } from '../Io.js'
import type { Opened } from './openSession.js'
import type { Done } from './outcome.js'

/** Sends calls, through the bundler where there is one, else by a transaction of the key, and waits. Rejects PolicyDeniedError and ChainFault. */
export const carry = async (
  io: Io,
  timeoutSeconds: number,
  { connection, policy }: Pick<Opened, 'connection' | 'policy'>,
  session: SessionAccount,
  calls: readonly Call[],
  sponsor?: Sponsor,
): Promise<Done> => {
  const bundler = bundlerFor(connection, session, sponsor)
  if (bundler === undefined) {
    const sent = waiting(io, 'waiting for the transaction', session.sendDirect(calls))
    const { hash, receipt } = await withBalance(told(sent), connection, 'key', policy.key)
    const { blockNumber, gasUsed, effectiveGasPrice } = receipt
    return { success: true, transactionHash: hash, blockNumber, gasPaid: gasUsed * effectiveGasPrice + l1Fee(receipt) }
  }
  const sending = session.send(bundler, { calls }, { timeoutSeconds })
  const included = told(waiting(io, 'waiting for the operation', sending))
  const { hash, success, transactionHash, blockNumber, actualGasCost } = await (sponsor
    ? included
    : withBalance(included, connection, 'account', session.address))
  return { success, transactionHash, blockNumber, gasPaid: actualGasCost, userOpHash: hash }
}

/** Where ether is missing, says whose and how much there is. */
const withBalance = async <T>(
  done: Promise<T>,
  { client }: Connection,
  who: 'key' | 'account',
  address: Address,
): Promise<T> => {
  try {
    return await done
  } catch (error) {
    if (!(error instanceof ChainFault) || error.code !== 'insufficient-funds') throw error
    const balance = await client.getBalance({ address }).catch(() => undefined)
    if (balance === undefined) throw error
    const has = `the ${who} ${getAddress(address)} has ${formatEther(balance)} ETH`
    throw new ChainFault(error.code, `${error.shortMessage}: ${has}`, error.help, error)
  }
}

/** A paymaster service (ERC-7677) that is asked to pay, and what it wants to be told beside the operation. */
export type Sponsor = { readonly url: string; readonly context?: unknown }

/** viem's own, with fees as tight as the session account says. */
export const bundlerFor = ({ client, bundler }: Connection, session: SessionAccount, sponsor?: Sponsor) =>
  bundler &&
  createBundlerClient({
    account: session,
    client,
    chain: client.chain,
    transport: http(bundler.transport.url, { timeout: 20_000 }),
    pollingInterval: client.pollingInterval,
    userOperation: { estimateFeesPerGas: () => session.estimateFeesPerGas() },
    ...(sponsor && {
      paymaster: createPaymasterClient({ transport: http(sponsor.url, { timeout: 20_000 }) }),
      ...(sponsor.context !== undefined && { paymasterContext: sponsor.context }),
    }),
  })

/** `asked`, but a denial stays what it is. */
export const told = async <T>(answer: Promise<T>): Promise<T> =>
  asked(
    answer.then(
      (value) => ({ value }),
      (error: unknown) => (denialIn(error) ? { error } : Promise.reject(error)),
    ),
  ).then((result) => ('error' in result ? Promise.reject(result.error) : result.value))

/** The denial that an error is, or stems from; undefined where it is none. */
export const denialIn = (error: unknown): PolicyDeniedError | undefined => {
  const found = error instanceof BaseError ? error.walk((cause) => cause instanceof PolicyDeniedError) : null
  return found instanceof PolicyDeniedError ? found : undefined
}

/** What a rollup of the OP Stack charges beside the gas for its data on the first layer, wei. */
const l1Fee = (receipt: object): bigint => {
  const fee: unknown = 'l1Fee' in receipt ? receipt.l1Fee : undefined
  return typeof fee === 'bigint' ? fee : typeof fee === 'string' && /^0x[0-9a-f]+$/i.test(fee) ? BigInt(fee) : 0n
}
