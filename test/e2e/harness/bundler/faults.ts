import { RpcError, type TransportFault } from '../JsonRpcServer.js'
import { type ReasonCode, reasons } from './refusal.js'

/** How a bundler can fail its user. */
export type BundlerFault =
  | TransportFault
  /** Says that the EntryPoint refused, though it was not asked; `data` as a revert would bring. */
  | { readonly kind: 'reject'; readonly reason: ReasonCode; readonly data?: unknown }
  /** Any other error of its own. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data?: unknown }
  /** Accepts operations, answers with their hash, and forgets them. */
  | { readonly kind: 'drop' }
  /** Accepts operations and includes none until healed. */
  | { readonly kind: 'hold' }
  /** Includes operations, but knows of none when asked. */
  | { readonly kind: 'blind' }
  /** Serves another chain. */
  | { readonly kind: 'wrong-chain'; readonly chainId: number }

/** The part of a fault that lies on the way to the bundler. */
export function transportFault(fault: BundlerFault | undefined): TransportFault | undefined {
  switch (fault?.kind) {
    case 'down':
    case 'slow':
    case 'hang':
    case 'http':
    case 'lost-answer':
      return fault
    default:
      return undefined
  }
}

const codes: Readonly<Partial<Record<ReasonCode, number>>> = {
  AA22: -32503,
  AA24: -32507,
  AA31: -32508,
  AA32: -32503,
  AA33: -32501,
  AA34: -32501,
}

/** The error with which a faulty bundler answers to an operation; undefined where it takes it. */
export function answerOf(fault: BundlerFault | undefined): RpcError | undefined {
  if (fault?.kind === 'reject') return new RpcError(codes[fault.reason] ?? -32500, reasons[fault.reason], fault.data)
  if (fault?.kind === 'error') return new RpcError(fault.code, fault.message, fault.data)
  return undefined
}
