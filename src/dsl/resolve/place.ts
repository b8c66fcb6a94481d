import { quote } from '../../diagnostic/quote.js'
import type { Span } from '../../diagnostic/Diagnostic.js'
import type { Address } from '../../policy/Hex.js'
import type { Place } from '../ast.js'
import { nearest } from '../nearest.js'
import type { Context } from './Context.js'
import type { ContractEntity, TokenEntity } from './Entity.js'
import { letValue } from './let.js'
import { checkedAddress } from './names.js'

/** An address that the author named, and what the header declares about it. */
export type ResolvedPlace = {
  readonly address: Address
  readonly span: Span
  /** As written, for messages. */
  readonly text: string
  readonly token: TokenEntity | undefined
  /** The declaration whose ABI counts: the named one, else any of that address. */
  readonly declared: TokenEntity | ContractEntity | undefined
}

/** The address of a literal, a token, a contract or a `let`; anything else is reported. */
export function resolvePlace(context: Context, place: Place): ResolvedPlace | undefined {
  const { names, report } = context
  if (place.kind === 'address') {
    const address = checkedAddress(place, report)
    return address && describePlace(context, address, place)
  }
  const entity = names.entities.get(place.text)
  if (entity) entity.used = true
  if (entity?.kind === 'token' || entity?.kind === 'contract')
    return entity.address && { ...describePlace(context, entity.address, place), declared: entity }
  if (entity?.kind === 'let') {
    const value = letValue(context, entity)
    if (value === undefined) return undefined
    if (value.kind === 'word' && value.operand.kind === 'constant' && value.operand.constant.kind === 'address')
      return describePlace(context, value.operand.constant.value, place)
  }
  const near = entity ? undefined : nearest(place.text, addressNames(context))
  report({
    code: entity ? 'W044' : 'W037',
    severity: 'error',
    span: place.span,
    message: `${quote(place.text)} is not ${entity ? 'the name of an address' : 'declared'}`,
    help: near ? `did you mean \`${near}\`?` : `write the address, or declare it: \`contract ${place.text} = 0x…\``,
  })
  return undefined
}

function* addressNames({ names }: Context): Iterable<string> {
  for (const entity of names.entities.values())
    if (entity.kind !== 'budget' && entity.kind !== 'limit') yield entity.name
}

function describePlace({ names }: Context, address: Address, place: Place): ResolvedPlace {
  const declared = names.byAddress.get(address) ?? []
  const token = declared.find((entity) => entity.kind === 'token')
  return {
    address,
    span: place.span,
    text: place.text,
    token,
    declared: declared.find((entity) => entity.abi) ?? token ?? declared[0],
  }
}
