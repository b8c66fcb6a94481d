import { concat, hashMessage, numberToHex } from 'viem'
import { activation } from '../compiler/activation.js'
import { deviceText, displayable } from '../compiler/device/deviceText.js'
import { encode } from '../compiler/encode.js'
import { printerAddress, readerAddress } from '../evm/moduleAddress.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'

/** Precompiles stand below. */
const LAST_PRECOMPILE = 0xffffn

/** A token whose decimals a text states. */
export type Stated = { readonly token: Address; readonly decimals: number }

/** The tokens whose decimals the policy's text states. */
export const statedBy = ({ tokens }: Policy): readonly Stated[] =>
  tokens.flatMap(({ address: token, decimals }) => (decimals === 'base units' ? [] : [{ token, decimals }]))

/** A stated token that can be none here: where a contract of this very chain stands, no other code can be put, and that says no decimals. */
export const untold = (policy: Policy, { module }: Binding): Stated | undefined => {
  const taken = [module, readerAddress(), printerAddress()]
  return statedBy(policy).find(({ token }) => taken.includes(token) || BigInt(token) <= LAST_PRECOMPILE)
}

/** Code of a token: answers `decimals()` with the first bytes of a word, reverts at every other call. */
export const tokenCode = (word: number, size = 32): Hex =>
  concat([
    '0x5f3560e01c63313ce567146011575f5ffd5b60',
    numberToHex(word, { size: 1 }),
    '0x5f5260',
    numberToHex(size, { size: 1 }),
    '0x5ff3',
  ])

/** What operations carry until the session is in force: the grant and its first owner's signature; and what that signature is made over. */
export type Carried = { readonly before: Hex; readonly digest: Hex; readonly signature: Hex }

/** Remembered: to print a text takes as long as many an operation. Within one policy the binding is always the same. */
const known = new WeakMap<Policy, { readonly binding: Binding; readonly carried: Carried | undefined }>()

/** Undefined where the policy has no text, or one that nobody could put into force on this chain. */
export const carriedBy = (policy: Policy, binding: Binding): Carried | undefined => {
  const found = known.get(policy)
  if (found?.binding === binding) return found.carried
  const carried = carry(policy, binding)
  known.set(policy, { binding, carried })
  return carried
}

const carry = (policy: Policy, binding: Binding): Carried | undefined => {
  if (displayable(policy, binding).length > 0 || untold(policy, binding) !== undefined) return undefined
  const signature = SIGNATURE
  const before = activation({ grant: encode(policy, binding), signature })
  return { before, digest: hashMessage(deviceText(policy, binding)), signature }
}

const SIGNATURE: Hex = `0x${'6b'.repeat(32)}${'2d'.repeat(32)}1c`
