import { concat, numberToHex } from 'viem'
import { moduleEntity, type ModuleEntity } from '../../compiler/calldata.js'
import type { Hex } from '../../policy/Hex.js'
import type { AccountKind, EntryPointVersion, HookSegment, KindName } from '../AccountKind.js'
import { ChainFault } from '../ChainFault.js'
import { laneKey } from './laneKey.js'
import { segmented } from './segments.js'

const BY_SELECTOR = 0
const GLOBAL = 1

/** `moduleEntity24 ‖ global1 ‖ segments` */
const named = (entity: ModuleEntity, global: number, given: Hex, hooks?: readonly HookSegment[]): Hex =>
  concat([moduleEntity(entity), numberToHex(global, { size: 1 }), segmented(given, hooks)])

/**
 * Accounts that name the validation in the signature, where nobody signs it, and do not read the nonce. Their owner speaks through a validation
 * module like any other (SingleSignerValidationModule, installed globally), which `owner` names: without it the owner's layouts throw ChainFault.
 */
export function kindInSignature(name: KindName, entryPoint: EntryPointVersion, owner?: ModuleEntity): AccountKind {
  const ownerEntity = (): ModuleEntity => {
    if (owner) return owner
    throw new ChainFault(
      'not-installed',
      `an account of kind ${name} has no owner of its own, and the validation by which its owner speaks was not named`,
      'name the module and the entity id of the owner’s validation, as the wallet that made the account knows them',
    )
  }
  return {
    name,
    entryPoints: [entryPoint],
    validation: {
      nonceKey: ({ entityId }, lane) => laneKey(entityId, BY_SELECTOR, lane),
      userOpSignature: (entity, checked, hooks) => named(entity, BY_SELECTOR, checked, hooks),
      authorization: (entity, given, hooks) => named(entity, BY_SELECTOR, given, hooks),
    },
    owner: {
      nonceKey: (lane) => laneKey(ownerEntity().entityId, GLOBAL, lane),
      userOpSignature: (signature) => named(ownerEntity(), GLOBAL, signature),
      authorization: () => named(ownerEntity(), GLOBAL, '0x'),
    },
  }
}
