import type { Hex } from '../policy/Hex.js'
import { bytesOf, flipped, hexOf, numberBytes, patched } from './bytes.js'

/** Where the module's install data begins in the calldata of `onInstall`, and where its words are. */
const DATA = 4 + 64
const [ID, OWNER, SECOND, FLAGS, OFFSET, LENGTH] = [0, 32, 64, 96, 128, 160].map((at) => DATA + at)

/** Calldata of `onInstall` whose install data is no encoding of its types, from one that is and that brings no grant. */
export function* wrongInstalls(calldata: Hex): Generator<{ readonly note: string; readonly data: Hex }> {
  const whole = bytesOf(calldata)
  const wrong = (note: string, data: Uint8Array) => ({ note: `install data: ${note}`, data: hexOf(data) })
  for (const [name, at, bits] of [
    ['entity id', ID ?? 0, 32],
    ['owner', OWNER ?? 0, 160],
    ['second owner', SECOND ?? 0, 160],
    ['flags', FLAGS ?? 0, 8],
  ] as const)
    for (const bit of [bits, bits + 1, 255])
      yield wrong(`bit ${bit} of the ${name}`, flipped(whole, 8 * at + 255 - bit))
  for (const offset of [1n << 64n, (1n << 64n) - 1n, 161n, 1n << 255n])
    yield wrong(`the grant's offset ${offset}`, patched(whole, OFFSET ?? 0, numberBytes(offset)))
  for (const length of [1n, 1n << 64n, (1n << 64n) - 1n, 1n << 255n])
    yield wrong(`the grant's length ${length}`, patched(whole, LENGTH ?? 0, numberBytes(length)))
  const sized = (size: number): Uint8Array =>
    patched(whole, DATA - 32, numberBytes(BigInt(size))).subarray(0, DATA + 32 * Math.ceil(size / 32))
  for (const size of [0, 31, 32, 128, 159, 160, 191]) yield wrong(`${size} bytes of it`, sized(size))
}
