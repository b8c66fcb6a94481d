import { ASSET, LIMIT, VERSION } from '../compiler/layout.js'
import type { Hex } from '../policy/Hex.js'
import { targetsOf } from './Candidates.js'
import { foldDenies } from './foldDenies.js'
import { toBytes } from './hex.js'
import { InvalidGrantError } from './InvalidGrantError.js'
import { readMeters } from './MeterEntry.js'
import { Reader } from './Reader.js'
import { hasMeter, readFees, readHeaderStart } from './readHeader.js'
import { readRule } from './readRule.js'
import { readFunctions, readTokens } from './readTables.js'
import type { Rule } from './Rule.js'
import type { RuleContext } from './RuleContext.js'
import type { Session } from './Session.js'
import type { Tables, TokenEntry } from './Tables.js'

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
  const reader: Reader = new Reader(bytes, grant.slice(2).toLowerCase(), 0, bytes.length)
  reader.must(reader.byte() === VERSION, 'its version is unknown', 0)
  const chainId = Number(reader.big(8))
  reader.must(chainId >= 1 && chainId <= LIMIT.chainId, 'the chain id is not possible', 1)
  const module = reader.hex(20)
  const account = reader.hex(20)
  const entityId = reader.uint(4)
  const tag = reader.hex(6)
  const header: Reader = reader.part(reader.uint(2))
  const headerAt = header.at
  const { flags, key, life } = readHeaderStart(header)

  const tokens = readTokens(reader)
  const tables: Tables = { account, key, tokens, unused: new Set(tokens.map(({ address }) => address)) }
  const meters = readMeters(reader, tables, life)
  const fees = readFees(header, flags, tables, meters)
  const functions = readFunctions(reader)
  const feesMeters = hasMeter(fees.paidBy) ? 1 : 0
  const forbidden = new Set([account, module, ...ENTRY_POINTS])
  const context: RuleContext = {
    tables,
    life,
    functions,
    meters,
    commands: new Map(),
    forbidden,
    functionsUsed: 0,
    metersUsed: feesMeters,
    chargesBefore: [],
  }
  const start = reader.at
  const rules: Rule[] = []
  for (let left = reader.uint(3); left > 0; left--) rules.push(readRule(reader, context, rules.length))
  reader.finish('the rules')
  reader.must(context.functionsUsed === functions.length, 'a function is not used', start)
  reader.must(context.metersUsed === meters.length, 'a meter is not used', start)
  reader.must(tables.unused.size === 0, 'a token is not used', start)
  const allows = rules.filter((rule) => rule.effect === 'allow')
  reader.must(allows.length > 0, 'no rule allows anything', start)
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
      targets: targetsOf(allows.filter(({ target }) => !forbidden.has(target))),
      forbidden,
    },
  }
}

const countsOf = (asset: number, tokens: readonly TokenEntry[]): 'ETH' | 'calls' | Hex =>
  asset === ASSET.eth ? 'ETH' : asset === ASSET.calls ? 'calls' : `0x${tokens[asset]?.address ?? ''}`
