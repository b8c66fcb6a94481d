import type { Command } from 'commander'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'

/** Where the password of a keystore comes from; else WRIT_PASSWORD, else the person is asked. */
export type PasswordFlags = { readonly passwordFile?: string }

export const passwordOption = (command: Command): Command =>
  command.option(
    '--password-file <path>',
    'the first line is the password of the keystore (default: WRIT_PASSWORD, else you are asked)',
  )

/** The password that opens `what`. */
export const passwordOf = async (io: Io, flags: PasswordFlags, what: string): Promise<string> => {
  const given = givenPassword(io, flags)
  if (given !== undefined) return given
  return (await personOf(io)).password(`Password of ${what}:`)
}

/** Where the password comes from, for who gave a wrong one. */
export const passwordSource = (io: Io, { passwordFile }: PasswordFlags): string =>
  passwordFile !== undefined
    ? `it is the first line of \`${passwordFile}\``
    : io.env['WRIT_PASSWORD'] !== undefined
      ? 'it is that of WRIT_PASSWORD; for another one: --password-file FILE'
      : 'it is what was typed'

/** A password that is new: a person types it twice. */
export const newPasswordOf = async (io: Io, flags: PasswordFlags, what: string): Promise<string> => {
  const given = givenPassword(io, flags) ?? (await chosenPassword(io, what))
  if (given === '')
    throw new CliError(ExitCode.usage, 'the password is empty', 'choose one: it is all that protects the key')
  return given
}

const givenPassword = (io: Io, { passwordFile }: PasswordFlags): string | undefined =>
  passwordFile === undefined ? io.env['WRIT_PASSWORD'] : (readText(io, passwordFile).split(/\r?\n/)[0] ?? '')

const chosenPassword = async (io: Io, what: string): Promise<string> => {
  const person = personOf(io)
  const first = await person.password(`New password for ${what}:`)
  const second = await person.password('The same once more:')
  if (first !== second) throw new CliError(ExitCode.refused, 'the two passwords differ, nothing was done', 'try again')
  return first
}

const personOf = (io: Io) => {
  if (io.person === undefined)
    throw new CliError(
      ExitCode.usage,
      'a password is needed, and nobody is at a terminal to type it',
      'add --password-file FILE, or set WRIT_PASSWORD',
    )
  return io.person
}
