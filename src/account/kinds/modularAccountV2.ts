import { concat, encodeFunctionData, numberToHex, parseAbi } from 'viem'
import type { Hex } from '../../policy/Hex.js'
import type { AccountKind, HookSegment } from '../AccountKind.js'
import { laneKey } from './laneKey.js'
import { segmented } from './segments.js'

/** Options of a nonce and of an authorization (ValidationLocatorLib); 2, a deferred action, is never used. */
const OPTIONS = { selectors: 0, global: 1 } as const

/** The validation that a SemiModularAccount has from the start, and the entity at which the factory installs the owner's module in a ModularAccount. */
const OWNER = 0

/** The first byte of what an owner's validation checks: the signature is a key's, not a contract's. */
const SIGNED_BY_KEY: Hex = '0x00'

const FACTORY = parseAbi([
  'function createSemiModularAccount(address owner, uint256 salt) returns (address)',
  'function getAddressSemiModular(address owner, uint256 salt) view returns (address)',
])

/** `options1 ‖ entityId4 ‖ segments` */
const located = (entityId: number, options: number, given: Hex, hooks?: readonly HookSegment[]): Hex =>
  concat([numberToHex(options, { size: 1 }), numberToHex(entityId, { size: 4 }), segmented(given, hooks)])

/**
 * Alchemy's Modular Account v2 (alchemyplatform/modular-account, `ValidationLocatorLib`, `SemiModularAccountBase`, `AccountFactory`): the nonce names
 * the validation by its entity id, the module is the account's own knowledge, and the owner's address speaks as entity 0, globally.
 */
export const modularAccountV2: AccountKind = {
  name: 'modular-account-v2',
  entryPoints: ['0.7'],
  validation: {
    nonceKey: ({ entityId }, lane) => laneKey(entityId, OPTIONS.selectors, lane),
    userOpSignature: (_, checked, hooks) => segmented(checked, hooks),
    authorization: ({ entityId }, given, hooks) => located(entityId, OPTIONS.selectors, given, hooks),
  },
  owner: {
    nonceKey: (lane) => laneKey(OWNER, OPTIONS.global, lane),
    userOpSignature: (signature) => segmented(concat([SIGNED_BY_KEY, signature])),
    authorization: () => located(OWNER, OPTIONS.global, '0x'),
  },
  deployment: {
    factory: '0x00000000000017c61b5bee81050ec8efc9c6fecd',
    create: (owner, salt) =>
      encodeFunctionData({ abi: FACTORY, functionName: 'createSemiModularAccount', args: [owner, salt] }),
    addressOf: (owner, salt) =>
      encodeFunctionData({ abi: FACTORY, functionName: 'getAddressSemiModular', args: [owner, salt] }),
  },
}
