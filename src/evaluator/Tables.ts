import { ASSET } from '../compiler/layout.js'
import type { Reader } from './Reader.js'

/** A token of the grant. */
export type TokenEntry = { readonly address: string; readonly symbol: string; readonly decimals: number | undefined }

/** What the bytes of rules and fees refer to, and which tokens they did refer to. */
export type Tables = {
  /** 40 digits. */
  readonly account: string
  readonly key: string
  readonly tokens: readonly TokenEntry[]
  /** Addresses of the tokens not yet met. */
  readonly unused: Set<string>
}

/** Reads an asset byte: ETH or a token's index. */
export const readAsset = (reader: Reader, tables: Tables): number => {
  const at = reader.at
  const asset = reader.byte()
  const token = tables.tokens[asset]
  reader.must(asset === ASSET.eth || token !== undefined, 'an asset is not in the table of tokens', at)
  if (token) tables.unused.delete(token.address)
  return asset
}

/** Decimals of an asset's unit: 18 for ETH, 0 where a token's amounts are base units. */
export const decimalsOf = (asset: number, tables: Tables): number =>
  asset === ASSET.eth ? 18 : (tables.tokens[asset]?.decimals ?? 0)
