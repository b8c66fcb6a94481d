import { numberToHex } from 'viem'
import { RpcError } from '../JsonRpcServer.js'
import type { Operation } from './readOperation.js'
import type { Outcome } from './simulate.js'

/** The EntryPoint's own words for each of its codes (EntryPoint 0.7 and 0.8, EntryPoint.sol and NonceManager.sol). */
export const reasons = {
  AA10: 'AA10 sender already constructed',
  AA13: 'AA13 initCode failed or OOG',
  AA20: 'AA20 account not deployed',
  AA21: "AA21 didn't pay prefund",
  AA22: 'AA22 expired or not due',
  AA23: 'AA23 reverted',
  AA24: 'AA24 signature error',
  AA25: 'AA25 invalid account nonce',
  AA26: 'AA26 over verificationGasLimit',
  AA31: 'AA31 paymaster deposit too low',
  AA32: 'AA32 paymaster expired or not due',
  AA33: 'AA33 reverted',
  AA34: 'AA34 signature error',
} as const

export type ReasonCode = keyof typeof reasons

/** The JSON-RPC error of a refusal by the EntryPoint (ERC-7769, `eth_sendUserOperation`). */
export function refusal(
  { reason, inner }: Pick<Extract<Outcome, { kind: 'fails' }>, 'reason' | 'inner'>,
  operation: Operation,
  interval?: { readonly validAfter: number; readonly validUntil: number },
): RpcError {
  const times = interval && {
    validAfter: numberToHex(interval.validAfter),
    validUntil: numberToHex(interval.validUntil),
  }
  switch (reason.slice(0, 4)) {
    case 'AA22':
      return new RpcError(-32503, reason, times)
    case 'AA24':
      return new RpcError(-32507, reason)
    case 'AA31':
      return new RpcError(-32508, reason, { paymaster: operation.paymaster })
    case 'AA32':
      return new RpcError(-32503, reason, { paymaster: operation.paymaster, ...times })
    case 'AA30':
    case 'AA33':
    case 'AA34':
    case 'AA36':
      return new RpcError(-32501, reason, { paymaster: operation.paymaster, ...(inner && { revertData: inner }) })
    default:
      return new RpcError(-32500, reason, inner)
  }
}
