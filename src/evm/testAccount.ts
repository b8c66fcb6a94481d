import { concat, numberToHex, pad, zeroHash } from 'viem'
import type { Address, Hex } from '../policy/Hex.js'
import { contractArtifact } from './artifacts.js'
import type { Ground } from './Machine.js'

/** Puts the ERC-6900 account for tests at an address, with this owner and nothing installed. */
export async function placeTestAccount(evm: Ground, address: Address, owner: Address): Promise<void> {
  await evm.setCode(address, contractArtifact('TestAccount').deployedBytecode)
  await evm.setStorage(address, zeroHash, pad(owner))
}

/** A UserOperation's signature for this account: what its validation checks, after a byte that says there is nothing for hooks. */
export function userOpSignature(validationSignature: Hex): Hex {
  return concat(['0xff', validationSignature])
}

/** What the owner's own validation checks: `00 ‖ r ‖ s ‖ v`, made with `personal_sign` over the UserOperation's hash. */
export function ownerSignature(signature: Hex): Hex {
  return concat(['0x00', signature])
}

/** Names the validation of a runtime call or an ERC-1271 signature: `options1 ‖ entityId4 ‖ 0xFF ‖ data`; options 1: global. */
export function authorization(entityId: number, data: Hex, options = 0): Hex {
  return concat([numberToHex(options, { size: 1 }), numberToHex(entityId, { size: 4 }), '0xff', data])
}
