import type { LedgerTransport } from '../ledger/libraries.js'

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
  /** Makes a file that only its owner may read (mode 0600). Throws Node's system errors, EEXIST where the file is there already. */
  readonly writeSecret: (path: string, text: string) => void
  readonly exists: (path: string) => boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Unix seconds. */
  readonly now: () => number
  /** A terminal that wants colour. */
  readonly color: { readonly out: boolean; readonly err: boolean }
  /** Standard error is a terminal: progress may be drawn over itself. */
  readonly interactive: boolean
  /** Somebody who can be asked: standard input and standard error are a terminal. */
  readonly person?: Person
  /** Connects to the owner's Ledger; left out: the one that is plugged in by USB. Rejects with a LedgerError. */
  readonly ledger?: () => Promise<LedgerTransport>
}

/** Somebody at a terminal. Both reject with a CliError where the question is broken off. */
export type Person = {
  /** A question that yes or no answers; no is what Enter alone means. */
  readonly confirm: (question: string) => Promise<boolean>
  /** What is typed does not show. */
  readonly password: (question: string) => Promise<string>
}
