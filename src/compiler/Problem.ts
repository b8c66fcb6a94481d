/** Something that the byte format cannot hold: a lower-case clause, and the index of the rule where it is in one. */
export type Problem = { readonly rule?: number; readonly message: string }
