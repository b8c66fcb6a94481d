import type { Command } from 'commander'
import type { OwnerSigner } from '../../account/OwnerSigner.js'
import { keystoreOwner } from '../../account/owners/keystoreOwner.js'
import { unlockedOwner } from '../../account/owners/unlockedOwner.js'
import type { Address } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { address } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { deviceAddress, deviceOwner } from '../device/deviceOwner.js'
import { hasDevice, type DeviceFlags } from '../device/deviceOptions.js'
import type { Connection } from './connect.js'
import { keyAddress, openKey } from './keyFile.js'
import { passwordOption, type PasswordFlags } from './password.js'

/** Who signs, as said on the command line: the account's owner, or whoever pays for something that needs no owner. */
export type SignerFlags = PasswordFlags &
  DeviceFlags & {
    readonly ownerKeystore?: string
    readonly ownerUnlocked?: Address
    readonly fromKeystore?: string
    readonly fromUnlocked?: Address
    /** Of `fromKeystore`, where it is not that of the other keystore. */
    readonly fromPasswordFile?: string
  }

type Role = 'owner' | 'from'

/** Adds the flags of the owner to a command. */
export const ownerOptions = (command: Command): Command => signerOptions(command, 'owner', "the owner's")

/** Adds the flags of who pays for what anybody may do. */
export const payerOptions = (command: Command): Command => signerOptions(command, 'from', "the payer's")

const signerOptions = (command: Command, role: Role, whose: string): Command =>
  passwordOption(
    command
      .option(`--${role}-keystore <path>`, `${whose} encrypted keystore file (Web3 Secret Storage v3)`)
      .option(
        `--${role}-unlocked <address>`,
        `${whose} address, whose key the node itself holds (development nodes only)`,
        address,
      ),
  )

/** The signer as the flags say; the password of a keystore is asked for where it is not given. */
export const ownerOf = async (
  io: Io,
  flags: SignerFlags,
  { client }: Pick<Connection, 'client'>,
  role: Role = 'owner',
): Promise<OwnerSigner> => {
  const source = sourceOf(flags, role)
  switch (source.kind) {
    case 'unlocked':
      return unlockedOwner(client, source.address)
    case 'keystore':
      return keystoreOwner(client, await openKey(io, passwordFlags(flags, role), source.file))
    case 'device':
      return deviceOwner(io, flags, client)
    default:
      return source satisfies never
  }
}

/** The signer's address; a password is only needed where the keystore file does not say it. */
export const ownerAddress = async (io: Io, flags: SignerFlags, role: Role = 'owner'): Promise<Address> => {
  const source = sourceOf(flags, role)
  if (source.kind === 'unlocked') return source.address
  return source.kind === 'device' ? deviceAddress(io, flags) : keyAddress(io, passwordFlags(flags, role), source.file)
}

/** Ends the command where nobody is named to sign, or two are; for commands that work long before they ask the signer. */
export const expectSigner = (flags: SignerFlags, role: Role = 'owner'): void => void sourceOf(flags, role)

const passwordFlags = ({ passwordFile, fromPasswordFile }: SignerFlags, role: Role): PasswordFlags => {
  const file = role === 'from' ? (fromPasswordFile ?? passwordFile) : passwordFile
  return file === undefined ? {} : { passwordFile: file }
}

type Source =
  | { readonly kind: 'keystore'; readonly file: string }
  | { readonly kind: 'unlocked'; readonly address: Address }
  | { readonly kind: 'device' }

const sourceOf = (flags: SignerFlags, role: Role): Source => {
  const [file, address] =
    role === 'owner' ? [flags.ownerKeystore, flags.ownerUnlocked] : [flags.fromKeystore, flags.fromUnlocked]
  if (file !== undefined && address !== undefined)
    throw new CliError(ExitCode.usage, `--${role}-keystore and --${role}-unlocked are two signers`, 'give one of them')
  if (hasDevice(flags)) {
    if (file === undefined && address === undefined) return { kind: 'device' }
    throw new CliError(
      ExitCode.usage,
      `a device and --${role}-${file === undefined ? 'unlocked' : 'keystore'} are two signers`,
      'give one of them',
    )
  }
  if (file !== undefined) return { kind: 'keystore', file }
  if (address !== undefined) return { kind: 'unlocked', address }
  throw new CliError(
    ExitCode.usage,
    'nobody is named to sign',
    `add --ledger, --${role}-keystore FILE, or on a development node --${role}-unlocked ADDRESS`,
  )
}
