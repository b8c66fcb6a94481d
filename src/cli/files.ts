import type { Io } from './Io.js'
import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'

/** The largest file that a command reads. A writ of 100,000 rules stays well below. */
const maximumBytes = 64 * 1024 * 1024

/** Reads a text file (`-`: standard input) or ends the command with what to do. */
export const readText = (io: Io, path: string): string => {
  const bytes = readBytes(io, path)
  if (bytes.length > maximumBytes)
    throw new CliError(
      ExitCode.invalid,
      `\`${path}\` has ${bytes.length} bytes, more than the ${maximumBytes} that are read`,
    )
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CliError(
      ExitCode.invalid,
      `\`${path}\` is not a text file`,
      'a writ is UTF-8 text; is this the right file?',
    )
  }
}

const readBytes = (io: Io, path: string): Uint8Array => {
  try {
    return io.read(path)
  } catch (error) {
    throw new CliError(
      ExitCode.environment,
      `\`${path}\` cannot be read: ${reasonOf(error)}`,
      'check the path and its permissions',
    )
  }
}

/** Writes the whole text or nothing, or ends the command with what to do. */
export const writeText = (io: Io, path: string, text: string): void => {
  try {
    io.write(path, text)
  } catch (error) {
    throw new CliError(
      ExitCode.environment,
      `\`${path}\` cannot be written: ${reasonOf(error)}`,
      'check the folder and its permissions',
    )
  }
}

/** Makes a file that only its owner may read, or ends the command; what is there already is never overwritten. */
export const writeSecret = (io: Io, path: string, text: string): void => {
  try {
    io.writeSecret(path, text)
  } catch (error) {
    throw new CliError(
      ExitCode.environment,
      `\`${path}\` cannot be made: ${reasonOf(error)}`,
      'choose another name, or check the folder and its permissions',
    )
  }
}

/** Node's system errors in plain words. */
export const reasonOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EEXIST: 'it exists already',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
  }
  return known[code] ?? (error instanceof Error ? error.message : String(error))
}
