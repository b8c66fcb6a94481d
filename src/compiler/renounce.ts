import { concat, encodeFunctionData, keccak256, numberToHex, parseAbi } from 'viem/utils'
import type { Hex } from '../policy/Hex.js'
import { decode } from './decode.js'
import { partsOf } from './root.js'

const MODULE = parseAbi([
  'function renounce(address account, uint32 entityId, bytes6 tag, bytes header, bytes32 top, bytes signature) returns (bytes32 root)',
])

/** Says that what follows is for one contract to judge, its address first (EIP-191, version 0). */
const FOR_CONTRACT = '0x1900'

/**
 * Calldata to the module by which a session's key ends its own session for ever: sent by the key's address, or, with the key's
 * `signature` (`r ‖ s ‖ v`) over `renounceDigest`, by anyone. Throws RangeError where the bytes are no grant.
 */
export const renounce = (grant: Hex, signature: Hex = '0x'): Hex => {
  const { policy, binding } = read(grant)
  const { header, top } = partsOf(grant)
  const args = [policy.account, binding.entityId, binding.tag, header, top, signature] as const
  return encodeFunctionData({ abi: MODULE, functionName: 'renounce', args })
}

/** What the key signs where another carries it: `keccak256(0x19 ‖ 0x00 ‖ module20 ‖ chainId32 ‖ account20 ‖ root32)`. */
export const renounceDigest = (grant: Hex): Hex => {
  const { policy, binding } = read(grant)
  const chain = numberToHex(policy.chainId, { size: 32 })
  return keccak256(concat([FOR_CONTRACT, binding.module, chain, policy.account, keccak256(partsOf(grant).preimage)]))
}

const read = (grant: Hex) => {
  const decoded = decode(grant)
  if (!decoded.ok) throw new RangeError(`not a grant: ${decoded.reason} at byte ${decoded.offset}`)
  return decoded
}
