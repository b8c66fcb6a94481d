import { concat, encodeAbiParameters, encodeFunctionData, hexToBigInt, parseAbi, parseAbiParameters } from 'viem'
import type { Address } from '../policy/Hex.js'
import type { Token } from '../policy/Units.js'
import { contractArtifact } from './artifacts.js'
import type { Evm } from './Evm.js'

const abi = parseAbi([
  'function mint(address to, uint256 amount)',
  'function balanceOf(address owner) view returns (uint256)',
])

/** Puts OpenZeppelin's ERC-20 at a token's address, with its decimals (18 where it has base units), and gives `amount` to `holder`. */
export async function placeTestToken(evm: Evm, token: Token, holder: Address, amount: bigint): Promise<void> {
  const { symbol, address, decimals } = token
  const parameters = parseAbiParameters('string, string, uint8')
  const values = [symbol, symbol, decimals === 'base units' ? 18 : decimals] as const
  const { bytecode } = contractArtifact('TestToken')
  const deployed = await evm.deploy(concat([bytecode, encodeAbiParameters(parameters, values)]))
  if (!deployed) throw new Error('the token for tests could not be deployed')
  await evm.setCode(address, await evm.codeOf(deployed))
  const { success } = await evm.call({
    to: address,
    data: encodeFunctionData({ abi, functionName: 'mint', args: [holder, amount] }),
  })
  if (!success) throw new Error('the token for tests could not be minted')
}

/** What an address holds of an ERC-20, in base units. */
export async function tokenBalance(evm: Evm, token: Address, holder: Address): Promise<bigint> {
  const data = encodeFunctionData({ abi, functionName: 'balanceOf', args: [holder] })
  return hexToBigInt((await evm.call({ to: token, data, static: true })).returnData)
}
