import type { Io } from '../Io.js'

/** Says on a terminal's standard error for what the program waits, and for how long already; silent elsewhere. */
export const waiting = async <T>(io: Io, what: string, work: Promise<T>): Promise<T> => {
  if (!io.interactive) return work
  const start = io.now()
  const show = (): void => io.err(`\r${what}… ${io.now() - start} s\u001b[K`)
  show()
  const timer = setInterval(show, 1000)
  try {
    return await work
  } finally {
    clearInterval(timer)
    io.err('\r\u001b[K')
  }
}
