/** From a tuple (or the arguments) to a component, from an array to an element; `last` is the last element of a dynamic array. */
export type PathStep =
  | { readonly kind: 'component'; readonly index: number }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'last' }

/**
 * A value in the calldata that need not be a word. From the arguments, whose first step is the argument's index as a component; or from an
 * element that a quantifier names (`depth` 0 is the innermost quantifier around), where the path may be empty.
 */
export type Place =
  | { readonly kind: 'argument'; readonly path: readonly PathStep[] }
  | { readonly kind: 'element'; readonly depth: number; readonly path: readonly PathStep[] }

/** A `bytes` or `string` of the calldata, or a part of it. */
export type Bytes = { readonly place: Place; readonly slice?: ByteRange }

/**
 * `[start, end)`, in bytes; one that is negative counts from the end (-20 is the twentieth byte before it), an absent `end` is the end. A part that
 * lies outside, or whose end lies before its start, is a fault. Never the whole (`start` 0 without `end`). From -65535 to 65535; `end` is not 0.
 */
export type ByteRange = { readonly start: number; readonly end?: number }
