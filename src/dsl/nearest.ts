/** The candidate that is at most two edits (an edit inserts, deletes, changes or swaps letters; case counts not) from `word`. */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  let best: string | undefined
  // A short word is near to everything: it must keep more than half of its letters.
  let limit = Math.min(2, Math.floor((word.length - 1) / 2))
  for (const candidate of candidates) {
    if (candidate === word) continue
    const edits = distance(word.toLowerCase(), candidate.toLowerCase(), limit)
    if (edits > limit) continue
    best = candidate
    limit = edits - 1
    if (limit < 0) break
  }
  return best
}

/** Optimal string alignment distance; anything above `limit` may come out as `limit + 1`. */
const distance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
      )
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
