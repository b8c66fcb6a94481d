/** Round constants as (high, low) pairs and rotations in the order of the pi permutation; FIPS 202, sections 3.2.2 to 3.2.5. */
const ROUNDS = new Uint32Array(48)
const PI: number[] = []
const ROTATIONS: number[] = []

let lfsr = 1
for (let round = 0; round < 24; round++) {
  for (let power = 0; power < 7; power++) {
    if (lfsr & 1) {
      const bit = (1 << power) - 1
      const index = 2 * round + (bit < 32 ? 1 : 0)
      ROUNDS[index] = (ROUNDS[index] ?? 0) ^ (1 << (bit % 32))
    }
    lfsr = (lfsr << 1) ^ (lfsr & 0x80 ? 0x171 : 0)
  }
}
for (let step = 0, x = 1, y = 0; step < 24; step++) {
  const next = (2 * x + 3 * y) % 5
  x = y
  y = next
  PI.push(x + 5 * y)
  ROTATIONS.push((((step + 1) * (step + 2)) / 2) % 64)
}

const RATE = 136

/** lanes: 25 lanes of 64 bits as (high, low) pairs. */
const permute = (lanes: Uint32Array, columns: Uint32Array): void => {
  const get = (index: number): number => lanes[index] ?? 0
  for (let round = 0; round < 24; round++) {
    for (let x = 0; x < 10; x++) columns[x] = get(x) ^ get(x + 10) ^ get(x + 20) ^ get(x + 30) ^ get(x + 40)
    for (let x = 0; x < 5; x++) {
      const left = 2 * ((x + 4) % 5)
      const right = 2 * ((x + 1) % 5)
      const rightHigh = columns[right] ?? 0
      const rightLow = columns[right + 1] ?? 0
      const high = (columns[left] ?? 0) ^ ((rightHigh << 1) | (rightLow >>> 31))
      const low = (columns[left + 1] ?? 0) ^ ((rightLow << 1) | (rightHigh >>> 31))
      for (let at = 2 * x; at < 50; at += 10) {
        lanes[at] = get(at) ^ high
        lanes[at + 1] = get(at + 1) ^ low
      }
    }
    let high = get(2)
    let low = get(3)
    for (let step = 0; step < 24; step++) {
      const at = 2 * (PI[step] ?? 0)
      const by = ROTATIONS[step] ?? 0
      // A pair allocated here would be two thousand objects a block.
      const a = by < 32 ? high : low
      const b = by < 32 ? low : high
      const shift = by % 32
      high = get(at)
      low = get(at + 1)
      lanes[at] = shift === 0 ? a : (a << shift) | (b >>> (32 - shift))
      lanes[at + 1] = shift === 0 ? b : (b << shift) | (a >>> (32 - shift))
    }
    for (let row = 0; row < 50; row += 10) {
      for (let x = 0; x < 10; x++) columns[x] = get(row + x)
      for (let x = 0; x < 10; x++)
        lanes[row + x] = get(row + x) ^ (~(columns[(x + 2) % 10] ?? 0) & (columns[(x + 4) % 10] ?? 0))
    }
    lanes[0] = get(0) ^ (ROUNDS[2 * round] ?? 0)
    lanes[1] = get(1) ^ (ROUNDS[2 * round + 1] ?? 0)
  }
}

/** Keccak-256 as Ethereum uses it (padding 0x01, not SHA-3's 0x06), over the concatenation of the parts; 32 bytes. */
export const keccak256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const lanes = new Uint32Array(50)
  const columns = new Uint32Array(10)
  // Lanes are little-endian: byte k of the state is byte k % 4 of a pair's low word for k % 8 < 4, else of its high word.
  const absorb = (at: number, byte: number): void => {
    const word = (at >> 3) * 2 + (at & 4 ? 0 : 1)
    lanes[word] = (lanes[word] ?? 0) ^ (byte << ((at & 3) * 8))
  }
  let filled = 0
  for (const part of parts) {
    for (const byte of part) {
      absorb(filled++, byte)
      if (filled < RATE) continue
      permute(lanes, columns)
      filled = 0
    }
  }
  absorb(filled, 0x01)
  absorb(RATE - 1, 0x80)
  permute(lanes, columns)
  return Uint8Array.from({ length: 32 }, (_, at) => (lanes[(at >> 3) * 2 + (at & 4 ? 0 : 1)] ?? 0) >>> ((at & 3) * 8))
}
