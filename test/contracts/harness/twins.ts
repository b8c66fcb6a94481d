import { readFileSync } from 'node:fs'
import { decodeFunctionResult, encodeFunctionData, type Abi } from 'viem'
import { compileContracts } from '../../../contracts/build.js'
import { Evm } from '../../../src/evm/Evm.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'

const TWINS: Address = '0x7717777777777777777777777777777777777777'
const name = 'contracts/test/Twins.sol'

/** Compiles contracts/test/Twins.sol; what its functions answer. */
export const openTwins = async () => {
  const source = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
  const artifact = compileContracts({ [name]: source })['Twins']
  if (artifact === undefined) throw new Error('the twins do not compile')
  const abi = artifact.abi as Abi
  const evm = await Evm.create({ chainId: 1 })
  await evm.setCode(TWINS, artifact.deployedBytecode as Hex)
  return async (functionName: string, args: readonly unknown[]): Promise<readonly unknown[]> => {
    const { success, returnData } = await evm.call({ to: TWINS, data: encodeFunctionData({ abi, functionName, args }) })
    if (!success) throw new Error(`${functionName} failed`)
    return decodeFunctionResult({ abi, functionName, data: returnData }) as readonly unknown[]
  }
}
