import { ASSET, BASE_UNITS, HEADER_FLAG, LIMIT, PAID_BY, VERSION } from '../compiler/layout.js'
import type { Hex } from '../policy/Hex.js'
import { type Candidates, candidatesOf } from './Candidates.js'
import { type FunctionShape, nameSlots, shapeOf } from './FunctionShape.js'
import { toBytes } from './hex.js'
import { InvalidGrantError } from './InvalidGrantError.js'
import { type MeterEntry, readMeters } from './MeterEntry.js'
import { parseSignature } from './parseSignature.js'
import { Reader } from './Reader.js'
import { readConditions } from './readConditions.js'
import { type RuleContext, readRule } from './readRule.js'
import type { AllowRule, DenyRule, Rule } from './Rule.js'
import type { FeesEntry, Session } from './Session.js'
import type { Tables, TokenEntry } from './Tables.js'
import type { Times } from './Times.js'

/** EntryPoints 0.6 to 0.9: a call to one acts as the account itself would (ERC-4337). */
const ENTRY_POINTS = [
  '5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
  '0000000071727de22e5e9d8baf0edac6f37da032',
  '4337084d9e255ff0702461cf8895ce9e3b5ff108',
  '433709009b8330fda32311df1c2afa402ed8d009',
]

/** Reads a grant as docs/format.md draws it and prepares it for deciding; throws InvalidGrantError for any other bytes. */
export const load = (grant: Hex): Session => {
  const bytes = toBytes(grant)
  if (typeof bytes === 'number') throw new InvalidGrantError('it is not 0x and an even number of hex digits', bytes)
  const reader: Reader = new Reader(bytes, 0, bytes.length)
  reader.require(reader.byte() === VERSION, 'its version is unknown', 0)
  const chainId = Number(reader.big(8))
  reader.require(chainId >= 1 && chainId <= LIMIT.chainId, 'the chain id is not possible', 1)
  const module = reader.hex(20)
  const account = reader.hex(20)
  const entityId = reader.uint(4)
  const tag = reader.hex(6)
  const header: Reader = reader.part(reader.uint(2))
  const headerAt = header.at
  const flags = header.byte()
  header.require(flags <= (HEADER_FLAG.paidBy | HEADER_FLAG.conditions), 'the header has unknown flags', headerAt)
  const key = header.hex(20)
  const life = readLife(header)

  const tokens = readTokens(reader)
  const tables: Tables = { account, key, tokens, unused: new Set(tokens.map(({ address }) => address)) }
  const meters = readMeters(reader, tables)
  const fees = readFees(header, flags, tables, meters)
  const functions = readFunctions(reader)
  const feesMeters = hasMeter(fees.paidBy) ? 1 : 0
  const context: RuleContext = { tables, life, functions, meters, functionsUsed: 0, metersUsed: feesMeters }
  const start = reader.at
  const rules: Rule[] = []
  for (let left = reader.uint(3); left > 0; left--) rules.push(readRule(reader, context, rules.length))
  reader.finish('the rules')
  reader.require(context.functionsUsed === functions.length, 'a function is not used', start)
  reader.require(context.metersUsed === meters.length, 'a meter is not used', start)
  reader.require(tables.unused.size === 0, 'a token is not used', start)
  const allows = rules.filter((rule) => rule.effect === 'allow')
  reader.require(allows.length > 0, 'no rule allows anything', start)
  foldDenies(reader, rules, allows, start)

  return {
    chainId,
    module: `0x${module}`,
    account: `0x${account}`,
    entityId,
    tag: `0x${tag}`,
    key: `0x${key}`,
    from: life.from,
    until: life.until,
    meters: meters.map(({ asset, limit }) => ({ counts: countsOf(asset, tokens), limit })),
    ruleCount: rules.length,
    internal: {
      bytes,
      header: [headerAt, header.at],
      fees,
      meters,
      rules,
      allows,
      index: indexOf(allows),
      forbidden: new Set([account, module, ...ENTRY_POINTS]),
    },
  }
}

const countsOf = (asset: number, tokens: readonly TokenEntry[]): 'ETH' | 'calls' | Hex =>
  asset === ASSET.eth ? 'ETH' : asset === ASSET.calls ? 'calls' : `0x${tokens[asset]?.address ?? ''}`

const readLife = (header: Reader): Times => {
  const start = header.at
  const from = header.uint(5)
  const until = header.uint(5)
  header.require(LIMIT.fromLeast <= from && from < until && until < LIMIT.untilBelow, 'its time is not possible', start)
  return { from, until, hours: undefined }
}

const hasMeter = (paidBy: number): boolean => paidBy === PAID_BY.budget || paidBy === PAID_BY.budgetOrSponsored

/** The header's rest, which names the first meter of the table. */
const readFees = (header: Reader, flags: number, tables: Tables, meters: readonly MeterEntry[]): FeesEntry => {
  const paidBy = flags & HEADER_FLAG.paidBy
  const start = header.at
  const sponsor = paidBy === PAID_BY.sponsored || paidBy === PAID_BY.budgetOrSponsored ? header.hex(20) : ''
  header.require(!/^0{40}$/.test(sponsor), 'the sponsor is zero', start)
  if (hasMeter(paidBy)) {
    const [meter] = meters
    header.require(meter?.asset === ASSET.eth, 'the fees have no meter of ETH', header.at)
    const at = header.at
    const record = header.take(meter.record.length)
    header.require(
      record.every((byte, index) => byte === meter.record[index]),
      "the fees' meter is not the first",
      at,
    )
  }
  const where =
    flags & HEADER_FLAG.conditions ? readConditions(header, { tables, inputs: undefined, place: 'fees' }) : []
  header.require(where.length > 0 || (flags & HEADER_FLAG.conditions) === 0, 'the fees have no conditions')
  header.finish('the header')
  return { paidBy, sponsor, where }
}

const SYMBOL = /^[A-Za-z][A-Za-z0-9]{0,10}$/

const readTokens = (reader: Reader): TokenEntry[] => {
  const start = reader.at
  const count = reader.byte()
  reader.require(count <= LIMIT.tokens, 'there are too many tokens', start)
  const tokens = Array.from({ length: count }, (): TokenEntry => {
    const at = reader.at
    const address = reader.hex(20)
    const decimals = reader.byte()
    const symbol = reader.text(reader.byte())
    reader.require(decimals <= LIMIT.decimals || decimals === BASE_UNITS, 'a token has too many decimals', at)
    reader.require(SYMBOL.test(symbol), "a token's symbol is no name", at)
    return { address, symbol, decimals: decimals === BASE_UNITS ? undefined : decimals }
  })
  const names = new Set(tokens.map(({ symbol }) => symbol.toLowerCase()))
  const addresses = new Set(tokens.map(({ address }) => address))
  reader.require(names.size === count && addresses.size === count, 'a token stands there twice', start)
  return tokens
}

const FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const PARAMETER_NAME = /^([A-Za-z_$][A-Za-z0-9_$]{0,254})?$/

const readFunctions = (reader: Reader): FunctionShape[] => {
  const bySelector = new Map<string, string>()
  const seen = new Set<string>()
  return Array.from({ length: reader.uint(2) }, () => {
    const start = reader.at
    const length = reader.uint(2)
    const text = reader.text(length)
    const signature = parseSignature(text)
    if (!signature || !FUNCTION_NAME.test(signature.name)) return reader.fail('a signature cannot be read', start)
    const shape = shapeOf(reader.bytes.subarray(reader.at - length, reader.at), text, signature)
    for (const { tuple, index } of nameSlots(shape.inputs)) {
      const name = reader.text(reader.byte())
      reader.require(PARAMETER_NAME.test(name), "a parameter's name is no name", start)
      tuple.names[index] = name
    }
    const types = text.slice(signature.name.length)
    reader.require((bySelector.get(shape.selector) ?? types) === types, 'two functions of one selector differ', start)
    bySelector.set(shape.selector, types)
    const whole = reader.bytes.subarray(start, reader.at).join()
    reader.require(!seen.has(whole), 'a function stands there twice', start)
    seen.add(whole)
    reader.require(shape.descriptor.length <= 2 * LIMIT.descriptorLength, 'a descriptor is too long', start)
    return shape
  })
}

/** Gives each allow rule the denies of its target that touch its action, as they are folded into its leaf. */
const foldDenies = (reader: Reader, rules: readonly Rule[], allows: readonly AllowRule[], start: number): void => {
  const byTarget = new Map<string, DenyRule[]>()
  for (const rule of rules) {
    if (rule.effect === 'allow') continue
    const denies = byTarget.get(rule.target)
    if (denies) denies.push(rule)
    else byTarget.set(rule.target, [rule])
  }
  for (const allow of allows) {
    const selector = allow.shape?.selector ?? ''
    const denies = byTarget.get(allow.target)?.filter((deny) => (deny.selector ?? selector) === selector) ?? []
    reader.require(denies.length <= LIMIT.denies, 'a rule has too many denies', start)
    allow.denies = denies
    reader.require(leafLength(allow) <= 0xffff, 'a leaf is too long', start)
  }
}

const leafLength = ({ body, leafCharges, denies }: AllowRule): number =>
  2 +
  (body[1] - body[0]) +
  leafCharges.reduce((sum, { record, amount }) => sum + record.length + amount[1] - amount[0], 0) +
  denies.reduce((sum, { clause }) => sum + clause[1] - clause[0], 0)

const indexOf = (allows: readonly AllowRule[]): ReadonlyMap<string, ReadonlyMap<string, Candidates>> => {
  const groups = new Map<string, Map<string, AllowRule[]>>()
  for (const rule of allows) {
    const selector = rule.shape?.selector ?? ''
    const ofTarget = groups.get(rule.target) ?? new Map<string, AllowRule[]>()
    groups.set(rule.target, ofTarget)
    const ofSelector = ofTarget.get(selector)
    if (ofSelector) ofSelector.push(rule)
    else ofTarget.set(selector, [rule])
  }
  return new Map(
    [...groups].map(([target, ofTarget]) => [
      target,
      new Map([...ofTarget].map(([selector, rules]) => [selector, candidatesOf(rules)])),
    ]),
  )
}
