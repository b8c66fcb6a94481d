import type { Asset } from './Units.js'

/**
 * A counter that one or more rules (or the fees) charge: in no window is more than the limit (inclusive) ever counted.
 * Limit: base units of the asset, or calls; below 2^226, of a rolling meter below 2^112.
 */
export type Meter = { readonly counts: Asset | 'calls'; readonly limit: bigint; readonly window: Window }

/**
 * Windows are counted from the policy's `from`; a period is 300 s or more and below 2^32. `total` is one window for the whole life.
 * `rolling` cuts its period, a multiple of 8 s, into eight sub-windows: the present one and the eight before it together never count more than the limit.
 */
export type Window =
  | { readonly kind: 'period'; readonly seconds: number }
  | { readonly kind: 'rolling'; readonly seconds: number }
  | { readonly kind: 'total' }
