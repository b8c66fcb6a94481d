import { BaseError, createNonceManager, type Client, type LocalAccount } from 'viem'
import { toSmartAccount, type SmartAccount } from 'viem/account-abstraction'
import { getChainId } from 'viem/actions'
import { jsonRpc } from 'viem/nonce'
import { getAction } from 'viem/utils'
import { remaining } from '../evaluator/index.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { OperationFees } from '../policy/Operation.js'
import { ChainFault } from './ChainFault.js'
import { entryPoints } from './entryPoints.js'
import { kindOf } from './kinds.js'
import { Reservations } from './Reservations.js'
import { callDataOf, type Call } from './session/calls.js'
import { CarriedActivation } from './session/CarriedActivation.js'
import type { ChainClient, Context } from './session/Context.js'
import { decideAt, nextMoment, type Question } from './session/decideNow.js'
import { estimateGas } from './session/estimateGas.js'
import { draftFees } from './session/feesOf.js'
import { Lanes } from './session/Lanes.js'
import { loadSession, type LoadedSession } from './session/loadSession.js'
import { oneAtATime } from './session/oneAtATime.js'
import { readSnapshot } from './session/readSnapshot.js'
import type { SessionAccount, SessionAccountParameters, SessionExtras } from './session/SessionAccount.js'
import { sendDirect } from './session/sendDirect.js'
import { sendOperation, type SendPatience, type SendRequest } from './session/sendOperation.js'
import { signOperation, type ToSign } from './session/signOperation.js'
import { stubSignature } from './session/stubSignature.js'
import { tightFees } from './session/tightFees.js'
import { SessionMismatchError } from './SessionMismatchError.js'

/**
 * An agent's account for viem: operations of one session, decided before they are signed. Rejects InvalidWritError, ChainFault or
 * SessionMismatchError where the writ is for another chain, account or key, and ChainFault where an activation is no signed text of the writ.
 */
export async function toSessionAccount(parameters: SessionAccountParameters): Promise<SessionAccount> {
  const context = await contextOf(parameters)
  const { client, address, entryPoint, hooks } = context
  const margin = parameters.gasMarginPercent ?? 5
  const account = await toSmartAccount({
    client: client as never,
    entryPoint: { ...entryPoint, abi: entryPoint.abi as never },
    extend: extrasOf(context),
    getAddress: async () => address,
    encodeCalls: async (calls) => callDataOf(calls, hooks.execution),
    // A session is granted by an account that stands already.
    getFactoryArgs: async () => ({ factory: undefined, factoryData: undefined }),
    getStubSignature: (request = {} as never) => stubSignature(context, request),
    signUserOperation: (operation) => signOperation(context, operation as ToSign),
    signMessage: () => Promise.reject(onlyOperations('a message')),
    signTypedData: () => Promise.reject(onlyOperations('typed data')),
    userOperation: { estimateGas: (request) => estimateGas(context, request, margin) },
  })
  // viem would make up a nonce key of its own for each operation; a session has its lanes.
  const session = {
    ...account,
    getNonce: (chosen?: { key?: bigint | undefined }) => nonceOf(context, chosen?.key),
    send: (bundler: Client, request: SendRequest, patience?: SendPatience) =>
      sendOperation(context, session as SmartAccount, bundler, request, patience),
  }
  return session as unknown as SessionAccount
}

async function contextOf(parameters: SessionAccountParameters): Promise<Context> {
  const { client, writ } = parameters
  const loaded = loadSession(writ)
  const address = lowerCase(parameters.address)
  const kind = typeof parameters.kind === 'string' ? kindOf(parameters.kind) : parameters.kind
  const version = parameters.entryPoint ?? kind.entryPoints[0]
  if (!kind.entryPoints.includes(version))
    throw new BaseError(`Accounts of kind ${kind.name} do not answer to EntryPoint ${version}.`)
  const entryPoint = entryPoints[version]
  const key = checkedKey(parameters.key, loaded)
  if (address !== loaded.session.account) throw new SessionMismatchError('account', loaded.session.account, address)
  await checkChain(client, loaded)
  const activation = parameters.activation && (await CarriedActivation.open(client, loaded, parameters.activation))
  const reservations = new Reservations(loaded.session)
  const lanes = new Lanes(kind, loaded.entity, loaded.root, parameters.lanes ?? 4)
  return {
    ...loaded,
    client,
    address,
    key,
    nonces: key.nonceManager ?? createNonceManager({ source: jsonRpc() }),
    kind,
    entryPoint,
    hooks: parameters.hooks ?? {},
    leastSeconds: parameters.leastSeconds ?? 45,
    whenEnding: parameters.whenEnding ?? 'wait',
    reservations,
    lanes,
    activation,
    exclusive: oneAtATime(),
    read: async (nonceKeys = []) => {
      const keys = [...nonceKeys, ...reservations.nonceKeys]
      const clock = parameters.now ?? 'latest'
      const snapshot = await readSnapshot(client, {
        loaded,
        entryPoint,
        nonceKeys: keys,
        clock,
        activation: activation?.bytes,
      })
      reservations.prune(snapshot)
      return snapshot
    },
  }
}

function checkedKey(key: LocalAccount, { session }: LoadedSession): Context['key'] {
  if (lowerCase(key.address) !== session.key) throw new SessionMismatchError('key', session.key, lowerCase(key.address))
  const { sign } = key
  if (!sign)
    throw new BaseError(
      'The key cannot sign a hash: give an account of viem that has `sign`, as those of a private key have.',
    )
  return { ...key, sign }
}

async function checkChain(client: ChainClient, { session }: LoadedSession): Promise<void> {
  const chainId = await getAction(client, getChainId, 'getChainId')({})
  if (chainId === session.chainId) return
  throw new ChainFault(
    'wrong-chain',
    `the writ is for chain ${session.chainId}, and the node is of chain ${chainId}`,
    'connect to the chain that the writ names, or have the owner grant a writ for this chain',
  )
}

function extrasOf(context: Context): Omit<SessionExtras, 'send'> {
  const { session, reservations, client } = context
  const questionOf = (calls: readonly Call[], fees?: OperationFees): Question => ({
    operation: { callData: callDataOf(calls, context.hooks.execution), fees: fees ?? draftFees(session) },
  })
  return {
    decide: async (calls, fees) => {
      const snapshot = await context.read()
      return decideAt(context, snapshot, questionOf(calls, fees), snapshot.time)
    },
    remaining: async () => {
      const snapshot = await context.read()
      return remaining(session, reservations.stateAt(snapshot, snapshot.time), snapshot.time)
    },
    nextAllowedAt: async (calls, fees) => {
      const snapshot = await context.read()
      return nextMoment(context, snapshot, questionOf(calls, fees), snapshot.time)
    },
    sendDirect: (calls) => sendDirect(context, calls),
    release: (userOpHash) => {
      const found = reservations.find(userOpHash)
      if (found) reservations.release(found)
    },
    validUntil: (userOpHash) => reservations.find(userOpHash)?.validUntil,
    estimateFeesPerGas: () => tightFees(client),
  }
}

const SEQUENCE_BITS = 64n

/** The next nonce: of the lane that is told, or of a free one of the session's own. */
function nonceOf(context: Context, lane?: bigint): Promise<bigint> {
  const { kind, entity, lanes, reservations, read, exclusive } = context
  return exclusive(async () => {
    if (lane === undefined) return lanes.pick(await read(lanes.keys), reservations)
    const key = kind.validation.nonceKey(entity, lane)
    const { sequences } = await read([key])
    return (key << SEQUENCE_BITS) | (sequences.get(key) ?? 0n)
  })
}

const onlyOperations = (what: string): BaseError =>
  new BaseError(`A session key does not sign ${what}: it signs operations of its account, and nothing else.`, {
    metaMessages: ['Have the owner of the account sign it.'],
  })

const lowerCase = (hex: Hex): Address => `0x${hex.slice(2).toLowerCase()}`
