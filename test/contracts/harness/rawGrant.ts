import { keccak256, stringToHex } from 'viem'
import type { Hex } from '../../../src/policy/Hex.js'
import { ACCOUNT, KEY, MODULE, USDC } from './actors.js'
import { FROM, UNTIL } from './policies.js'

/** A number as big-endian hex digits of so many bytes. */
export const hex = (value: number | bigint, size = 1): string => value.toString(16).padStart(2 * size, '0')

/** `length ‖ bytes`, the length of so many bytes. */
export const sized = (digits: string, size: number): string => hex(digits.length / 2, size) + digits

const raw = (address: Hex): string => address.slice(2)

/** A function of the table: `types` in parentheses; a command has its byte for a name. Its parameters have no names. */
export type RawFunction = {
  readonly name: string
  readonly types: string
  readonly headWords: number
  readonly descriptor?: string
}

const signature = ({ name, types }: RawFunction): string => name + types

const functionEntry = (of: RawFunction): string => {
  const text = stringToHex(signature(of)).slice(2)
  // Each "(" and each "," begins one, only "()" begins none.
  const names = of.types.split(/[(,]/).length - of.types.split('()').length
  return sized(text, 2) + '00'.repeat(names)
}

/** Three zero bytes and the byte of a command, else the first four bytes of the signature's hash. */
export const selectorOf = (of: RawFunction): string =>
  of.name.startsWith('0x') ? `000000${of.name.slice(2)}` : keccak256(stringToHex(signature(of))).slice(2, 10)

/** Parts of an allow rule, as hex digits; what is left out is empty. */
export type RawAllow = {
  readonly of?: RawFunction
  readonly index?: number
  readonly flags?: number
  readonly target?: Hex
  /** Each a whole condition. */
  readonly where?: readonly string[]
  readonly charges?: readonly string[]
  readonly unlimited?: readonly string[]
  /** Each a whole block. */
  readonly nested?: readonly string[]
  /** Said in place of the count of blocks. */
  readonly blocks?: number
}

/** An allow rule. Its flags follow from its parts, with `flags` turned. */
export const allow = (rule: RawAllow): string => {
  const { of, index = of ? 0 : 0xffff, where = [], charges = [], unlimited = [], nested, target = USDC } = rule
  const flags =
    (of ? 0 : 1) | (of?.descriptor ? 0x20 : 0) | (nested ? 0x40 : 0) | (of?.name.startsWith('0x') ? 0x80 : 0)
  const called = of ? selectorOf(of) + hex(of.headWords) + (of.descriptor ? sized(of.descriptor, 1) : '') : ''
  const body = hex(flags ^ (rule.flags ?? 0)) + raw(target) + called + hex(where.length) + where.join('')
  const counted = hex(charges.length) + charges.join('') + hex(unlimited.length) + unlimited.join('')
  const inside = nested ? hex(rule.blocks ?? nested.length) + nested.join('') : ''
  return `01${hex(index, 2)}${sized(body, 2)}${counted}${inside}`
}

/** A deny rule of an action: 0 any, 1 send, 2 call, 3 command. */
export const deny = (options: {
  readonly action: number
  readonly of?: RawFunction
  readonly index?: number
  readonly target?: Hex
  readonly where?: readonly string[]
}): string => {
  const { action, of, index = of ? 0 : 0xffff, target = USDC, where = [] } = options
  const clause = `00${hex(where.length)}${where.join('')}`
  return `02${hex(index, 2)}${raw(target)}${hex(action)}${of ? selectorOf(of) : ''}${sized(clause, 2)}`
}

/** A block of nested calls: its form and list, and its rules. */
export const block = (list: string, rules: readonly string[]): string => list + hex(rules.length, 2) + rules.join('')

/** A token of the table. */
export const token = (address: Hex, symbol: string, decimals = 6): string =>
  raw(address) + hex(decimals) + sized(stringToHex(symbol).slice(2), 1)

/** A grant of these tables and rules: fees unlimited. */
export const grantOf = (parts: {
  readonly functions?: readonly RawFunction[]
  /** Each a whole token. */
  readonly tokens?: readonly string[]
  /** Each a whole meter. */
  readonly meters?: readonly string[]
  readonly rules: readonly string[]
  readonly until?: number
  readonly chainId?: bigint
}): Hex => {
  const { functions = [], tokens = [], meters = [], rules, until = UNTIL, chainId = 8453n } = parts
  const place = `01${hex(chainId, 8)}${raw(MODULE)}${raw(ACCOUNT)}${hex(1, 4)}${hex(0, 6)}`
  const header = `00${raw(KEY)}${hex(FROM, 5)}${hex(until, 5)}`
  const tables = `${hex(tokens.length)}${tokens.join('')}${hex(meters.length)}${meters.join('')}${hex(functions.length, 2)}${functions.map(functionEntry).join('')}`
  return `0x${place}${sized(header, 2)}${tables}${hex(rules.length, 3)}${rules.join('')}`
}
