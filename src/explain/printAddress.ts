import { getAddress } from 'viem'
import type { Address } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'

/** An address in full, with its EIP-55 checksum. */
export function printAddress(address: Address): string {
  return getAddress(address)
}

/** An address with what the policy knows about it: `USDC (0x8335…)`, `the account 0x5A0b…`; always in full. */
export function printParty(address: Address, policy: Policy): string {
  const token = policy.tokens.find((candidate) => candidate.address === address)
  if (token) return `${token.symbol} (${printAddress(address)})`
  if (address === policy.account) return `the account ${printAddress(address)}`
  if (address === policy.key) return `the key ${printAddress(address)}`
  return printAddress(address)
}
