import type { Bytes, Place } from './Place.js'

/** What a quantifier goes over. */
export type Collection =
  /** `T[]` or `T[N]` */
  | { readonly kind: 'array'; readonly place: Place }
  /**
   * Elements of `size` bytes (1 to 32) with `gap` bytes (0 to 255) between them. n elements have n * size + (n - 1) * gap bytes, n >= 1, or, where gap is 0,
   * none; any other length is a fault.
   */
  | { readonly kind: 'packed'; readonly bytes: Bytes; readonly size: number; readonly gap: number }

/** What has a length. */
export type Countable =
  | Collection
  | { readonly kind: 'bytes'; readonly bytes: Bytes }
  /** The records of a multisend; a fault unless they fill the bytes exactly and each is a call (operation 0). */
  | { readonly kind: 'multisend'; readonly bytes: Bytes }
