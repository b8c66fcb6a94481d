import { size, slice } from 'viem'
import { setActivationAside } from '../compiler/activation.js'
import { decode } from '../compiler/decode.js'
import type { Hex } from '../policy/Hex.js'

/** Where accounts let the segments begin: in the signature of an operation, in the authorization of a direct call. */
export const SEGMENTS_AT = {
  /** Modular Account v2 at once; the reference and Circle's after `moduleEntity24 ‖ global1`. */
  signature: [0, 25],
  /** Modular Account v2 after `options1 ‖ entityId4`. */
  authorization: [5, 25],
} as const

/** The index that says: what follows is for the validation itself, to the end. */
const VALIDATION = 0xff

/** The grant that an operation, or a direct call, carries to be put into force, whichever account of those it is for; undefined where it carries none. */
export function carriedGrant(bytes: Hex, starts: readonly number[]): Hex | undefined {
  for (const start of starts) {
    const checked = afterSegments(bytes, start)
    const grant = checked === undefined ? undefined : setActivationAside(checked)?.activation?.grant
    if (grant !== undefined && decode(grant).ok) return grant
  }
  return undefined
}

/** What stands behind `[index1 ‖ length4 ‖ data]* ‖ FF`. */
function afterSegments(bytes: Hex, start: number): Hex | undefined {
  const total = size(bytes)
  for (let at = start; at < total;) {
    if (Number(slice(bytes, at, at + 1)) === VALIDATION) return at + 1 === total ? undefined : slice(bytes, at + 1)
    if (at + 5 > total) return undefined
    at += 5 + Number(slice(bytes, at + 1, at + 5))
  }
  return undefined
}
