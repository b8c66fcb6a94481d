import { concat, numberToHex, size, slice } from 'viem'
import type { Hex } from '../policy/Hex.js'

/** A grant and its first owner's signature (`r ‖ s ‖ v`, 65 bytes) of its text. */
export type Activation = { readonly grant: Hex; readonly signature: Hex }

/** A witness begins with its header's length, which is never zero: so this tells an activation from it. */
const MARK = '0x0000'
const LENGTH_SIZE = 3
const SIGNATURE_SIZE = 65
const GRANT_AT = 5

/**
 * What stands before the witness of an operation that puts its own session into force: `0x0000 ‖ grantLength3 ‖ grant ‖ r32 ‖ s32 ‖ v1`. Throws RangeError where
 * the signature has not 65 bytes, or the grant 2^24 or more.
 */
export const activation = ({ grant, signature }: Activation): Hex => {
  if (size(signature) !== SIGNATURE_SIZE)
    throw new RangeError(`an owner's signature has ${SIGNATURE_SIZE} bytes, not ${size(signature)}`)
  if (size(grant) >= 2 ** (8 * LENGTH_SIZE)) throw new RangeError('a grant of 2^24 bytes or more cannot be carried')
  return concat([MARK, numberToHex(size(grant), { size: LENGTH_SIZE }), grant, signature])
}

/** ERC-7562: MAX_USEROP_SIZE in bytes, and MAX_VERIFICATION_GAS, below which an operation must stay. Bundlers hold to them; the EntryPoint does not ask. */
export const BUNDLERS_TAKE = { bytes: 8_192, verificationGasBelow: 500_000n } as const

/** How many bytes `activation` makes of a grant of so many bytes. */
export const activationSize = (grantSize: number): number => GRANT_AT + grantSize + SIGNATURE_SIZE

/**
 * The signature of an operation, or an authorization of the runtime path, without what its account puts around it, apart: the activation where one stands there, and the rest from
 * the witness on. Undefined where the bytes end before the activation does.
 */
export const setActivationAside = (
  bytes: Hex,
): { readonly activation?: Activation; readonly rest: Hex } | undefined => {
  if (size(bytes) < 2 || slice(bytes, 0, 2) !== MARK) return { rest: bytes }
  if (size(bytes) < GRANT_AT) return undefined
  const signatureAt = GRANT_AT + Number(slice(bytes, 2, GRANT_AT))
  const restAt = signatureAt + SIGNATURE_SIZE
  if (size(bytes) < restAt) return undefined
  const grant = signatureAt === GRANT_AT ? '0x' : slice(bytes, GRANT_AT, signatureAt)
  const rest = size(bytes) === restAt ? '0x' : slice(bytes, restAt)
  return { activation: { grant, signature: slice(bytes, signatureAt, restAt) }, rest }
}
