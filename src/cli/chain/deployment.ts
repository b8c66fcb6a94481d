import { concat, zeroHash } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'
import type { OwnerTransaction } from '../../account/OwnerSigner.js'
import { contractArtifact } from '../../evm/artifacts.js'
import { create2Deployer } from '../../evm/create2.js'
import { moduleAddress, printerAddress, readerAddress } from '../../evm/moduleAddress.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { asked } from './asked.js'
import { nameOf, type Connection } from './connect.js'

/** The contracts that writ needs on a chain, those that the module asks first. */
export const shippedContracts = ['GrantReader', 'GrantPrinter', 'WritModule'] as const

export type ShippedContract = (typeof shippedContracts)[number]

/** Where a shipped contract stands on every chain. */
export const placeOf = (name: ShippedContract): Address => places[name]()

const places = { GrantReader: readerAddress, GrantPrinter: printerAddress, WritModule: moduleAddress } as const

/** Whether the contract stands at its place; ends with a ChainFault where something else does, which nobody can put there. */
export const isDeployed = async ({ client, chainId }: Connection, name: ShippedContract): Promise<boolean> => {
  const address = placeOf(name)
  const code = await asked(client.getCode({ address }))
  if (code === undefined) return false
  if (code === contractArtifact(name).deployedBytecode) return true
  throw new ChainFault(
    name === 'WritModule' ? 'module-missing' : 'reader-missing',
    `other code than ${name}'s stands at ${address} on ${nameOf(chainId)}`,
    'this chain is not as Ethereum is: do not use it with writ',
  )
}

/** The transaction by which anybody puts a shipped contract at its place. */
export const deploymentOf = (name: ShippedContract): OwnerTransaction => ({
  to: create2Deployer,
  data: concat([zeroHash, contractArtifact(name).bytecode]),
})

/**
 * The transaction that made the CREATE2 deployer on every chain (Arachnid's deterministic-deployment-proxy): signed without a chain id by an
 * address whose key nobody has, so that anyone may send it once that address has the ether for its gas.
 */
export const deployerTransaction: { readonly raw: Hex; readonly from: Address; readonly wei: bigint } = {
  raw: '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222',
  from: '0x3fab184622dc19b6109349b94811493bf2a45362',
  wei: 10_000_000_000_000_000n,
}

/** Ends with a ChainFault that says what to do where the CREATE2 deployer is absent. */
export const expectDeployer = async ({ client, chainId }: Connection): Promise<void> => {
  if ((await asked(client.getCode({ address: create2Deployer }))) !== undefined) return
  throw new ChainFault(
    'module-missing',
    `the CREATE2 deployer does not stand at ${create2Deployer} on ${nameOf(chainId)}`,
    `send 0.01 ETH to ${deployerTransaction.from}, publish the raw transaction ${deployerTransaction.raw} (eth_sendRawTransaction; the node must accept transactions without a chain id), then run the same again`,
  )
}
