import { concat, encodeFunctionData, numberToHex, parseAbi } from 'viem'
import { entryPoints } from '../../../src/account/entryPoints.js'
import type { EntryPointVersion } from '../../../src/account/AccountKind.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import { compiled } from '../../contracts/harness/compiled.js'
import type { Anvil } from './Anvil.js'
import { deploy } from './deploy.js'
import { send } from './uniswap.js'

const abi = parseAbi([
  'function sponsor(address account, bool pays)',
  'function deposit(address entryPoint) payable',
  'function addStake(address entryPoint, uint32 unstakeDelaySeconds) payable',
])

/** Deploys contracts/test/TestPaymaster.sol with a deposit of 1 ETH; without `stake` bundlers of the public network would not take it. */
export async function deployPaymaster(
  anvil: Anvil,
  { version = '0.7', stake = true }: { readonly version?: EntryPointVersion; readonly stake?: boolean } = {},
): Promise<Address> {
  const paymaster = await deploy(anvil, compiled('TestPaymaster'))
  const { address } = entryPoints[version]
  const ether = 10n ** 18n
  await send(anvil, paymaster, encodeFunctionData({ abi, functionName: 'deposit', args: [address] }), ether)
  const staking = encodeFunctionData({ abi, functionName: 'addStake', args: [address, 86_400] })
  if (stake) await send(anvil, paymaster, staking, ether)
  return paymaster
}

/** Tells it to pay for this account from now on. */
export async function sponsor(anvil: Anvil, paymaster: Address, account: Address): Promise<void> {
  await send(anvil, paymaster, encodeFunctionData({ abi, functionName: 'sponsor', args: [account, true] }))
}

/** `paymaster20 ‖ verificationGas16 ‖ postOpGas16 ‖ data`, an operation's paymasterAndData. */
export function paidBy(paymaster: Address, data: Hex = '0x'): Hex {
  return concat([paymaster, numberToHex(100_000, { size: 16 }), numberToHex(0, { size: 16 }), data])
}
