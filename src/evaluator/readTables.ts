import { BASE_UNITS, LIMIT } from '../compiler/layout.js'
import { type FunctionShape, nameSlots, shapeOf } from './FunctionShape.js'
import { parseSignature } from './parseSignature.js'
import type { Reader } from './Reader.js'
import type { TokenEntry } from './Tables.js'

const SYMBOL = /^[A-Za-z][A-Za-z0-9]{0,10}$/

/** Reads the table of tokens. */
export const readTokens = (reader: Reader): TokenEntry[] => {
  const start = reader.at
  const count = reader.byte()
  reader.must(count <= LIMIT.tokens, 'there are too many tokens', start)
  const tokens = Array.from({ length: count }, (): TokenEntry => {
    const at = reader.at
    const address = reader.hex(20)
    const decimals = reader.byte()
    const symbol = reader.text(reader.byte())
    reader.must(decimals <= LIMIT.decimals || decimals === BASE_UNITS, 'a token has too many decimals', at)
    reader.must(SYMBOL.test(symbol), "a token's symbol is no name", at)
    return { address, symbol, decimals: decimals === BASE_UNITS ? undefined : decimals }
  })
  const names = new Set(tokens.map(({ symbol }) => symbol.toLowerCase()))
  const addresses = new Set(tokens.map(({ address }) => address))
  reader.must(names.size === count && addresses.size === count, 'a token stands there twice', start)
  return tokens
}

const PARAMETER_NAME = /^([A-Za-z_$][A-Za-z0-9_$]{0,254})?$/

/** What is called in the same way has the same types. */
export const requireAlike = (
  reader: Reader,
  typesOf: Map<string, string>,
  key: string,
  { signature, name }: FunctionShape,
  at: number,
): void => {
  const types = signature.slice(name.length)
  reader.must((typesOf.get(key) ?? types) === types, 'two functions of one selector differ', at)
  typesOf.set(key, types)
}

/** Reads the table of functions; selectors and layouts follow from the signatures. */
export const readFunctions = (reader: Reader): FunctionShape[] => {
  const bySelector = new Map<string, string>()
  const seen = new Set<string>()
  return Array.from({ length: reader.uint(2) }, () => {
    const start = reader.at
    const length = reader.uint(2)
    const text = reader.text(length)
    const signature = parseSignature(text)
    if (!signature) return reader.fail('a signature cannot be read', start)
    const shape = shapeOf(reader.bytes.subarray(reader.at - length, reader.at), text, signature)
    for (const { tuple, index } of nameSlots(shape.inputs)) {
      const name = reader.text(reader.byte())
      reader.must(PARAMETER_NAME.test(name), "a parameter's name is no name", start)
      tuple.names[index] = name
    }
    // What a command's byte means is a matter of the contract.
    if (!shape.isCommand) requireAlike(reader, bySelector, shape.key, shape, start)
    const whole = reader.bytes.subarray(start, reader.at).join()
    reader.must(!seen.has(whole), 'a function stands there twice', start)
    seen.add(whole)
    reader.must(shape.descriptor.length <= 2 * LIMIT.descriptorLength, 'a descriptor is too long', start)
    return shape
  })
}
