import { getCreate2Address, zeroHash } from 'viem'
import type { Address } from '../policy/Hex.js'
import { contractArtifact, type ContractName } from './artifacts.js'
import { create2Deployer } from './create2.js'

const known = new Map<ContractName, Address>()

/** Where the shipped module stands on every chain: deployed through the CREATE2 deployer with a salt of zeros. */
export function moduleAddress(): Address {
  return addressOf('WritModule')
}

/** Where the contract stands that reads grants for the module, deployed the same way; the module's code holds this address. */
export function readerAddress(): Address {
  return addressOf('GrantReader')
}

/** Where the contract stands that prints grants for the module, deployed the same way; the module's code holds this address too. */
export function printerAddress(): Address {
  return addressOf('GrantPrinter')
}

function addressOf(name: ContractName): Address {
  const { bytecode } = contractArtifact(name)
  const address = known.get(name) ?? lowerCase(getCreate2Address({ from: create2Deployer, salt: zeroHash, bytecode }))
  known.set(name, address)
  return address
}

function lowerCase(hex: Address): Address {
  return `0x${hex.slice(2).toLowerCase()}`
}
