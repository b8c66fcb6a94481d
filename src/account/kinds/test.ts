import type { AccountKind } from '../AccountKind.js'
import { modularAccountV2 } from './modularAccountV2.js'

/** The account for tests of this project (contracts/test/TestAccount.sol): Modular Account v2's layouts, and no factory. */
export const test: AccountKind = {
  name: 'test',
  entryPoints: ['0.7', '0.8'],
  validation: modularAccountV2.validation,
  owner: modularAccountV2.owner,
}
