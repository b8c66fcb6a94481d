import type { ModuleEntity } from '../../compiler/calldata.js'
import type { AccountKind } from '../AccountKind.js'
import { kindInSignature } from './inSignature.js'

/** ERC-6900's reference account, v0.8 (erc6900/reference-implementation, `ReferenceModularAccount`). */
export const reference = (owner?: ModuleEntity): AccountKind => kindInSignature('reference', '0.7', owner)
