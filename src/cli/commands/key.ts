import type { Command } from 'commander'
import { getAddress } from 'viem'
import { newKeystore } from '../../account/owners/keystore.js'
import { CliError } from '../CliError.js'
import { keyAddress, openKey } from '../chain/keyFile.js'
import { newPasswordOf, passwordOption, type PasswordFlags } from '../chain/password.js'
import { waiting } from '../chain/waiting.js'
import { ExitCode } from '../ExitCode.js'
import { writeSecret } from '../files.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'

type NewFlags = PasswordFlags & { json?: true }
type ShowFlags = PasswordFlags & { check?: true; json?: true }

const help = `
The file is a keystore as geth, foundry and most wallets have it: Web3 Secret Storage, version 3 (scrypt, aes-128-ctr), mode 0600.
The private key is never printed. Who has file and password can do what the writs of that key allow, and nothing else: give each agent
a key of its own, and never use the owner's.

Examples:
  writ key new agent.json                               asks for a password, twice
  writ key new agent.json --password-file agent.pass    for programs
  writ key show agent.json                              its address, for the line \`key\` of a writ

Exit codes: 0 answered, 2 usage (the file exists already), 3 it is no keystore, 4 environment, 5 the password does not open it.`

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
    .description('Prints the address of the key in FILE. Where the file says it, no password is needed.')
    .argument('<file>', 'a keystore')
    .option('--check', 'open it with the password: the address is then what the key gives, not what the file says')
    .option('--json', 'print {file, address} as JSON')
  passwordOption(own).action(async (file: string, flags: ShowFlags) => {
    const address = flags.check ? (await openKey(io, flags, file)).address : await keyAddress(io, flags, file)
    if (flags.json) io.out(`${JSON.stringify({ file, address: address.toLowerCase() })}\n`)
    else io.out(`${getAddress(address)}\n`)
  })
}

const existing = (file: string): CliError =>
  new CliError(
    ExitCode.usage,
    `\`${file}\` exists already, and a key is never overwritten`,
    `choose another name, or see what it is: writ key show ${file}`,
  )
