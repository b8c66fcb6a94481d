import { getTypesForEIP712Domain, serializeTypedData, type TypedDataDefinition } from 'viem'
import { LedgerError } from './LedgerError.js'
import type { ethereumApp } from './libraries.js'

/** Typed data as the client of the Ethereum app takes it: the domain's own type among the types, numbers as text. */
export type TypedDataJson = Parameters<ReturnType<typeof ethereumApp>['signEIP712Message']>[1]

/** The device cuts a string here, without a mark (Ethereum app 1.22.0). */
const MOST_CHARACTERS = 379

type Named = {
  readonly domain?: Record<string, unknown>
  readonly primaryType: string
  readonly message: Record<string, unknown>
}
type Types = Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>

/**
 * What the device is sent for typed data. Throws a LedgerError (`not-readable`) where a string in it would be shown other than it is, on a
 * device whose settings show it at all: longer than 379 characters, or not printable ASCII.
 */
export const typedDataJson = (typedData: TypedDataDefinition): TypedDataJson => {
  const { domain = {}, primaryType, message } = typedData as Named
  const types: Types = { EIP712Domain: getTypesForEIP712Domain({ domain }), ...(typedData.types as Types) }
  for (const text of [...stringsOf(types, 'EIP712Domain', domain), ...stringsOf(types, primaryType, message)])
    if (!/^[\x20-\x7e]*$/.test(text) || text.length > MOST_CHARACTERS)
      throw new LedgerError('not-readable', `a string of ${String(text.length)} characters in typed data`)
  return JSON.parse(serializeTypedData({ domain, types, primaryType, message })) as TypedDataJson
}

/** Every string in a value of the type, at whatever depth. */
const stringsOf = (types: Types, type: string, value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((element) => stringsOf(types, type.replace(/\[\d*\]$/, ''), element))
  if (type === 'string') return [String(value)]
  const members = types[type]
  if (members === undefined || typeof value !== 'object' || value === null) return []
  const named: Readonly<Record<string, unknown>> = { ...value }
  return members.flatMap((member) => stringsOf(types, member.type, named[member.name]))
}
