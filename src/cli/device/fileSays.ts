import type { Address } from '../../policy/Hex.js'
import { nameOf } from '../chain/connect.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'

/** Flags that make up a grant, or look for one before it: nothing is made up of what stands in a grant file. */
export const ofUnsigned = [
  ...['from', 'until', 'ttl', 'again', 'fromBlock'],
  ...['kind', 'ownerValidation', 'entryPoint', 'ownerKeystore', 'ownerUnlocked'],
] as const

/** Flags of who carries what is signed, and of where to. */
export const ofCarrying = ['rpc', 'bundler', 'fromKeystore', 'fromUnlocked', 'fromPasswordFile'] as const

/** Flags that mean nothing to this way of a command end it: nobody should believe that they were heeded. `of` is a phrase. */
export const expectNoIdle = (flags: object, names: readonly string[], of: string): void => {
  const given = flags as Readonly<Record<string, unknown>>
  const idle = names.find((name) => given[name] !== undefined)
  if (idle !== undefined)
    throw new CliError(ExitCode.usage, `${flagOf(idle)} says nothing ${of}: the file says it all`, 'leave it out')
}

/** `fromBlock` as it is written: `--from-block`. */
const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

type Said = {
  readonly account?: Address | undefined
  readonly key?: Address | undefined
  readonly chain?: number | undefined
  readonly module?: Address | undefined
  readonly entity?: number | undefined
}

type Own = {
  readonly account: Address
  readonly key?: Address
  readonly chainId?: number
  readonly module?: Address
  readonly entityId?: number
}

/** Flags that say what a signed file says too must say the same: another account than is meant would be acted on. */
export const expectSame = (path: string, flags: Said, own: Own): void => {
  const chain = (id: number | undefined): string | undefined => (id === undefined ? undefined : nameOf(id))
  const pairs = [
    ['account', flags.account, own.account],
    ['key', flags.key, own.key],
    ['chain', chain(flags.chain), chain(own.chainId)],
    ['module', flags.module, own.module],
    ['entity', flags.entity, own.entityId],
  ] as const
  for (const [name, given, there] of pairs)
    if (given !== undefined && there !== undefined && given !== there)
      throw new CliError(
        ExitCode.invalid,
        `--${name} says ${given}, but \`${path}\` says ${there}`,
        'leave the flag out, or take the file that you mean',
      )
}
