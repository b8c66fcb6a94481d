import { symbolFault } from '../../policy/device/symbolFault.js'
import type { Address } from '../../policy/Hex.js'
import { quote } from '../../diagnostic/quote.js'
import { readAbi } from '../abi/readAbi.js'
import type { AbiFunction } from '../abi/parseType.js'
import type { HeaderLine, Name, Place, StringLiteral, TokenLine } from '../ast.js'
import { readAddress } from '../units/address.js'
import { readBudgetAmounts, readLimitAmounts } from './amounts.js'
import type { ContractEntity, Entity, TokenEntity } from './Entity.js'
import type { Report } from './Report.js'
import type { Source, SourceLine } from './Source.js'

/** What the header declares, by name and by address. */
export type Names = {
  readonly entities: ReadonlyMap<string, Entity>
  readonly byAddress: ReadonlyMap<Address, readonly (TokenEntity | ContractEntity)[]>
}

/** Words that mean something in every writ and so cannot be declared. */
export const reserved: ReadonlySet<string> = new Set([
  'ETH',
  'gwei',
  'wei',
  'units',
  'calls',
  'account',
  'now',
  'args',
  'call',
  'session',
  'op',
  'target',
  'wrapped',
])

type Declaration = Extract<HeaderLine, { readonly name: Name }>

/** Reads the declarations of a header; faults are reported and leave gaps. */
export function readNames(header: readonly SourceLine[]): Names {
  const declarations = new Map<string, Declared>()
  for (const { line, source } of header) {
    if (!('name' in line) || line.kind === 'action') continue
    if (nameIsFree(line, declarations, source)) declarations.set(line.name.text, { line, source })
  }
  const names: { entities: Map<string, Entity>; byAddress: Map<Address, (TokenEntity | ContractEntity)[]> } = {
    entities: new Map(),
    byAddress: new Map(),
  }
  // Tokens first: budgets are amounts of them.
  const lines = [...declarations.values()]
  for (const { line, source } of lines) {
    if (line.kind !== 'token' && line.kind !== 'contract') continue
    const reader = { declarations, source }
    const entity = line.kind === 'token' ? readToken(line, reader) : readContract(line, reader)
    names.entities.set(entity.name, entity)
    if (entity.address === undefined) continue
    const others = names.byAddress.get(entity.address) ?? []
    const same = others.find((other) => other.kind === 'token')
    if (same && entity.kind === 'token')
      source.report({
        code: 'W038',
        severity: 'error',
        span: line.name.span,
        message: `${quote(line.name.text)} has the address of ${quote(same.name)}`,
        help: `keep one of the two names`,
      })
    names.byAddress.set(entity.address, [...others, entity])
  }
  for (const { line: node, source } of lines) {
    const name = node.name.text
    if (node.kind === 'let')
      names.entities.set(name, { kind: 'let', node, source, name, state: { kind: 'new' }, used: false })
    if (node.kind === 'budget line')
      names.entities.set(name, {
        kind: 'budget',
        node,
        source,
        name,
        terms: readBudgetAmounts(node.amounts, names, source.report),
        used: false,
      })
    if (node.kind === 'limit line')
      names.entities.set(name, {
        kind: 'limit',
        node,
        source,
        name,
        terms: readLimitAmounts(node.amounts, source.report),
        used: false,
      })
  }
  return names
}

type Declared = { readonly line: Declaration; readonly source: Source }

/** Declarations by name, and the text of the line that is read. */
type Reader = { readonly declarations: ReadonlyMap<string, Declared>; readonly source: Source }

function nameIsFree(line: Declaration, declared: ReadonlyMap<string, Declared>, source: Source): boolean {
  const { text, span } = line.name
  const refuse = (message: string, help: string) => {
    source.report({ code: 'W038', severity: 'error', span, message, help })
    return false
  }
  if (reserved.has(text)) return refuse(`${quote(text)} already means something in every writ`, 'choose another name')
  const first = declared.get(text)
  if (first)
    return refuse(
      `${quote(text)} is declared twice${first.source.text === source.text ? '' : ', here and in another file'}`,
      'keep one of the two lines, or choose another name',
    )
  if (line.kind !== 'token') return true
  if (!/^[A-Za-z][A-Za-z0-9]{0,10}$/.test(text))
    return refuse(`${quote(text)} is no token symbol`, 'use 1 to 11 letters and digits, a letter first')
  const lower = text.toLowerCase()
  const twin = [...declared.values()].find(
    ({ line }) => line.kind === 'token' && line.name.text.toLowerCase() === lower,
  )?.line
  if (twin || lower === 'eth')
    return refuse(`${quote(text)} and ${quote(twin?.name.text ?? 'ETH')} differ only in case`, 'choose another symbol')
  const fault = symbolFault(text)
  if (fault !== undefined)
    source.report({
      code: 'W120',
      severity: 'error',
      span,
      message: `the symbol ${quote(text)} ${fault}`,
      help: 'choose another symbol: the owner reads it between the words of the grant',
    })
  // The name is known all the same: what uses it is no further fault.
  return true
}

function readToken(node: TokenLine, reader: Reader): TokenEntity {
  const refuse = (message: string) =>
    reader.source.report({
      code: 'W041',
      severity: 'error',
      span: (node.decimals ?? node.name).span,
      message,
      help: `write \`token ${node.name.text} = … decimals 18\`, or \`base units\` in place of the decimals`,
    })
  let decimals: TokenEntity['decimals']
  if (node.decimals === undefined) refuse(`token ${quote(node.name.text)} does not say its decimals`)
  else if (node.decimals.kind === 'base units') decimals = 'base units'
  else if (node.decimals.value.decimals > 0 || node.decimals.value.digits > 77n)
    refuse(`${quote(node.decimals.text)} is no number of decimals from 0 to 77`)
  else decimals = Number(node.decimals.value.digits)
  const { address, abi } = readPlaceLine(node, reader)
  return { kind: 'token', node, source: reader.source, name: node.name.text, address, decimals, abi, used: false }
}

function readContract(node: ContractEntity['node'], reader: Reader): ContractEntity {
  const { source } = reader
  return { kind: 'contract', node, source, name: node.name.text, ...readPlaceLine(node, reader), used: false }
}

function readPlaceLine(node: { readonly address: Place; readonly abi?: StringLiteral }, reader: Reader) {
  return { address: placeAddress(node.address, reader, 0), abi: node.abi && readAbiFile(node.abi, reader.source) }
}

/** A declared address may be given by another name, of any line. */
function placeAddress(place: Place, reader: Reader, depth: number): Address | undefined {
  const { source, declarations } = reader
  if (place.kind === 'address') return checkedAddress(place, source.report)
  const declared = depth < 16 ? declarations.get(place.text) : undefined
  const line = declared?.line
  const there = { declarations, source: declared?.source ?? source }
  if (line?.kind === 'token' || line?.kind === 'contract') return placeAddress(line.address, there, depth + 1)
  if (line?.kind === 'let') {
    const { value } = line
    if (value.kind === 'address') return checkedAddress(value, there.source.report)
    if (value.kind === 'path' && value.steps.length === 0) return placeAddress(value.root, there, depth + 1)
  }
  source.report({
    code: 'W044',
    severity: 'error',
    span: place.span,
    message: `${quote(place.text)} is not the name of an address`,
    help: 'write the address itself: `0x` and 40 hex digits',
  })
  return undefined
}

/** The address of a literal; a wrong checksum is reported. */
export function checkedAddress(
  literal: { readonly text: string; readonly span: Name['span'] },
  report: Report,
): Address | undefined {
  // An address of another length has been reported by the parser.
  if (literal.text.length !== 42) return undefined
  const read = readAddress(literal.text)
  if (read.ok) return read.address
  report({
    code: 'W036',
    severity: 'error',
    span: literal.span,
    message: `${quote(literal.text)} has a wrong checksum: a digit or the case of a letter was changed`,
    help: `compare it with its source; if every digit is right, it is written \`${read.expected}\``,
  })
  return undefined
}

function readAbiFile(path: StringLiteral, { readFile, report }: Source): readonly AbiFunction[] | undefined {
  const refuse = (message: string, help: string) => {
    report({ code: 'W042', severity: 'error', span: path.span, message, help })
    return undefined
  }
  const text = readFile(path.value)
  if (text === undefined)
    return refuse(
      `the ABI file ${quote(path.value)} cannot be read`,
      'the path counts from the folder of the file that it stands in; an inline signature needs no file',
    )
  const abi = readAbi(text)
  return abi.ok
    ? abi.functions
    : refuse(
        `${quote(path.value)} is no ABI: ${abi.reason}`,
        'give a JSON ABI, or a JSON list of texts such as `"function claim(address to)"`',
      )
}
