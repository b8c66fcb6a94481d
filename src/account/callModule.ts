import { executeCalldata } from '../evm/accountCalldata.js'
import type { Address, Hex } from '../policy/Hex.js'

/** Calldata to the account by which it calls the module with this calldata: `execute(module, 0, data)`. */
export const callModule = (module: Address, data: Hex): Hex => executeCalldata([{ to: module, value: 0n, data }])
