import { keccak256 } from 'viem'
import { wordAt } from './words.js'

/** What is longer is mostly hashed once. */
const SHORT = 192
const MOST = 8192
const known = new Map<string, bigint>()

/** Keccak-256 of memory as a word. Short ones are remembered: contracts hash the same slots, nodes and leaves in each operation. */
export const hashed = (data: Uint8Array): bigint => {
  if (data.length > SHORT) return wordAt(keccak256(data, 'bytes'), 0)
  const key = String.fromCharCode(...data)
  const remembered = known.get(key)
  if (remembered !== undefined) return remembered
  const hash = wordAt(keccak256(data, 'bytes'), 0)
  if (known.size >= MOST) known.clear()
  known.set(key, hash)
  return hash
}
