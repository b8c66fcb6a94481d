import { entryPoint07Abi, entryPoint08Abi } from 'viem/account-abstraction'
import { entryPointAddress } from '../evm/entryPoint.js'
import type { Address } from '../policy/Hex.js'
import type { EntryPointVersion } from './AccountKind.js'

/** Where the EntryPoint of each version stands, the same on every chain, and what can be asked of it. */
export const entryPoints = {
  '0.7': { version: '0.7', address: entryPointAddress, abi: entryPoint07Abi },
  '0.8': {
    version: '0.8',
    address: '0x4337084d9e255ff0702461cf8895ce9e3b5ff108' satisfies Address,
    abi: entryPoint08Abi,
  },
} as const satisfies Readonly<
  Record<EntryPointVersion, { readonly version: EntryPointVersion; readonly address: Address; readonly abi: unknown }>
>
