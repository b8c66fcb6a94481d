import { InvalidArgumentError, type Command } from 'commander'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'
import { address } from './headerOptions.js'
import { moduleAddress } from '../evm/moduleAddress.js'

/** Where the policy is put into force, as given on the command line. */
export type BindingFlags = {
  readonly module?: Address | undefined
  readonly entity?: number | undefined
  readonly tag?: Hex | undefined
}

/** Adds the flags of the binding to a command. `--module` is left out by commands that give it another meaning. */
export const bindingOptions = (command: Command, withModule = true): Command => {
  if (withModule) command.option('--module <address>', 'the validation module (default: its CREATE2 address)', address)
  return tagOption(command.option('--entity <id>', 'the entity id of the validation (default: 1)', entity))
}

/** Adds the flag of the kill tag. */
export const tagOption = (command: Command, otherwise = 'default: zero, right until a first kill'): Command =>
  command.option('--tag <hex>', `the account's kill tag, 6 bytes (${otherwise})`, tag)

/** The binding that the flags say; an artifact's own must not be contradicted. */
export const bindingOf = (flags: BindingFlags, own?: Binding): Binding => {
  const binding = {
    module: flags.module ?? own?.module ?? moduleAddress(),
    entityId: flags.entity ?? own?.entityId ?? 1,
    tag: flags.tag ?? own?.tag ?? '0x000000000000',
  } as const
  if (own && (binding.module !== own.module || binding.entityId !== own.entityId || binding.tag !== own.tag))
    throw new CliError(
      ExitCode.invalid,
      'the artifact was compiled for another module, entity or tag',
      'compile the writ again with these flags',
    )
  return binding
}

/** Reads an ERC-6900 entity id. */
export const entity = (text: string): number => {
  if (!/^[0-9]{1,10}$/.test(text) || Number(text) > 0xffffffff)
    throw new InvalidArgumentError('It is not a whole number below 2^32.')
  return Number(text)
}

const tag = (text: string): Hex => {
  if (/^0(x0*)?$/.test(text)) return '0x000000000000'
  if (!/^0x[0-9a-fA-F]{12}$/.test(text)) throw new InvalidArgumentError('It is not 0x and 12 hex digits.')
  return text.toLowerCase() as Hex
}
