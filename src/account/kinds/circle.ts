import type { ModuleEntity } from '../../compiler/calldata.js'
import type { AccountKind } from '../AccountKind.js'
import { kindInSignature } from './inSignature.js'

/** Circle's ERC-6900 v0.8 account (circlefin/buidl-wallet-contracts, `msca/6900/v0.8`): the reference account's layouts. */
export const circle = (owner?: ModuleEntity): AccountKind => kindInSignature('circle', '0.7', owner)
