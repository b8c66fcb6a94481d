import { decodeFunctionData, type Hex, hexToBigInt, parseAbi, recoverAddress, slice, size } from 'viem'
import { entryPoint07Abi, entryPoint07Address } from 'viem/account-abstraction'
import { digest } from '../../../src/evaluator/index.js'
import type { Address } from '../../../src/policy/Hex.js'
import type { Meter } from '../../../src/policy/Meter.js'
import type { MeterState } from '../../../src/policy/State.js'
import type { Anvil } from '../harness/Anvil.js'
import type { AgentSession } from './world.js'

/** An operation as the EntryPoint reported it and as its bundle carried it. */
export type IncludedOperation = {
  readonly hash: Hex
  readonly sender: Address
  readonly nonce: bigint
  readonly success: boolean
  /** Unix seconds of its block. */
  readonly time: number
  /** Who signed it, recovered from the signature over the EntryPoint's own hash. */
  readonly signer: Address
  readonly calls: readonly { readonly to: Address; readonly value: bigint; readonly data: Hex }[]
  /** All gas limits times maxFeePerGas, wei. */
  readonly feeWei: bigint
}

/** Everything that went through the EntryPoint, in its order, read from its events and the bundles that they stand in. */
export async function includedOperations(
  anvil: Anvil,
  sessions: readonly AgentSession[],
): Promise<readonly IncludedOperation[]> {
  const client = anvil.reader()
  const logs = await client.getContractEvents({
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    eventName: 'UserOperationEvent',
    fromBlock: 0n,
    strict: true,
  })
  return Promise.all(
    logs.map(async ({ args, transactionHash, blockNumber }) => {
      const [{ input }, { timestamp }] = await Promise.all([
        client.getTransaction({ hash: transactionHash }),
        client.getBlock({ blockNumber }),
      ])
      const { functionName, args: bundle } = decodeFunctionData({ abi: entryPoint07Abi, data: input })
      if (functionName !== 'handleOps') throw new Error('an operation that came by another way than handleOps')
      const packed = bundle[0].filter(({ sender, nonce }) => sender === args.sender && nonce === args.nonce)
      const [operation] = packed
      if (operation === undefined || packed.length !== 1) throw new Error('an event without its operation')
      const sender = args.sender.toLowerCase() as Address
      return {
        hash: args.userOpHash,
        sender,
        nonce: args.nonce,
        success: args.success,
        time: Number(timestamp),
        signer: await signerOf(operation.signature, args.userOpHash, entityOf(sessions, sender, args.nonce)),
        calls: callsOf(operation.callData),
        feeWei: feeOf(operation),
      }
    }),
  )
}

/** A nonce of the account for tests: `key19 ‖ entityId4 ‖ options1 ‖ sequence8`. */
function entityOf(sessions: readonly AgentSession[], sender: Address, nonce: bigint) {
  const entityId = Number((nonce >> 72n) & 0xffff_ffffn)
  const found = sessions.find((each) => each.account === sender && each.entityId === entityId)
  if (found === undefined) throw new Error('an operation of no session')
  return { module: found.module, entityId }
}

/** `0xFF ‖ witness ‖ r ‖ s ‖ v` */
async function signerOf(
  signature: Hex,
  userOpHash: Hex,
  entity: { readonly module: Address; readonly entityId: number },
): Promise<Address> {
  const end = size(signature) - 65
  const hash = digest({ userOpHash, ...entity, witness: slice(signature, 1, end) })
  return (await recoverAddress({ hash, signature: slice(signature, end) })).toLowerCase() as Address
}

type Packed = { readonly accountGasLimits: Hex; readonly preVerificationGas: bigint; readonly gasFees: Hex }

function feeOf({ accountGasLimits, preVerificationGas, gasFees }: Packed): bigint {
  const gas =
    hexToBigInt(slice(accountGasLimits, 0, 16)) + hexToBigInt(slice(accountGasLimits, 16, 32)) + preVerificationGas
  return gas * hexToBigInt(slice(gasFees, 16, 32))
}

const accountAbi = parseAbi([
  'struct Call { address target; uint256 value; bytes data; }',
  'function execute(address target, uint256 value, bytes data)',
  'function executeBatch(Call[] calls)',
])
const tokenAbi = parseAbi(['function transfer(address to, uint256 amount)'])

function callsOf(callData: Hex): IncludedOperation['calls'] {
  const decoded = decodeFunctionData({ abi: accountAbi, data: callData })
  const calls =
    decoded.functionName === 'execute'
      ? [{ target: decoded.args[0], value: decoded.args[1], data: decoded.args[2] }]
      : decoded.args[0]
  return calls.map(({ target, value, data }) => ({ to: target.toLowerCase() as Address, value, data }))
}

/**
 * What each meter of a session must hold: the sum of what its operations counted in the last window in which there was one. Written from the
 * words of the writ of `world.ts`, with neither the module nor the evaluator.
 */
export function recompute(session: AgentSession, operations: readonly IncludedOperation[]): readonly MeterState[] {
  const own = operations.filter(({ signer }) => signer === session.keyAddress)
  return session.policy.meters.map((meter, index) => {
    const sums = new Map<number, bigint>()
    for (const operation of own) {
      const amount = countedBy(meter, index, session, operation)
      if (amount === undefined) continue
      const window = windowOf(meter, session.policy.from, operation.time)
      sums.set(window, (sums.get(window) ?? 0n) + amount)
    }
    const window = Math.max(0, ...sums.keys())
    return { window, spent: sums.get(window) ?? 0n }
  })
}

function windowOf({ window }: Meter, from: number, time: number): number {
  return window.kind === 'period' ? Math.floor((time - from) / window.seconds) : 0
}

/** Undefined where the operation does not touch the meter. */
function countedBy(
  meter: Meter,
  index: number,
  { policy, friend, token }: AgentSession,
  { calls, feeWei }: IncludedOperation,
): bigint | undefined {
  const { paidBy } = policy.fees
  if ('meter' in paidBy && paidBy.meter === index) return feeWei
  const transfers = calls
    .filter(({ to }) => to === token)
    .map(({ data }) => decodeFunctionData({ abi: tokenAbi, data }).args[1])
  const payments = calls.filter(({ to }) => to === friend).map(({ value }) => value)
  if (meter.counts === 'calls') return transfers.length === 0 ? undefined : BigInt(transfers.length)
  const amounts = meter.counts === 'ETH' ? payments : transfers
  return amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0n)
}
