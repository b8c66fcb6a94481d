import type { Command } from 'commander'
import { getAddress } from 'viem'
import { newKeystore } from '../../account/owners/keystore.js'
import { CliError } from '../CliError.js'
import { keyAddress, openKey } from '../chain/keyFile.js'
import { newPasswordOf, passwordOption, type PasswordFlags } from '../chain/password.js'
import { waiting } from '../chain/waiting.js'
import { deviceOptions, hasDevice, type DeviceFlags } from '../device/deviceOptions.js'
import { mustPressButtons } from '../device/signText.js'
import { withDevice } from '../device/withDevice.js'
import { ExitCode } from '../ExitCode.js'
import { writeSecret } from '../files.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'

type NewFlags = PasswordFlags & { json?: true }
type ShowFlags = PasswordFlags & DeviceFlags & { check?: true; json?: true }

const help = `
The file is a keystore as geth, foundry and most wallets have it: Web3 Secret Storage, version 3 (scrypt, aes-128-ctr), mode 0600.
The private key is never printed. Who has file and password can do what the writs of that key allow, and nothing else: give each agent
a key of its own, and never use the owner's.

Examples:
  writ key new agent.json                               asks for a password, twice
  writ key new agent.json --password-file agent.pass    for programs
  writ key show agent.json                              its address, for the line \`key\` of a writ
  writ key show --ledger                                the owner's address, to be compared with the device's screen

Exit codes: 0 answered, 2 usage (the file exists already), 3 it is no keystore, 4 environment, 5 the password does not open it, or it
was refused on the device.`

/** `writ key`: the agent's key. */
export const keyCommand: AddCommand = (program, io) => {
  const command = program
    .command('key')
    .summary("makes an agent's key in an encrypted file, and shows its address")
    .description("Makes an agent's key in an encrypted keystore file, and shows the address of one.")
    .addHelpText('after', help)
  addNew(command, io)
  addShow(command, io)
}

const addNew = (command: Command, io: Io): void => {
  const own = command
    .command('new')
    .summary('makes a new key; an existing file is never overwritten')
    .description('Makes a new key and writes it, encrypted, to FILE. An existing file is never overwritten.')
    .argument('<file>', 'where to write the keystore')
    .option('--json', 'print {file, address} as JSON')
  passwordOption(own).action(async (file: string, flags: NewFlags) => {
    if (io.exists(file)) throw existing(file)
    const password = await newPasswordOf(io, flags, file)
    const { text, address } = await waiting(io, 'encrypting the key', newKeystore(password))
    writeSecret(io, file, text)
    if (flags.json) io.out(`${JSON.stringify({ file, address })}\n`)
    else
      io.out(
        `wrote ${file}\naddress ${getAddress(address)}\nnext: put it into a writ as \`key\`, or say --key ${getAddress(address)}\n`,
      )
  })
}

const addShow = (command: Command, io: Io): void => {
  const own = command
    .command('show')
    .summary('prints the address of a key')
    .description(
      "Prints the address of the key in FILE (where the file says it, no password is needed), or of the owner's device, which shows it too:\ncompare the two, and install with this address as the owner.",
    )
    .argument('[file]', 'a keystore')
    .option('--check', 'open it with the password: the address is then what the key gives, not what the file says')
    .option('--json', 'print {file, address} or {path, address} as JSON')
    .option('-y, --yes', 'with --signer simulated: press its buttons')
  deviceOptions(passwordOption(own)).action(async (file: string | undefined, flags: ShowFlags) => {
    const device = hasDevice(flags)
    if (device === (file !== undefined))
      throw new CliError(
        ExitCode.usage,
        device ? 'a keystore and a device are two keys' : 'no key is named',
        'writ key show FILE, or writ key show --ledger',
      )
    if (file === undefined) return showOnDevice(io, flags)
    const address = flags.check ? (await openKey(io, flags, file)).address : await keyAddress(io, flags, file)
    if (flags.json) io.out(`${JSON.stringify({ file, address: address.toLowerCase() })}\n`)
    else io.out(`${getAddress(address)}\n`)
  })
}

/** The address counts only once the device has shown it and its holder has confirmed it there. */
const showOnDevice = async (io: Io, flags: ShowFlags): Promise<void> => {
  mustPressButtons(io, flags, 'add --yes, which presses its buttons')
  const { address, path } = await withDevice(io, flags, async ({ ledger }) => {
    io.err(`The device is about to show ${ledger.address} (${ledger.path}). Confirm there if that is what it shows.\n`)
    await ledger.verifyAddress()
    return ledger
  })
  io.out(flags.json ? `${JSON.stringify({ path, address: address.toLowerCase() })}\n` : `${address}\n`)
}

const existing = (file: string): CliError =>
  new CliError(
    ExitCode.usage,
    `\`${file}\` exists already, and a key is never overwritten`,
    `choose another name, or see what it is: writ key show ${file}`,
  )
