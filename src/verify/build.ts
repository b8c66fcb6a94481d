import type { Operation, OperationFees } from '../policy/Operation.js'
import { bytesOf, hexOf, joined } from './bytes.js'
import { encodeValue, shifted, type Spot } from './calldata/encode.js'
import { type Outer, outerData, type PlainCall } from './calldata/outer.js'
import { selectorOf } from './calldata/signature.js'
import type { Draft, DraftCall } from './Draft.js'
import type { FeeVariables } from './solve/Scope.js'

/** A draft as bytes, with the places that mutations aim at. */
export type Built = {
  readonly now: number
  readonly operation: Operation
  /** Index of the allow rule that each call was made for. */
  readonly rules: readonly number[]
  readonly calls: readonly PlainCall[]
  /** For each call the places in its data. */
  readonly spots: readonly (readonly Spot[])[]
  readonly outer: Outer
}

const feesOf = (fees: FeeVariables, { paymasterAndData }: Draft): OperationFees => ({
  callGasLimit: fees.callGasLimit.value,
  verificationGasLimit: fees.verificationGasLimit.value,
  preVerificationGas: fees.preVerificationGas.value,
  maxFeePerGas: fees.maxFeePerGas.value,
  maxPriorityFeePerGas: fees.maxPriorityFeePerGas.value,
  paymasterAndData,
})

const dataOf = ({ allow, args }: DraftCall): { data: Uint8Array; spots: readonly Spot[] } => {
  if (allow.action.kind !== 'call' || args === undefined) return { data: new Uint8Array(), spots: [] }
  const { bytes, spots } = encodeValue(args)
  return { data: joined(bytesOf(selectorOf(allow.action)), bytes), spots: shifted(spots, 4) }
}

/** The canonical bytes of a draft with the values that it has now. */
export const build = (draft: Draft): Built => {
  const inner = draft.calls.map(dataOf)
  const calls = draft.calls.map(({ allow, callValue }, index) => ({
    to: allow.target,
    value: callValue.value,
    data: inner[index]?.data ?? new Uint8Array(),
  }))
  const outer = outerData(calls)
  return {
    now: draft.now,
    operation: { callData: hexOf(outer.bytes), ...(draft.fees && { fees: feesOf(draft.fees, draft) }) },
    rules: draft.calls.map(({ rule }) => rule),
    calls,
    spots: inner.map(({ spots }) => spots),
    outer,
  }
}

/** The same operation with other calls. */
export const withCalls = (built: Built, calls: readonly PlainCall[]): Operation => ({
  ...built.operation,
  callData: hexOf(outerData(calls).bytes),
})

/** The same operation with other data in one call. */
export const withData = (built: Built, index: number, data: Uint8Array): Operation =>
  withCalls(
    built,
    built.calls.map((call, at) => (at === index ? { ...call, data } : call)),
  )
