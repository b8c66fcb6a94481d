import { RpcRequestError, type BaseError } from 'viem'

const LIMIT_EXCEEDED = -32005

/**
 * Whether a node or bundler has looked at what it was given and does not want it (JSON-RPC answered with an error); otherwise the answer, or the way to it,
 * failed, and it may have it all the same.
 */
export function isRefusal(error: BaseError): boolean {
  const answer = error.walk((cause) => cause instanceof RpcRequestError)
  return answer instanceof RpcRequestError && answer.code !== LIMIT_EXCEEDED
}
