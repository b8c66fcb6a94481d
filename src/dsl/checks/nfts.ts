import type { AllowDraft } from '../resolve/Draft.js'

/** Where a function that moves single tokens has its recipient (or spender) and the token's id, or a list of ids. */
export type NftFunction = { readonly recipient: number; readonly id: number; readonly isBatch: boolean }

const moves = { recipient: 1, id: 2, isBatch: false }

const always: ReadonlyMap<string, NftFunction> = new Map<string, NftFunction>([
  ['safeTransferFrom(address,address,uint256)', moves],
  ['safeTransferFrom(address,address,uint256,bytes)', moves],
  ['safeTransferFrom(address,address,uint256,uint256,bytes)', moves],
  ['safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)', { ...moves, isBatch: true }],
])

/** Two functions are the same for ERC-20 and ERC-721; they move single tokens where the target is no declared token. */
const perhaps: ReadonlyMap<string, NftFunction> = new Map<string, NftFunction>([
  ['transferFrom(address,address,uint256)', moves],
  ['approve(address,uint256)', { recipient: 0, id: 1, isBatch: false }],
])

/** What the draft's function is as one of ERC-721 or ERC-1155; undefined if it is none. */
export function nftFunction({ callee, place }: AllowDraft): NftFunction | undefined {
  if (callee === undefined) return undefined
  return always.get(callee.signature) ?? (place.token ? undefined : perhaps.get(callee.signature))
}
