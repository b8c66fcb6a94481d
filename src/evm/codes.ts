import { hexToBytes } from '@ethereumjs/util'
import { keccak256 } from 'viem'
import type { Hex } from '../policy/Hex.js'

const MOST = 16
const arrays = new Map<Hex, Uint8Array>()
const hashes = new WeakMap<Uint8Array, Uint8Array>()

/** Bytes of a contract's code, the same array for the same text: what is found out about a code is remembered by its array, and the same few are put on chain after chain. */
export const codeBytes = (code: Hex): Uint8Array => {
  const known = arrays.get(code)
  if (known !== undefined) return known
  const bytes = hexToBytes(code)
  if (arrays.size >= MOST) arrays.clear()
  arrays.set(code, bytes)
  return bytes
}

/** Keccak-256 of a code, whose array nobody changes. */
export const codeHashOf = (code: Uint8Array): Uint8Array => {
  const known = hashes.get(code)
  if (known !== undefined) return known
  const hash = keccak256(code, 'bytes')
  hashes.set(code, hash)
  return hash
}
