import type { ModuleEntity } from '../compiler/calldata.js'
import type { AccountKind, KindName } from './AccountKind.js'
import { circle } from './kinds/circle.js'
import { modularAccountV2 } from './kinds/modularAccountV2.js'
import { reference } from './kinds/reference.js'
import { test } from './kinds/test.js'

/** The account kinds by name, the usual one first. */
export const kindNames = ['modular-account-v2', 'reference', 'circle', 'test'] as const satisfies readonly KindName[]

/**
 * The layouts of a kind. `owner` names the validation module through which the owner of a `reference` or `circle` account speaks; without it
 * such an account's owner layouts throw ChainFault, and those of a session work all the same. The other kinds know their owner.
 */
export function kindOf(name: KindName, owner?: ModuleEntity): AccountKind {
  switch (name) {
    case 'modular-account-v2':
      return modularAccountV2
    case 'reference':
      return reference(owner)
    case 'circle':
      return circle(owner)
    case 'test':
      return test
    default:
      return name satisfies never
  }
}
