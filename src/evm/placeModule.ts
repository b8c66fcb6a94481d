import { zeroHash } from 'viem'
import type { Address, Hex } from '../policy/Hex.js'
import { contractArtifact } from './artifacts.js'
import { deployCreate2 } from './create2.js'
import type { Evm } from './Evm.js'
import type { Ground } from './Machine.js'
import { moduleAddress, printerAddress, readerAddress } from './moduleAddress.js'

/** Runtime codes of the module, and of what reads and prints grants for it; the shipped one for each that is left out. */
export type ModuleCodes = { readonly moduleCode?: Hex; readonly readerCode?: Hex; readonly printerCode?: Hex }

/** Puts a module's code at an address, and the reader and the printer of grants at their own, where every module asks for them. */
export async function placeModule(evm: Ground, address: Address, codes: ModuleCodes = {}): Promise<void> {
  const { moduleCode, readerCode, printerCode } = codes
  await evm.setCode(readerAddress(), readerCode ?? contractArtifact('GrantReader').deployedBytecode)
  await evm.setCode(printerAddress(), printerCode ?? contractArtifact('GrantPrinter').deployedBytecode)
  await evm.setCode(address, moduleCode ?? contractArtifact('WritModule').deployedBytecode)
}

/** Deploys reader, printer and module as on any chain, through the CREATE2 deployer; throws where one does not land on its own address. */
export async function deployModule(evm: Evm): Promise<void> {
  const places = [
    ['GrantReader', readerAddress()],
    ['GrantPrinter', printerAddress()],
    ['WritModule', moduleAddress()],
  ] as const
  for (const [name, address] of places) {
    const landed = await deployCreate2(evm, zeroHash, contractArtifact(name).bytecode)
    if (landed !== address) throw new Error(`${name} did not land on its own address`)
  }
}
