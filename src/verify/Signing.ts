import { keccak256 } from 'viem'
import { privateKeyToAddress, sign as signHash, signMessage } from 'viem/accounts'
import { digest } from '../evaluator/index.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Chain } from './Chain.js'
import { bytesOf, flipped, hexOf, numberBytes } from './bytes.js'

/** Whose signature goes with a UserOperation, and over what. Only the first two are the key's own, over what it ought to sign. */
export type Signing =
  | { readonly kind: 'key' | 'key, greatest s' }
  | { readonly kind: 'nobody' | 'high s' | 'other hash' | 'other entity' | 'other module' | 'other witness' }
  /** A real signature by a key that is at hand; `personal` signs as `personal_sign` does. The key's own only where it is `plain` and the session's key. */
  | { readonly kind: 'signed'; readonly privateKey: Hex; readonly form: 'plain' | 'high s' | 'personal' }
  /** One bit of `r ‖ s ‖ v` flipped. */
  | { readonly kind: 'flipped'; readonly bit: number }

/** The order of secp256k1; an s above half of it is the same signature written another way (EIP-2). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

const signatureWith = (s: bigint): Hex => `0x${'7c'.repeat(31)}01${s.toString(16).padStart(64, '0')}1b`
const USUAL = signatureWith(BigInt(`0x${'35'.repeat(32)}`))

/** Whether the module must take it for the key's. */
export const isKeys = (signing: Signing, key: Address): boolean =>
  signing.kind === 'signed'
    ? signing.form === 'plain' && BigInt(privateKeyToAddress(signing.privateKey)) === BigInt(key)
    : signing.kind === 'key' || signing.kind === 'key, greatest s'

const reallySigned = async ({ privateKey, form }: Signing & { kind: 'signed' }, hash: Hex): Promise<Hex> => {
  if (form === 'personal') return signMessage({ message: { raw: hash }, privateKey })
  const { r, s, yParity } = await signHash({ hash, privateKey })
  // The other s of the same r is as valid to the curve, and belongs to the other parity.
  const high = form === 'high s'
  const value = high ? ORDER - BigInt(s) : BigInt(s)
  const v = (yParity === 1) !== high ? '1c' : '1b'
  return `0x${r.slice(2).padStart(64, '0')}${value.toString(16).padStart(64, '0')}${v}`
}

/** The 65 bytes of a signature; where it is the key's (over whatever), the chain is made to believe so without the key. */
export const sign = async (
  chain: Chain,
  binding: Binding,
  signing: Signing,
  witness: Hex,
  userOpHash: Hex,
): Promise<Hex> => {
  const { module, entityId } = binding
  const right = { userOpHash, module, entityId, witness }
  switch (signing.kind) {
    case 'nobody':
      return `0x${'00'.repeat(65)}`
    case 'key':
      chain.forge(digest(right), USUAL)
      return USUAL
    case 'key, greatest s':
    case 'high s': {
      const signature = signatureWith(signing.kind === 'high s' ? HALF_ORDER + 1n : HALF_ORDER)
      chain.forge(digest(right), signature)
      return signature
    }
    case 'signed':
      return reallySigned(signing, digest(right))
    case 'flipped':
      chain.forge(digest(right), USUAL)
      return hexOf(flipped(bytesOf(USUAL), signing.bit % 520))
    case 'other hash':
      chain.forge(digest({ ...right, userOpHash: keccak256(userOpHash) }), USUAL)
      return USUAL
    case 'other entity':
      chain.forge(digest({ ...right, entityId: entityId === 0 ? 1 : entityId - 1 }), USUAL)
      return USUAL
    case 'other module':
      chain.forge(digest({ ...right, module: hexOf(numberBytes(BigInt(module) + 1n, 20)) }), USUAL)
      return USUAL
    case 'other witness':
      chain.forge(digest({ ...right, witness: '0x' }), USUAL)
      return USUAL
    default:
      return signing satisfies never
  }
}
