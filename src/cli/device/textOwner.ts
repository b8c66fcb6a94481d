import { ChainFault } from '../../account/ChainFault.js'
import { readOwners, type Owners } from '../../account/readers/readOwners.js'
import type { Address } from '../../policy/Hex.js'
import { asked } from '../chain/asked.js'
import type { Connection } from '../chain/connect.js'

type Registered = Extract<Owners, { readonly installed: true }>

/** Who may sign texts for the account under the entity id. Ends the command where the module was never installed there. */
export const registeredOwners = async (
  { client, module, entityId }: Connection,
  account: Address,
): Promise<Registered> => {
  const owners = await asked(readOwners(client, { module, account, entityId }))
  if (owners.installed) return owners
  throw new ChainFault(
    'not-installed',
    `the account ${account} has never installed the module under entity ${entityId}`,
    'install it first: writ install; or name the entity under which it did: --entity',
  )
}

/** Whose signature puts grants into force; ends the command where texts do not grant. */
export const grantOwner = async (connection: Connection, account: Address): Promise<Address> => {
  const { first, textGrants } = await registeredOwners(connection, account)
  if (textGrants) return first
  throw new ChainFault(
    'not-installed',
    `signed texts do not grant under entity ${connection.entityId} of ${account}: it was installed so`,
    'have the account itself grant it: writ grant --via transaction',
  )
}
