import { BaseError, http } from 'viem'
import { createBundlerClient, createPaymasterClient } from 'viem/account-abstraction'
import { PolicyDeniedError } from '../../account/PolicyDeniedError.js'
import type { SessionAccount } from '../../account/session/SessionAccount.js'
import type { Call } from '../../policy/Operation.js'
import { asked } from '../chain/asked.js'
import type { Connection } from '../chain/connect.js'
import { waiting } from '../chain/waiting.js'
import type { Io } from '../Io.js'
import type { Done } from './outcome.js'

/** Sends calls, through the bundler where there is one, else by a transaction of the key, and waits. Rejects PolicyDeniedError and ChainFault. */
export const carry = async (
  io: Io,
  timeoutSeconds: number,
  connection: Connection,
  session: SessionAccount,
  calls: readonly Call[],
  sponsor?: Sponsor,
): Promise<Done> => {
  const bundler = bundlerFor(connection, session, sponsor)
  if (bundler === undefined) {
    const { hash, receipt } = await told(waiting(io, 'waiting for the transaction', session.sendDirect(calls)))
    const { blockNumber, gasUsed, effectiveGasPrice } = receipt
    return { success: true, transactionHash: hash, blockNumber, gasPaid: gasUsed * effectiveGasPrice + l1Fee(receipt) }
  }
  const sending = session.send(bundler, { calls }, { timeoutSeconds })
  const { hash, success, transactionHash, blockNumber, actualGasCost } = await told(
    waiting(io, 'waiting for the operation', sending),
  )
  return { success, transactionHash, blockNumber, gasPaid: actualGasCost, userOpHash: hash }
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
