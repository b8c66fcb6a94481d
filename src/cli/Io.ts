/** Everything a command may touch of the world, so that tests can stand in for it. */
export type Io = {
  /** Writes to standard output, as it is. */
  readonly out: (text: string) => void
  /** Writes to standard error, as it is. */
  readonly err: (text: string) => void
  /** Reads bytes; `-` is standard input. Throws Node's system errors. */
  readonly read: (path: string) => Uint8Array
  /** Writes the whole file or nothing. Throws Node's system errors. */
  readonly write: (path: string, text: string) => void
  readonly exists: (path: string) => boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Unix seconds. */
  readonly now: () => number
  /** A terminal that wants colour. */
  readonly color: { readonly out: boolean; readonly err: boolean }
  /** Standard error is a terminal: progress may be drawn over itself. */
  readonly interactive: boolean
}
