import { type AbiFunction, decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem'

/** Calldata that viem's decoder refuses, or that it encodes again in another way: `count` variants of the given one, by seed; fewer where there are not as many. */
export function corruptions(data: Hex, item: AbiFunction, count: number, seed: number): readonly Hex[] {
  const random = generator(seed)
  const found = new Set<Hex>()
  for (let attempt = 0; attempt < 400 && found.size < count; attempt += 1) {
    const changed = change(data, random)
    if (changed !== data && !isCanonical(changed, item)) found.add(changed)
  }
  return [...found]
}

/** Whether viem reads the arguments and writes them again as they were; bytes may follow. */
export function isCanonical(data: Hex, { inputs }: AbiFunction): boolean {
  const encoded = data.slice(10)
  try {
    const values = decodeAbiParameters(inputs, `0x${encoded}`)
    return encoded.startsWith(encodeAbiParameters(inputs, values).slice(2))
  } catch {
    return false // viem throws on whatever it cannot decode
  }
}

/** A word made wrong (its top, its bottom, all of it), a length or offset moved by a word, or the end cut off. */
function change(data: Hex, random: (below: number) => number): Hex {
  const words = Math.floor((data.length - 10) / 64)
  const kind = random(6)
  if (kind === 0 || words === 0) return data.slice(0, Math.max(10, data.length - 2 * (1 + random(96)))) as Hex
  const at = 10 + 64 * random(words)
  const old = BigInt(`0x${data.slice(at, at + 64)}`)
  const top = BigInt(1 + random(255))
  const next = [
    old ^ (top << 248n),
    old ^ (1n << BigInt(random(256))),
    old + 32n,
    old - 32n,
    2n ** 256n - 1n - BigInt(random(64)),
  ][kind - 1]
  const word = BigInt.asUintN(256, next ?? old)
    .toString(16)
    .padStart(64, '0')
  return `${data.slice(0, at)}${word}${data.slice(at + 64)}` as Hex
}

/** Mulberry32: small, seeded, good enough to choose places. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
