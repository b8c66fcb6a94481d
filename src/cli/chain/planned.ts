import { formatEther, getAddress } from 'viem'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Io } from '../Io.js'
import { decodedCall, decodedText, type DecodedCall } from './decodedCall.js'

/** Something before it is sent, with what it means: a transaction, or, with `operation`, a UserOperation of which `data` is the callData. */
export type Planned = {
  /** What it is for, a clause. */
  readonly what: string
  readonly from: Address
  readonly to: Address
  /** Wei. */
  readonly value?: bigint
  readonly data: Hex
  /** What the data says, where that is no call. */
  readonly means?: DecodedCall
  /** A UserOperation's other fields; gas and fees are those of the moment. */
  readonly operation?: Operation
}

type Operation = {
  /** Who is to sign it. */
  readonly signer: Address
  readonly nonce: bigint
  /** Calldata to the factory that makes the account, where it is not there yet. */
  readonly factory?: Address
  readonly factoryData?: Hex
  readonly callGasLimit: bigint
  readonly verificationGasLimit: bigint
  readonly preVerificationGas: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  /** Who pays, where it is not the account. */
  readonly paymaster?: Address
  readonly paymasterVerificationGasLimit?: bigint
  readonly paymasterPostOpGasLimit?: bigint
  readonly paymasterData?: Hex
}

/** Prints what a command would send, with what else it has to say about it: `more` for people, `facts` for programs. */
export const printPlan = (io: Io, json: boolean, plan: readonly Planned[], more = '', facts: object = {}): void => {
  if (json) return io.out(`${JSON.stringify({ dryRun: true, ...facts, transactions: plan.map(plannedJson) })}\n`)
  io.out(`dry run: nothing is sent\n\n${plan.map(plannedText).join('\n')}${more === '' ? '' : `\n${more}`}`)
}

const plannedText = ({ what, from, to, value = 0n, data, means, operation }: Planned): string => {
  const meaning = `means  ${decodedText(means ?? decodedCall(data), '  ')}`
  if (operation === undefined)
    return `a transaction that ${what}
  from   ${getAddress(from)}
  to     ${getAddress(to)}
  value  ${formatEther(value)} ETH
  data   ${data}
  ${meaning}`
  const fields = Object.entries(operation).map(([name, field]) => `  ${name} ${String(field)}\n`)
  return `a UserOperation that ${what}\n  sender ${getAddress(from)}\n${fields.join('')}  callData ${data}\n  ${meaning}`
}

const plannedJson = ({ what, from, to, value = 0n, data, means, operation }: Planned) => {
  const decoded = means ?? decodedCall(data)
  if (operation === undefined) return { what, from, to, value: String(value), data, decoded }
  const fields = Object.entries(operation).map(([name, field]) => [name, String(field)])
  return { what, sender: from, callData: data, decoded, ...Object.fromEntries(fields) }
}
