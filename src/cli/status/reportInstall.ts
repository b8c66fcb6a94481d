import type { Command } from 'commander'
import type { Finding } from '../../account/readers/verifyInstall.js'
import { verifyInstall } from '../../account/readers/verifyInstall.js'
import type { ModuleEntity } from '../../compiler/calldata.js'
import { printAddress } from '../../explain/printAddress.js'
import type { Address } from '../../policy/Hex.js'
import { asked } from '../chain/asked.js'
import { moduleEntityArgument } from '../chain/chainOptions.js'
import { nameOf, type Connection } from '../chain/connect.js'
import type { SessionFlags } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { address } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { waiting } from '../chain/waiting.js'

/** What an installation is expected to be like. */
export type InstallFlags = {
  readonly verifyInstall?: true
  readonly owner?: Address
  readonly secondOwner?: Address
  readonly textGrants: boolean
  readonly known?: readonly ModuleEntity[]
}

export const installFlags = (command: Command): Command =>
  command
    .option('--verify-install', 'look at the installation instead, as a second machine should before the first grant')
    .option('--owner <address>', 'with --verify-install: whom you expect as first owner', address)
    .option(
      '--second-owner <address>',
      'with --verify-install: whom you expect as second owner (default: nobody)',
      address,
    )
    .option('--no-text-grants', 'with --verify-install: you expect that only calls of the account grant')
    .option(
      '--known <module:entity>',
      "with --verify-install: another validation of the account that you know, such as the owner's own (repeatable)",
      (text: string, before: readonly ModuleEntity[] = []) => [...before, moduleEntityArgument(text)],
    )

/** Flags that mean nothing without `--verify-install` end the command: nobody should believe that something was compared. */
export const expectNoInstallFlags = ({ owner, secondOwner, textGrants, known }: InstallFlags): void => {
  if (owner !== undefined || secondOwner !== undefined || !textGrants || known !== undefined)
    throw new CliError(
      ExitCode.usage,
      'an expectation of the installation is given, but it is not looked at',
      'add --verify-install',
    )
}

/** Looks at an installation and reports each finding; resolves to whether all are as they should be. */
export const reportInstall = async (
  io: Io,
  json: boolean,
  { client, chainId, module, entityId }: Connection,
  account: Address,
  flags: InstallFlags & SessionFlags,
): Promise<boolean> => {
  const { owner, secondOwner, textGrants, known, fromBlock } = flags
  if (owner === undefined && (secondOwner !== undefined || !textGrants))
    throw new CliError(ExitCode.usage, 'the first owner is not named', 'add --owner ADDRESS')
  const looking = verifyInstall(client, {
    module,
    account,
    entityId,
    ...(owner && { expectedOwners: { first: owner, textGrants, ...(secondOwner && { second: secondOwner }) } }),
    ...(known && { known }),
    ...(fromBlock !== undefined && { fromBlock }),
  })
  const findings = await waiting(io, 'looking at the installation', asked(looking))
  const ok = findings.every((finding) => finding.ok)
  if (json) io.out(`${JSON.stringify({ chainId, account, module, entityId, ok, findings })}\n`)
  else {
    io.out(
      `account ${printAddress(account)} on ${nameOf(chainId)}\nmodule ${printAddress(module)}, entity ${entityId}\n\n`,
    )
    io.out(`${findings.map(findingText).join('')}\n${ok ? 'the installation is as it should be' : summary(findings)}\n`)
  }
  return ok
}

const findingText = ({ ok, what, expected, actual, help }: Finding): string =>
  ok ? `ok   ${what}: ${actual}\n` : `BAD  ${what}: ${actual}\n     expected: ${expected}\n     help: ${help}\n`

const summary = (findings: readonly Finding[]): string => {
  const bad = findings.filter(({ ok }) => !ok).length
  return `${bad} finding${bad === 1 ? ' is' : 's are'} not as ${bad === 1 ? 'it' : 'they'} should be: grant nothing yet`
}
