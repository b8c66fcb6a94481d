import { BaseError, concat, keccak256, type TransactionReceipt } from 'viem'
import { estimateGas, sendRawTransaction, waitForTransactionReceipt } from 'viem/actions'
import { getAction } from 'viem/utils'
import { witness } from '../../evaluator/index.js'
import { runtimeCalldata } from '../../evm/accountCalldata.js'
import type { Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'
import type { Reservation } from '../Reservations.js'
import { callDataOf, type Call } from './calls.js'
import { explainFault } from '../explainFault.js'
import type { Context } from './Context.js'
import { isRefusal } from './isRefusal.js'
import { tightFees } from './tightFees.js'
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
    ({ decision, snapshot }) => {
      const { charges } = decision
      const life = { validFrom: session.from, validUntil: session.until }
      const made: Reservation = { hash: undefined, slot: own, charges, ...life }
      reservations.add(made)
      const proof = concat([snapshot.activation, witness(session, { time: 0, rules: decision.rules })])
      return { authorization: kind.validation.authorization(entity, proof, hooks.segments), reservation: made }
    },
  )
  const transaction = await prepared(context, runtimeCalldata(callData, authorization)).catch((error: unknown) => {
    reservations.release(reservation)
    throw explainFault(error, { peer: 'node', module: entity.module })
  })
  const { hash } = transaction
  const named = { ...reservation, hash }
  reservations.release(reservation)
  reservations.add(named)
  await give(context, transaction).catch((error: unknown) => {
    // Where the answer was lost the node may have it: whether it is included tells.
    if (error instanceof BaseError && !isRefusal(error)) return
    reservations.release(named)
    throw explainFault(error, { peer: 'node', module: entity.module })
  })
  const receipt = await getAction(client, waitForTransactionReceipt, 'waitForTransactionReceipt')({ hash })
  // One that reverted has charged nothing; one that succeeded is counted by the chain from its block on.
  if (receipt.status === 'success') reservations.settle(named, receipt.blockNumber)
  else {
    reservations.release(named)
    throw new ChainFault(
      'transaction-reverted',
      `the transaction ${hash} to ${address} reverted`,
      'ask `decide` again: the account may have changed between the decision and the block, or a call itself failed',
    )
  }
  return { hash, receipt }
}

type Signed = { readonly hash: Hex; readonly serialized: Hex }

/** The transaction, filled in and signed; rejects where it would revert. */
async function prepared({ client, key, address, session, nonces }: Context, data: Hex): Promise<Signed> {
  const gas = await getAction(client, estimateGas, 'estimateGas')({ account: key.address, to: address, data })
  const fees = await tightFees(client)
  // Transactions of one key beside each other need nonces that follow each other.
  const nonce = await nonces.consume({ address: key.address, chainId: session.chainId, client })
  const { chainId } = session
  const serialized = await key.signTransaction({ type: 'eip1559', chainId, to: address, data, gas, nonce, ...fees })
  return { serialized, hash: keccak256(serialized) }
}

async function give(
  { client, key, session, nonces }: Context,
  { serialized: serializedTransaction }: Signed,
): Promise<void> {
  try {
    await getAction(client, sendRawTransaction, 'sendRawTransaction')({ serializedTransaction })
  } catch (error) {
    nonces.reset({ address: key.address, chainId: session.chainId })
    throw error
  }
}
