import type { Explained } from './contractFault.js'
import type { ErrorFacts } from './errorFacts.js'
import type { Peer } from './transportFault.js'

/** Says what a node refused a transaction or a call for, in the words of geth, reth, anvil and their like; undefined where they are not known. */
export function nodeFault({ texts, names }: ErrorFacts, peer: Peer): Explained | undefined {
  const said = (pattern: RegExp): boolean => texts.some((each) => pattern.test(each))
  if (
    said(
      /insufficient (funds|balance)|exceeds the balance|exceeds (account )?balance|not enough (funds|balance)|Out of gas: gas required exceeds allowance/i,
    )
  )
    return [
      'insufficient-funds',
      'the sender has too little ether for the transaction and its gas',
      'send ether to the address that signs',
    ]
  if (
    said(
      /nonce too low|nonce (is )?lower than|already known|already imported|replacement transaction underpriced|replacement underpriced|invalid nonce/i,
    )
  )
    return [
      'nonce-taken',
      'another transaction of the same sender took this place, or waits in it',
      'run the same again; if another process uses the same key, let only one of them send',
    ]
  if (said(/nonce too high|nonce gap/i))
    return [
      'nonce-taken',
      'a transaction of the sender before this one is missing',
      'wait for it, then run the same again',
    ]
  if (
    said(
      /max fee per gas less than block base fee|maxFeePerGas must be at least|fee ?cap (is )?(less|lower)|base ?fee exceeds/i,
    )
  )
    return [
      peer === 'bundler' ? 'bundler-refused' : 'unknown',
      'the fee that is offered is below the block’s base fee',
      'prepare it again: fees have risen',
    ]
  if (said(/preVerificationGas/i))
    return [
      'bundler-refused',
      'preVerificationGas is too low for this bundler',
      'estimate the gas with the bundler that is to carry it',
    ]
  if (said(/invalid chain id|chain ?id mismatch|wrong chain/i) || names.includes('ChainMismatchError'))
    return ['wrong-chain', 'the node is of another chain than what was signed', 'give --rpc a node of the right chain']
  if (said(/unknown account|no signer available|signer for .* not found|No Signer available/i))
    return [
      'unknown',
      'the node does not hold the key of this address',
      'unlock it on the node, or sign with a keystore',
    ]
  if (said(/user rejected|user denied/i) || names.includes('UserRejectedRequestError'))
    return ['unknown', 'the owner refused to sign', 'run the same again when the owner agrees']
  return undefined
}
