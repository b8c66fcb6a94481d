import { decode } from '../../compiler/decode.js'
import { rootOf } from '../../compiler/root.js'
import type { Binding } from '../../policy/Binding.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'

/** A grant's meaning, or why it is none for this account, module and chain. */
export type ReadGrant =
  | { readonly ok: true; readonly policy: Policy; readonly binding: Binding }
  | { readonly ok: false; readonly reason: string }

/** Reads a grant's bytes as they stand on the chain: strictly, and only where they say what the place where they stand says. */
export function readGrant(
  grant: Hex,
  place: { readonly chainId: number; readonly module: Address; readonly account: Address; readonly root: Hex },
): ReadGrant {
  const decoded = decode(grant)
  if (!decoded.ok) return { ok: false, reason: `${decoded.reason} at byte ${decoded.offset}` }
  const { policy, binding } = decoded
  const other = (what: string, found: string | number): ReadGrant => ({
    ok: false,
    reason: `made for ${what} ${found}`,
  })
  if (policy.chainId !== place.chainId) return other('chain', policy.chainId)
  if (policy.account !== place.account) return other('account', policy.account)
  if (binding.module !== place.module) return other('module', binding.module)
  const root = rootOf(grant)
  if (root !== place.root) return { ok: false, reason: `its root is ${root}` }
  return { ok: true, policy, binding }
}
