import { InvalidArgumentError, type Command } from 'commander'
import type { HeaderLine } from '../dsl/ast.js'
import type { CheckOptions } from '../dsl/check.js'
import { readAddress } from '../dsl/units/address.js'
import { chainId } from '../dsl/units/chains.js'
import { parse } from '../dsl/parse.js'
import type { Address } from '../policy/Hex.js'

/** Header values given on the command line, already read. */
export type HeaderFlags = {
  readonly account?: Address
  readonly key?: Address
  readonly chain?: number
  /** Unix seconds. */
  readonly from?: number
  readonly until?: number
  /** Seconds. */
  readonly ttl?: number
}

/** Adds the flags of header values to a command. A value that the file gives too must be the same. */
export const headerOptions = (command: Command): Command =>
  chainIdOption(
    command
      .option('--account <address>', 'the smart account', address)
      .option('--key <address>', "the session key's address", address),
  )
    .option('--from <time>', 'when it begins: unix seconds or "2026-11-22 13:00:00" (UTC)', time)
    .option('--until <time>', 'when it ends (exclusive), in the same forms', time)
    .option('--ttl <duration>', 'how long it lasts: 24h, 7d, …', duration)

/** Adds the flag of the chain to a command. */
export const chainIdOption = (command: Command): Command =>
  command.option('--chain <name or id>', 'the chain: base, mainnet, 8453, …', chain)

/** The flags as the checker takes them. */
export const headerOf = (flags: HeaderFlags): NonNullable<CheckOptions['header']> => ({
  ...(flags.account === undefined ? {} : { account: flags.account }),
  ...(flags.key === undefined ? {} : { key: flags.key }),
  ...(flags.chain === undefined ? {} : { chain: flags.chain }),
  ...(flags.from === undefined ? {} : { from: flags.from }),
  ...(flags.until === undefined ? {} : { until: flags.until }),
  ...(flags.ttl === undefined ? {} : { ttlSeconds: flags.ttl }),
})

/** Reads an address; a mixed-case one must carry its EIP-55 checksum. */
export const address = (text: string): Address => {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError('It is not 0x and 40 hex digits.')
  const read = readAddress(text)
  if (!read.ok)
    throw new InvalidArgumentError(
      `Its checksum is wrong: is a digit mistyped? With these digits it is ${read.expected}.`,
    )
  return read.address
}

const chain = (text: string): number => {
  const id = /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : chainId(text)
  if (id === undefined || !Number.isSafeInteger(id))
    throw new InvalidArgumentError('It is no chain that writ knows; give its id as a number.')
  return id
}

/** Unix seconds, or a date in the language's own form. */
const time = (text: string): number => {
  if (/^[0-9]{1,12}$/.test(text)) return Number(text)
  const line = headerLine(`from ${text}`)
  if (line?.kind !== 'from')
    throw new InvalidArgumentError('It is neither unix seconds nor a date such as "2026-11-22 13:00:00".')
  return line.date.seconds
}

/** A duration in the language's own form. */
const duration = (text: string): number => {
  const line = headerLine(`ttl ${text}`)
  if (line?.kind !== 'ttl') throw new InvalidArgumentError('It is not a duration such as 20m, 24h or 7d.')
  return line.duration.seconds
}

/** The one header line that a text is, read by the language's own parser. */
const headerLine = (text: string): HeaderLine | undefined => {
  const [line, ...others] = parse(text).writ.header
  return others.length === 0 && line?.span.start === 0 && line.span.end === text.length ? line : undefined
}
