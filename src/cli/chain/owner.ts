import type { Command } from 'commander'
import type { OwnerSigner } from '../../account/OwnerSigner.js'
import { keystoreOwner } from '../../account/owners/keystoreOwner.js'
import { unlockedOwner } from '../../account/owners/unlockedOwner.js'
import type { Address } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { address } from '../headerOptions.js'
import type { Io } from '../Io.js'
import type { Connection } from './connect.js'
import { keyAddress, openKey } from './keyFile.js'
import { passwordOption, type PasswordFlags } from './password.js'

/** Who signs for the account, as said on the command line. */
export type OwnerFlags = PasswordFlags & { readonly ownerKeystore?: string; readonly ownerUnlocked?: Address }

/** Adds the flags of the owner to a command. */
export const ownerOptions = (command: Command): Command =>
  passwordOption(
    command
      .option('--owner-keystore <path>', "the owner's encrypted keystore file (Web3 Secret Storage v3)")
      .option(
        '--owner-unlocked <address>',
        'an owner whose key the node itself holds (development nodes only)',
        address,
      ),
  )

/** The owner as the flags say; the password of a keystore is asked for where it is not given. */
export const ownerOf = async (io: Io, flags: OwnerFlags, { client }: Connection): Promise<OwnerSigner> => {
  const source = sourceOf(flags)
  return source.kind === 'unlocked'
    ? unlockedOwner(client, source.address)
    : keystoreOwner(client, await openKey(io, flags, source.file))
}

/** The owner's address; a password is only needed where the keystore file does not say it. */
export const ownerAddress = async (io: Io, flags: OwnerFlags): Promise<Address> => {
  const source = sourceOf(flags)
  return source.kind === 'unlocked' ? source.address : keyAddress(io, flags, source.file)
}

type Source =
  { readonly kind: 'keystore'; readonly file: string } | { readonly kind: 'unlocked'; readonly address: Address }

const sourceOf = ({ ownerKeystore, ownerUnlocked }: OwnerFlags): Source => {
  if (ownerKeystore !== undefined && ownerUnlocked !== undefined)
    throw new CliError(ExitCode.usage, '--owner-keystore and --owner-unlocked are two owners', 'give one of them')
  if (ownerKeystore !== undefined) return { kind: 'keystore', file: ownerKeystore }
  if (ownerUnlocked !== undefined) return { kind: 'unlocked', address: ownerUnlocked }
  throw new CliError(
    ExitCode.usage,
    'nobody is named to sign',
    'add --owner-keystore FILE, or on a development node --owner-unlocked ADDRESS',
  )
}
