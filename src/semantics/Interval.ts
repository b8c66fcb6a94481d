/** `[from, until)`, unix seconds; from is inclusive, until exclusive. */
export type Interval = { readonly from: number; readonly until: number }

/** All moments. */
export const always: Interval = { from: -Infinity, until: Infinity }

/** The moments that lie in both. */
export function intersect(a: Interval, b: Interval): Interval {
  return { from: Math.max(a.from, b.from), until: Math.min(a.until, b.until) }
}

/** Whether the moment lies inside. */
export function contains(interval: Interval, moment: number): boolean {
  return interval.from <= moment && moment < interval.until
}
