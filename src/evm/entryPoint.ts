import { createRequire } from 'node:module'
import type { Address, Hex } from '../policy/Hex.js'
import { deployCreate2 } from './create2.js'
import type { Evm } from './Evm.js'

/** EntryPoint 0.7, the same on every chain. */
export const entryPointAddress: Address = '0x0000000071727de22e5e9d8baf0edac6f37da032'

/** The salt with which eth-infinitism deployed EntryPoint 0.7.0. */
const salt: Hex = '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3'

/** Deploys the real EntryPoint 0.7 as it was deployed on every chain, so that it stands at its own address. */
export async function deployEntryPoint(evm: Evm): Promise<Address> {
  const address = await deployCreate2(evm, salt, creationCode())
  if (address !== entryPointAddress) throw new Error('the EntryPoint did not land on its canonical address')
  return address
}

function creationCode(): Hex {
  const artifact: { bytecode: string } = createRequire(import.meta.url)(
    '@account-abstraction/contracts/artifacts/EntryPoint.json',
  )
  return `0x${artifact.bytecode.replace(/^0x/, '')}`
}
