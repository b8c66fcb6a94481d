/** Unix seconds as `2026-11-22 13:00:00`, as dates stand in a writ (UTC). */
export function dateText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** Seconds as the shortest duration literal: `7d`, `24h` becomes `1d`, `90s`. */
export function durationText(seconds: number): string {
  const unit = units.find(([, length]) => seconds >= length && seconds % length === 0)
  return unit ? `${seconds / unit[1]}${unit[0]}` : `${seconds}s`
}
