import { concat, getCreate2Address, zeroHash } from 'viem'
import { create2Deployer } from '../../../src/evm/create2.js'
import { contractArtifact } from '../../../src/evm/artifacts.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { Anvil } from './Anvil.js'
import { shipped } from './tools.js'

/** The EntryPoints and the salts with which eth-infinitism deployed them. */
const entryPoints = {
  '0.7': {
    address: '0x0000000071727de22e5e9d8baf0edac6f37da032',
    salt: '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3',
    artifact: '../../../../node_modules/@account-abstraction/contracts/artifacts/EntryPoint.json',
  },
  '0.8': {
    address: '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
    salt: '0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9',
    artifact: 'entry-point-0.8/artifacts/EntryPoint.json',
  },
} as const

export type EntryPointVersion = keyof typeof entryPoints

/** Deploys the real EntryPoint of a version by a transaction; it lands on its canonical address. */
export async function deployEntryPointOn(anvil: Anvil, version: EntryPointVersion): Promise<Address> {
  const { address, salt, artifact } = entryPoints[version]
  const landed = await deployDeterministic(anvil, shipped(artifact).bytecode, salt)
  if (landed !== address) throw new Error(`EntryPoint ${version} landed on ${landed}`)
  return address
}

/** The module, and the contracts that read and print grants for it, where they stand on every chain. */
export async function deployModule(anvil: Anvil): Promise<Address> {
  await deployDeterministic(anvil, contractArtifact('GrantReader').bytecode)
  await deployDeterministic(anvil, contractArtifact('GrantPrinter').bytecode)
  return deployDeterministic(anvil, contractArtifact('WritModule').bytecode)
}

/** Deploys through the CREATE2 deployer. */
export async function deployDeterministic(anvil: Anvil, creation: Hex, salt: Hex = zeroHash): Promise<Address> {
  const client = anvil.client()
  const hash = await anvil.wallet(0).sendTransaction({ to: create2Deployer, data: concat([salt, creation]) })
  const { status } = await client.waitForTransactionReceipt({ hash })
  const address = lowerCase(getCreate2Address({ from: create2Deployer, salt, bytecode: creation }))
  if (status !== 'success' || !(await client.getCode({ address })))
    throw new Error(`nothing was deployed at ${address}`)
  return address
}

/** Deploys by a transaction of a funded account. */
export async function deploy(
  anvil: Anvil,
  { abi, bytecode }: ReturnType<typeof shipped>,
  args: readonly unknown[] = [],
  value = 0n,
): Promise<Address> {
  const hash = await anvil.wallet(0).deployContract({ abi, bytecode, args: [...args], value })
  const { contractAddress } = await anvil.client().waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('the deployment failed')
  return lowerCase(contractAddress)
}

function lowerCase(hex: Address): Address {
  return `0x${hex.slice(2).toLowerCase()}`
}
