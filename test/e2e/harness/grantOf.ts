import { checkWrit } from '../../../src/actions/checkWrit.js'
import { encode } from '../../../src/compiler/encode.js'
import type { Binding } from '../../../src/policy/Binding.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'

/** The bytes of a writ for an account, bound to module, entity id and kill tag; throws where the writ is not valid. */
export function grantOf(
  text: string,
  header: {
    readonly account: Address
    readonly key: Address
    readonly chainId: number
    readonly from: number
    readonly ttlSeconds: number
  },
  binding: Binding,
): Hex {
  const { chainId, ...rest } = header
  const { policy, diagnostics } = checkWrit(text, { header: { ...rest, chain: String(chainId) } })
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return encode(policy, binding)
}
