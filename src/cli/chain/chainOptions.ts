import { InvalidArgumentError, Option, type Command } from 'commander'
import type { EntryPointVersion, KindName } from '../../account/AccountKind.js'
import { kindNames } from '../../account/kinds.js'
import type { ModuleEntity } from '../../compiler/calldata.js'
import type { Address } from '../../policy/Hex.js'
import { entity } from '../bindingOptions.js'
import { address } from '../headerOptions.js'

/** Where a command acts: node, bundler, account, and how its account is made. */
export type ChainFlags = {
  readonly rpc?: string
  readonly bundler?: string
  readonly account?: Address
  readonly kind?: KindName
  /** Through which validation the owner of a `reference` or `circle` account speaks. */
  readonly ownerValidation?: ModuleEntity
  readonly module?: Address
  readonly entity?: number
  readonly entryPoint?: EntryPointVersion
  /** An EIP-155 chain id that the node must have. */
  readonly chain?: number
  /** From which block on the module's reports are read; the node must have it. */
  readonly fromBlock?: bigint
  readonly json?: true
  readonly dryRun?: true
  readonly yes?: true
}

/** A flag that a command adds itself, or has no use for. */
export type Without = 'account' | 'bundler' | 'kind' | 'module' | 'entity' | 'entryPoint' | 'acting'

/** Adds the flags of commands that speak with a chain; `acting` are --dry-run and --yes, which only commands that send have. */
export const chainOptions = (command: Command, without: readonly Without[] = []): Command => {
  const has = (flag: Without): boolean => !without.includes(flag)
  command.option('--rpc <url>', 'the JSON-RPC node (default: WRIT_RPC)', url)
  if (has('bundler')) command.option('--bundler <url>', 'the ERC-4337 bundler (default: WRIT_BUNDLER)', url)
  if (has('account')) command.option('--account <address>', 'the smart account', address)
  if (has('kind'))
    command
      .addOption(
        new Option('--kind <name>', 'how the account is made (default: modular-account-v2)').choices(kindNames),
      )
      .option(
        '--owner-validation <module:entity>',
        'the validation through which the owner of a reference or circle account speaks, such as 0x…:0',
        moduleEntityArgument,
      )
  if (has('module'))
    command.option('--module <address>', 'the validation module (default: its CREATE2 address)', address)
  if (has('entity')) command.option('--entity <id>', 'the entity id of the validation (default: 1)', entity)
  if (has('entryPoint'))
    command.addOption(
      new Option('--entry-point <version>', "the EntryPoint (default: the kind's usual one)").choices(['0.7', '0.8']),
    )
  if (has('acting'))
    command
      .option('--dry-run', 'send nothing: print exactly what would be sent, and what it means')
      .option('-y, --yes', 'do not ask before sending (where nobody is at a terminal this must be said)')
  return command.option('--json', 'print one JSON object')
}

/** Reads the name of a validation: its module and its entity id. */
export const moduleEntityArgument = (text: string): ModuleEntity => {
  const [module = '', entityId = '', ...rest] = text.split(':')
  if (rest.length > 0) throw new InvalidArgumentError('It is not an address, a colon and an entity id.')
  return { module: address(module), entityId: entity(entityId) }
}

/** Reads an http(s) URL of the command line. */
export const url = (text: string): string => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It is not an http:// or https:// URL.')
  return text
}
