import { nonceManager, type TransactionReceipt } from 'viem'
import { sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { getAction } from 'viem/utils'
import { witness } from '../../evaluator/index.js'
import { runtimeCalldata } from '../../evm/accountCalldata.js'
import type { Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'
import type { Reservation } from '../Reservations.js'
import { callDataOf, type Call } from './calls.js'
import type { Context } from './Context.js'
import { whenToInclude } from './whenToInclude.js'

/** A plain transaction of the key that was included and did what it was to do. */
export type SentDirectly = { readonly hash: Hex; readonly receipt: TransactionReceipt }

let transactions = 0

/**
 * Makes the calls by a transaction of the key itself: `executeWithRuntimeValidation`, which the module judges by the same writ at the block's time, and which
 * the key's own ether pays for. Decided before; throws PolicyDeniedError and ChainFault before anything is signed, and ChainFault where the transaction reverts.
 */
export async function sendDirect(context: Context, calls: readonly Call[]): Promise<SentDirectly> {
  const { client, session, entity, kind, hooks, address, reservations } = context
  const callData = callDataOf(calls)
  const own = { kind: 'transaction', id: transactions++ } as const
  const { authorization, reservation } = await whenToInclude(
    context,
    { operation: { callData }, own },
    ({ decision }) => {
      const made: Reservation = { hash: undefined, slot: own, charges: decision.charges, validUntil: session.until }
      reservations.add(made)
      const proof = witness(session, { time: 0, rules: decision.rules })
      return { authorization: kind.validation.authorization(entity, proof, hooks.segments), reservation: made }
    },
  )
  const hash = await send(context, runtimeCalldata(callData, authorization)).catch((error: unknown) => {
    reservations.release(reservation)
    throw error
  })
  const receipt = await getAction(client, waitForTransactionReceipt, 'waitForTransactionReceipt')({ hash })
  // One that reverted has charged nothing; one that succeeded is counted by the chain from its block on.
  if (receipt.status === 'success') reservations.settle(reservation, receipt.blockNumber)
  else {
    reservations.release(reservation)
    throw new ChainFault(
      'transaction-reverted',
      `the transaction ${hash} to ${address} reverted`,
      'ask `decide` again: the account may have changed between the decision and the block, or a call itself failed',
    )
  }
  return { hash, receipt }
}

async function send({ client, key, address }: Context, data: Hex): Promise<Hex> {
  // Transactions of one key beside each other need nonces that follow each other.
  const account = { ...key, nonceManager: key.nonceManager ?? nonceManager }
  return getAction(
    client,
    sendTransaction,
    'sendTransaction',
  )({ account, chain: client.chain ?? null, to: address, data })
}
