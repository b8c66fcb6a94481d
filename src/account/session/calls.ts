import type { Hex as AnyHex } from 'viem'
import { executeCalldata, executeUserOpCalldata } from '../../evm/accountCalldata.js'
import type { Address, Hex } from '../../policy/Hex.js'

/** A call as viem gives it: no value is 0, no data is none. */
export type Call = { readonly to: AnyHex; readonly value?: bigint | undefined; readonly data?: AnyHex | undefined }

/** Calldata to the account: `execute` for one call, `executeBatch` for several; `asUserOp`: after the selector of `executeUserOp`. */
export function callDataOf(calls: readonly Call[], asUserOp = false): Hex {
  const callData = executeCalldata(
    calls.map(({ to, value = 0n, data = '0x' }) => ({ to: lowerCase(to), value, data: lowerCase(data) })),
  )
  return asUserOp ? executeUserOpCalldata(callData) : callData
}

const lowerCase = (hex: AnyHex): Address => `0x${hex.slice(2).toLowerCase()}`
