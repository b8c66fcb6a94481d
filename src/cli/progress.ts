import type { Io } from './Io.js'

/** A line on a terminal's standard error that says how far a long work is; silent elsewhere. */
export type Progress = { readonly show: (done: number, of: number) => void; readonly clear: () => void }

/** Begins a progress line, such as `1200 of 2000 cases`. */
export const progress = (io: Io, unit: string): Progress => {
  let shown = false
  return {
    show: (done, of) => {
      if (!io.interactive) return
      shown = true
      io.err(`\r${done} of ${of} ${unit}\u001b[K`)
    },
    clear: () => {
      if (shown) io.err('\r\u001b[K')
    },
  }
}
