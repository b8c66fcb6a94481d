import { InvalidArgumentError, Option, type Command } from 'commander'
import { LedgerError } from '../../ledger/LedgerError.js'
import { type Device, DEVICES } from '../../ledger/pages/Device.js'
import { ledgerPath } from '../../ledger/path.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'

/** The device that signs for the owner, as said on the command line. */
export type DeviceFlags = {
  readonly ledger?: true
  readonly signer?: 'simulated'
  /** `m/44'/60'/…` */
  readonly path?: string
  readonly device?: Device
  readonly mnemonicFile?: string
  readonly blindSigning?: true
  /** Where the device is simulated: its buttons are pressed without anybody being asked. */
  readonly yes?: true
}

/** Adds the flags of the owner's device to a command. */
export const deviceOptions = (command: Command): Command =>
  command
    .option('--ledger', "the owner's Ledger signs, plugged in by USB, its Ethereum app open")
    .addOption(
      new Option(
        '--signer <kind>',
        'a device in software signs, shown in the terminal: for trying things out, NO PROTECTION',
      ).choices(['simulated']),
    )
    .option('--path <path>', "which address of the device (default: 44'/60'/0'/0/0)", pathArgument)
    .addOption(
      new Option(
        '--device <name>',
        'whose pages are shown to compare with (default: of the Ledger that is plugged in)',
      ).choices(Object.keys(DEVICES)),
    )
    .option(
      '--mnemonic-file <path>',
      'with --signer simulated: the first line is its seed, words of BIP-39 (default: words that everybody knows)',
    )
    .option('--blind-signing', 'with --signer simulated: its setting that allows to sign what it cannot show is on')

/** Whether a device is to sign; ends the command where two are named, or something is said of one that nobody named. */
export const hasDevice = (flags: DeviceFlags): boolean => {
  const { ledger, signer, mnemonicFile, blindSigning, path, device } = flags
  if (ledger && signer !== undefined)
    throw new CliError(ExitCode.usage, '--ledger and --signer are two devices', 'give one of them')
  if (signer === undefined && (mnemonicFile !== undefined || blindSigning))
    throw new CliError(
      ExitCode.usage,
      `--${blindSigning ? 'blind-signing' : 'mnemonic-file'} is about a simulated device, and none is named`,
      'add --signer simulated, or leave it out; on a real Ledger nothing of this is said here',
    )
  if (ledger || signer !== undefined) return true
  if (path === undefined && device === undefined) return false
  throw new CliError(
    ExitCode.usage,
    `--${path === undefined ? 'device' : 'path'} is about a device, and none is named`,
    'add --ledger, or --signer simulated to try it out',
  )
}

const pathArgument = (text: string): string => {
  try {
    return ledgerPath(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof LedgerError ? `${error.message}. ${error.help}.` : String(error))
  }
}
