import { setTimeout as sleep } from 'node:timers/promises'
import { BaseError, type Client } from 'viem'
import {
  formatUserOperationRequest,
  prepareUserOperation,
  type PrepareUserOperationParameters,
  type SmartAccount,
  type UserOperation,
} from 'viem/account-abstraction'
import { getAction } from 'viem/utils'
import { printMoment } from '../../explain/printDuration.js'
import type { Hex } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'
import { explainFault } from '../explainFault.js'
import { PolicyDeniedError } from '../PolicyDeniedError.js'
import type { Context } from './Context.js'
import { findIncluded, type Included } from './findIncluded.js'
import { isRefusal } from './isRefusal.js'
import { hashOf, signOperation, slotOf, type ToSign } from './signOperation.js'
import { tightFees, type TightFees } from './tightFees.js'

/** What an operation is made of: `calls` or `callData`, and any field of viem's `prepareUserOperation`; what is missing is filled in. */
export type SendRequest = Omit<PrepareUserOperationParameters, 'account' | 'signature' | 'parameters'>

/** How long to wait, and how often to remind the bundler. */
export type SendPatience = {
  /** Seconds until the wait is given up, by this machine's clock; 600 where it is left out. */
  readonly timeoutSeconds?: number
  /** Seconds after which the same operation is given to the bundler once more, in case it lost it; 15 where it is left out. */
  readonly resendSeconds?: number
}

/** An operation of ours on the chain, and how often it had to be signed. */
export type SentOperation = Included & { readonly signatures: number }

type Signed = { readonly hash: Hex; readonly operation: UserOperation }

/**
 * Sends an operation through a bundler and waits until the chain has it. When the interval that it was signed for passes first, it is prepared, decided
 * and signed anew with the same nonce and a tenth more fees, so that of all its signatures at most one is ever included. Rejects PolicyDeniedError (also when the next
 * window does not allow it) and ChainFault.
 */
export async function sendOperation(
  context: Context,
  account: SmartAccount,
  bundler: Client,
  request: SendRequest,
  { timeoutSeconds = 600, resendSeconds = 15 }: SendPatience = {},
): Promise<SentOperation> {
  const giveUpAt = Date.now() + timeoutSeconds * 1000
  const { blockNumber: since } = await context.read()
  const nonce = (request as { nonce?: bigint }).nonce ?? (await account.getNonce())
  const hashes: Hex[] = []
  let fees: Partial<TightFees> = {}
  for (;;) {
    const signed = await sign(context, account, bundler, { ...request, ...fees, nonce } as SendRequest)
    hashes.push(signed.hash)
    const ended = await carry(context, bundler, signed, { giveUpAt, resendMs: resendSeconds * 1000 })
    if (ended === 'used up')
      return { ...(await findIncluded(context, hashes, nonce, since)), signatures: hashes.length }
    fees = await replacementFees(context, signed.operation)
  }
}

/** A bundler that still has the last signature takes another for its nonce only with a tenth more of both fees (ERC-4337, "replacement"). */
async function replacementFees({ client }: Context, last: UserOperation): Promise<TightFees> {
  const present = await tightFees(client)
  const more = (fee: bigint): bigint => (fee * 11n) / 10n + 1n
  const max = (one: bigint, other: bigint): bigint => (one > other ? one : other)
  return {
    maxFeePerGas: max(present.maxFeePerGas, more(last.maxFeePerGas)),
    maxPriorityFeePerGas: max(present.maxPriorityFeePerGas, more(last.maxPriorityFeePerGas)),
  }
}

async function sign(context: Context, account: SmartAccount, bundler: Client, request: SendRequest): Promise<Signed> {
  const prepared = await prepare(context, account, bundler, request)
  const signature = await signOperation(context, prepared as ToSign)
  const operation = { ...prepared, sender: context.address, signature }
  return { operation, hash: hashOf(context, operation) }
}

/** Filled in by viem, with gas and fees; what bundler, paymaster and node say against it in the user's words. */
async function prepare(
  context: Context,
  account: SmartAccount,
  bundler: Client,
  request: SendRequest,
): Promise<UserOperation> {
  try {
    const fill = getAction(bundler, prepareUserOperation, 'prepareUserOperation')
    return (await fill({ ...request, account } as never)) as unknown as UserOperation
  } catch (error) {
    if (error instanceof PolicyDeniedError) throw error
    // Both are asked: who failed stands in the error.
    const { url } = bundler.transport as { readonly url?: string }
    throw explainFault(error, { ...(url !== undefined && { bundler: url }), module: context.entity.module })
  }
}

type Patience = { readonly giveUpAt: number; readonly resendMs: number }

/** Sees to one signature until its nonce is used up, by whichever operation, or its interval is over. */
async function carry(
  context: Context,
  bundler: Client,
  signed: Signed,
  { giveUpAt, resendMs }: Patience,
): Promise<'used up' | 'over'> {
  const { client, reservations } = context
  const slot = slotOf(context, signed.operation.nonce)
  const { validFrom, validUntil } = reservations.find(signed.hash) ?? { validFrom: 0, validUntil: 0 }
  while ((await context.read()).time < validFrom) await sleep(client.pollingInterval)
  let trouble = await give(context, bundler, signed)
  let givenAt = Date.now()
  const refused = trouble !== undefined && isRefusal(trouble)
  for (;;) {
    const { sequences, time } = await context.read([slot.key])
    if ((sequences.get(slot.key) ?? 0n) > slot.sequence) return 'used up'
    if (refused) {
      const own = reservations.find(signed.hash)
      if (own) reservations.release(own)
      throw explainFault(trouble, { peer: 'bundler', module: context.entity.module })
    }
    if (validUntil <= time) return 'over'
    if (Date.now() > giveUpAt) throw lost(signed.hash, validUntil, trouble)
    await sleep(client.pollingInterval)
    if (Date.now() - givenAt < resendMs) continue
    trouble = await give(context, bundler, signed)
    givenAt = Date.now()
  }
}

/** Gives the operation to the bundler, for the first time or again; the error where it does not take it. */
async function give({ entryPoint }: Context, bundler: Client, { operation }: Signed): Promise<BaseError | undefined> {
  try {
    const params = [formatUserOperationRequest(operation), entryPoint.address]
    await bundler.request({ method: 'eth_sendUserOperation', params } as never, { retryCount: 0 })
    return undefined
  } catch (error) {
    if (error instanceof BaseError) return error
    throw error
  }
}

const lost = (hash: Hex, validUntil: number, cause: Error | undefined): ChainFault =>
  new ChainFault(
    'operation-dropped',
    `the operation ${hash} was not included in the time given`,
    `the bundler may have lost it, or its fees are too low; it can still be included until ${printMoment(validUntil)}, so send another in its place only with its nonce`,
    cause,
  )
