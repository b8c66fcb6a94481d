import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'
import { reasonOf } from './files.js'
import type { Io } from './Io.js'

/** What a command writes where -o or --out says. */
export type Output = 'artifact' | 'grant' | 'order'

/** What stands at a path; an empty file is nothing. */
type Standing = Output | 'signed grant' | 'keystore' | 'other' | undefined

/**
 * Ends the command where its output would replace anything but what writ itself wrote of the same kind. A grant that an owner has signed is never
 * replaced: that is asked for again on a device. To be called before work begins; `writeText` then writes.
 */
export const expectReplaceable = (io: Io, path: string | undefined, output: Output): void => {
  if (path === undefined) return
  const there = standingAt(io, path)
  if (there === undefined || there === output) return
  throw new CliError(
    ExitCode.invalid,
    `\`${path}\` is there already, and it is ${words[there]}: it is not replaced`,
    'choose another name, or move that file away',
  )
}

/** `expectReplaceable` for a signed grant: one that is signed may be the very same of an earlier run, which its reader finds out later. */
export const expectReplaceableOrSigned = (io: Io, path: string): void => {
  if (!isSignedGrant(io, path)) expectReplaceable(io, path, 'grant')
}

/** Whether a grant that its owner has signed stands there. */
export const isSignedGrant = (io: Io, path: string): boolean => standingAt(io, path) === 'signed grant'

const words: Readonly<Record<Exclude<Standing, undefined>, string>> = {
  artifact: 'the artifact of a session',
  grant: 'a grant file that is to be signed',
  'signed grant': 'a grant that its owner has signed',
  order: 'a signed end of sessions',
  keystore: 'a keystore, which holds a key',
  other: 'not a file that writ wrote',
}

const standingAt = (io: Io, path: string): Standing => {
  if (!io.exists(path)) return undefined
  let bytes: Uint8Array
  try {
    bytes = io.read(path)
  } catch (error) {
    throw new CliError(
      ExitCode.environment,
      `\`${path}\` is there already and cannot be read: ${reasonOf(error)}`,
      'choose another name, or check the path and its permissions',
    )
  }
  return bytes.length === 0 ? undefined : kindOf(bytes)
}

const kindOf = (bytes: Uint8Array): Exclude<Standing, undefined> => {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return 'other'
  }
  if (typeof json !== 'object' || json === null) return 'other'
  if ('writGrant' in json) return 'signature' in json ? 'signed grant' : 'grant'
  if ('writRevocation' in json) return 'order'
  if ('writ' in json && 'grant' in json && 'root' in json) return 'artifact'
  return 'crypto' in json || 'Crypto' in json ? 'keystore' : 'other'
}
