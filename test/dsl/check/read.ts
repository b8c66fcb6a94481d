import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reads files that a writ names beside it. */
export const readBeside =
  (folder: string) =>
  (path: string): string | undefined => {
    const full = join(folder, path)
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined
  }
