import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { terminalPerson } from './terminalPerson.js'
import type { Io } from './Io.js'

/** The real world: this process's streams, files, clock and environment. */
export const nodeIo = (): Io => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  read: (path) => readFileSync(path === '-' ? 0 : path),
  write: (path, text) => {
    // A name of our own beside the target: rename is atomic within a file system, so nobody ever sees half a file.
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
    try {
      writeFileSync(temporary, text)
      renameSync(temporary, path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  },
  writeSecret: (path, text) => {
    // `x` never opens a file that is there: a key that is overwritten is lost for ever.
    const file = openSync(path, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } catch (error) {
      rmSync(path, { force: true })
      throw error
    } finally {
      closeSync(file)
    }
  },
  exists: (path) => existsSync(path),
  env: process.env,
  now: () => Math.floor(Date.now() / 1000),
  color: { out: wantsColor(process.stdout.isTTY), err: wantsColor(process.stderr.isTTY) },
  interactive: process.stderr.isTTY,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { person: terminalPerson } : {}),
})

/** https://no-color.org: the variable counts when it is set to anything but the empty string. */
const wantsColor = (isTerminal: boolean): boolean =>
  isTerminal && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
