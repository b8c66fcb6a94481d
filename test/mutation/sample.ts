/** `count` of a list, chosen by the seed (mulberry32), in the order in which they were chosen. */
export const sampleOf = <T>(list: readonly T[], count: number, seed: number): T[] => {
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const pool = [...list]
  const chosen: T[] = []
  while (chosen.length < count && pool.length > 0) chosen.push(...pool.splice(Math.floor(random() * pool.length), 1))
  return chosen
}
