import type { Address } from '../../policy/Hex.js'
import { withCalls } from '../build.js'
import { allowedBase, mutant } from './base.js'
import type { Kind } from './Kind.js'

/** EntryPoints of ERC-4337 0.6, 0.7, 0.8 and 0.9. */
export const ENTRY_POINTS: readonly Address[] = [
  '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
  '0x0000000071727de22e5e9d8baf0edac6f37da032',
  '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
  '0x433709009b8330fda32311df1c2afa402ed8d009',
]

/** Calls to the account itself, the module, an EntryPoint, alone and inside a batch. */
export const forbidden: Kind = {
  name: 'account, module or EntryPoint as target',
  weight: 4,
  *make(context) {
    const { policy, binding, choices } = context
    const base = allowedBase(context, { calls: choices.pick([1, 2, 3]), runtime: choices.chance(10) })
    if (base === undefined) return
    const { calls } = base.built
    const index = choices.below(calls.length)
    const call = calls[index]
    if (call === undefined) return
    const to = choices.pick([policy.account, binding.module, ...ENTRY_POINTS])
    yield mutant(base, `call ${index} goes to ${to}`, {
      operation: withCalls(base.built, calls.with(index, { ...call, to })),
    })
  },
}
