import type { AbiParameter } from 'viem'
import { readAddress } from '../../dsl/units/address.js'
import type { Token } from '../../policy/Units.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { amountOf } from './amountOf.js'

/**
 * A function's argument from a word of the command line, as viem encodes it: numbers decimal, in hex, or an amount such as `25 USDC`; lists and
 * tuples are JSON. Ends the command where the word is not of the type.
 */
export const argumentOf = (parameter: AbiParameter, word: string, tokens: readonly Token[]): unknown => {
  const { type } = parameter
  if (!type.endsWith(']') && !type.startsWith('tuple')) return scalarOf(parameter, word, tokens)
  let json: unknown
  try {
    // A number beyond 2^53 would lose digits: whatever is no text is read as one.
    json = JSON.parse(word.replace(/"(?:[^"\\]|\\.)*"|-?\d+/g, (part) => (part.startsWith('"') ? part : `"${part}"`)))
  } catch {
    return fail(parameter, word, 'it is not JSON')
  }
  return valueOf(parameter, json, tokens)
}

const valueOf = (parameter: AbiParameter, json: unknown, tokens: readonly Token[]): unknown => {
  const [, element, length] = /^(.*)\[(\d*)\]$/.exec(parameter.type) ?? []
  if (element !== undefined) {
    if (!Array.isArray(json)) return fail(parameter, json, 'it is not a list')
    if (length !== '' && json.length !== Number(length)) return fail(parameter, json, `it has not ${length} elements`)
    return json.map((one) => valueOf({ ...parameter, type: element }, one, tokens))
  }
  if ('components' in parameter) return tupleOf(parameter, json, tokens)
  return scalarOf(
    parameter,
    typeof json === 'string' || typeof json === 'boolean'
      ? String(json)
      : fail(parameter, json, 'it is neither text nor true or false'),
    tokens,
  )
}

/** A tuple is a list in the order of its components, or an object with their names. */
const tupleOf = (
  parameter: AbiParameter & { readonly components: readonly AbiParameter[] },
  json: unknown,
  tokens: readonly Token[],
): unknown => {
  const { components } = parameter
  if (typeof json !== 'object' || json === null) return fail(parameter, json, 'it is neither a list nor an object')
  if (Array.isArray(json) && json.length !== components.length)
    return fail(parameter, json, `it has not ${components.length} elements`)
  const values = components.map((component, index) => {
    const value: unknown = Array.isArray(json) ? json[index] : (json as Record<string, unknown>)[component.name ?? '']
    return value === undefined ? fail(component, json, 'it is missing') : valueOf(component, value, tokens)
  })
  // viem reads tuples whose components have names by those names.
  return components.every(({ name }) => name)
    ? Object.fromEntries(components.map(({ name }, index) => [name, values[index]]))
    : values
}

const scalarOf = (parameter: AbiParameter, word: string, tokens: readonly Token[]): unknown => {
  const { type } = parameter
  if (type === 'string') return word
  if (type === 'bool')
    return word === 'true' || (word === 'false' ? false : fail(parameter, word, 'it is neither true nor false'))
  if (type === 'address') {
    const read = /^0x[0-9a-fA-F]{40}$/.test(word) ? readAddress(word) : undefined
    const token = tokens.find(({ symbol }) => symbol === word)
    if (token !== undefined) return token.address
    return read?.ok ? read.address : fail(parameter, word, noAddress(word, tokens))
  }
  const [, size] = /^bytes(\d*)$/.exec(type) ?? []
  if (size !== undefined) {
    const right = /^0x(?:[0-9a-fA-F]{2})*$/.test(word) && (size === '' || word.length === 2 + 2 * Number(size))
    return right
      ? word.toLowerCase()
      : fail(
          parameter,
          word,
          size === '' ? 'it is not 0x and pairs of hex digits' : `it is not 0x and ${2 * Number(size)} hex digits`,
        )
  }
  return numberOf(parameter, word, tokens)
}

const noAddress = (word: string, tokens: readonly Token[]): string => {
  if (word.startsWith('0x')) return 'it is no address, or its checksum is wrong'
  const symbols = tokens.map(({ symbol }) => symbol)
  return symbols.length === 0
    ? 'it is no address, and the writ names no token'
    : `it is neither an address nor a token of the writ (${symbols.join(', ')})`
}

const numberOf = (parameter: AbiParameter, word: string, tokens: readonly Token[]): bigint => {
  const [, unsigned, bits] = /^(u?)int(\d*)$/.exec(parameter.type) ?? []
  if (unsigned === undefined) return fail(parameter, word, 'writ knows no such type')
  const digits = word.startsWith('-') ? word.slice(1) : word
  const size = /^0x[0-9a-fA-F]{1,64}$/.test(digits) ? BigInt(digits) : amountOf(digits, tokens)
  if (size === undefined)
    return fail(parameter, word, 'it is neither a whole number nor an amount of a token of the writ')
  const value = word.startsWith('-') ? -size : size
  const width = BigInt(bits === '' || bits === undefined ? 256 : bits)
  const [least, most] = unsigned === 'u' ? [0n, 1n << width] : [-(1n << (width - 1n)), 1n << (width - 1n)]
  return value >= least && value < most ? value : fail(parameter, word, 'it does not fit')
}

const fail = ({ name, type }: AbiParameter, given: unknown, why: string): never => {
  const shown = typeof given === 'string' ? given : JSON.stringify(given)
  throw new CliError(
    ExitCode.usage,
    `the argument ${name ? `${name}, ` : ''}of type ${type}, cannot be \`${shown}\`: ${why}`,
    'numbers are decimal or 0x…, amounts `25 USDC`, lists and tuples JSON',
  )
}
