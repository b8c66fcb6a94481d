import type { Command } from 'commander'
import type { PrivateKeyAccount } from 'viem'
import { addressOf, KeystoreError, openKeystore } from '../../account/owners/keystore.js'
import type { Address } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'
import { passwordOf, passwordSource, type PasswordFlags } from './password.js'
import { waiting } from './waiting.js'

/** Opens an encrypted keystore file, with the password that the flags, the environment or the person says. */
export const openKey = async (io: Io, flags: PasswordFlags, file: string): Promise<PrivateKeyAccount> => {
  const text = readText(io, file)
  // A file that is no keystore is said before anybody types a password.
  addressIn(text, file)
  const password = await passwordOf(io, flags, file)
  try {
    return await waiting(io, `opening ${file}`, openKeystore(text, password))
  } catch (error) {
    throw inWords(error, file, passwordSource(io, flags))
  }
}

/** The address whose key a keystore file holds; it is opened only where it does not say it. */
export const keyAddress = async (io: Io, flags: PasswordFlags, file: string): Promise<Address> =>
  addressIn(readText(io, file), file) ?? ((await openKey(io, flags, file)).address.toLowerCase() as Address)

/** Adds the flag by which a keystore file, and not its address, names the session key. */
export const keyKeystoreOption = (command: Command): Command =>
  command.option('--key-keystore <path>', "the session key is that of the agent's keystore file (in place of --key)")

/** The flags with the key that a keystore file names. */
export const withKey = async <Flags extends PasswordFlags & { readonly key?: Address; readonly keyKeystore?: string }>(
  io: Io,
  flags: Flags,
): Promise<Flags> => {
  if (flags.keyKeystore === undefined) return flags
  const key = await keyAddress(io, flags, flags.keyKeystore)
  if (flags.key === undefined || flags.key === key) return { ...flags, key }
  throw new CliError(ExitCode.usage, `--key says ${flags.key}, but \`${flags.keyKeystore}\` is the key of ${key}`)
}

const addressIn = (text: string, file: string): Address | undefined => {
  try {
    return addressOf(text)
  } catch (error) {
    throw inWords(error, file)
  }
}

const inWords = (error: unknown, file: string, help = 'is it the right file?'): unknown => {
  if (!(error instanceof KeystoreError)) return error
  switch (error.fault) {
    case 'wrong-password':
      return new CliError(ExitCode.refused, `the password does not open \`${file}\``, help)
    case 'not-a-keystore':
      return new CliError(
        ExitCode.invalid,
        `\`${file}\` is not a keystore: ${error.message}`,
        'a keystore is JSON of Web3 Secret Storage, version 3; make one with: writ key new FILE',
      )
    case 'not-supported':
      return new CliError(
        ExitCode.invalid,
        `\`${file}\` is a keystore that writ cannot open: ${error.message}`,
        'writ opens scrypt and pbkdf2 with aes-128-ctr, as geth, foundry and most wallets write them',
      )
    default:
      return error.fault satisfies never
  }
}
