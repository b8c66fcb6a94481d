/** Unix seconds as people read them: `2026-11-22 13:00:00 UTC`. */
export const dateText = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', '')} UTC`
