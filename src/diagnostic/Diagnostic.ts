/** A stretch of a text, in UTF-16 units: `start` is inclusive, `end` exclusive. */
export type Span = { readonly start: number; readonly end: number }

/** What is wrong with a text, or risky in it, as data: `render` draws it. */
export type Diagnostic = {
  /** `W012`; its page is docs/errors/W012.md. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** One lower-case clause without a full stop; the author's words stand in backticks. */
  readonly message: string
  /** One lower-case clause; what stands in backticks can be pasted. */
  readonly help?: string
  readonly span?: Span
  /** The name of the source, a key of `render`'s sources. */
  readonly file?: string
}
