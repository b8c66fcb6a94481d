import { concat } from 'viem'
import type { Address, Hex } from '../policy/Hex.js'
import type { Evm } from './Evm.js'

/** The CREATE2 deployer that stands at this address on every chain: its calldata is `salt32 ‖ creation code`. */
export const create2Deployer: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'

const deployerCode: Hex =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'

/** Deploys through the CREATE2 deployer, which is put in place first; undefined where the creation fails. */
export async function deployCreate2(evm: Evm, salt: Hex, creation: Hex): Promise<Address | undefined> {
  await evm.setCode(create2Deployer, deployerCode)
  const { success, returnData } = await evm.call({ to: create2Deployer, data: concat([salt, creation]) })
  return success && returnData.length === 42 ? returnData : undefined
}
