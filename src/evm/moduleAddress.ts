import { getCreate2Address, zeroHash } from 'viem'
import type { Address } from '../policy/Hex.js'
import { contractArtifact } from './artifacts.js'
import { create2Deployer } from './create2.js'

let address: Address | undefined

/** Where the shipped module stands on every chain: deployed through the CREATE2 deployer with a salt of zeros. */
export function moduleAddress(): Address {
  address ??= lowerCase(
    getCreate2Address({ from: create2Deployer, salt: zeroHash, bytecode: contractArtifact('WritModule').bytecode }),
  )
  return address
}

function lowerCase(hex: Address): Address {
  return `0x${hex.slice(2).toLowerCase()}`
}
