import { readFileSync } from 'node:fs'
import type { Abi } from 'viem'
import type { Hex } from '../policy/Hex.js'

/** A compiled contract as `npm run contracts` writes it. */
export type ContractArtifact = {
  readonly contractName: string
  readonly abi: Abi
  /** Creation code, without constructor arguments. */
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
}

/** The contracts that are shipped compiled; the last three are for tests, the demo and the gate. */
export type ContractName = 'WritModule' | 'GrantReader' | 'GrantPrinter' | 'TestAccount' | 'TestToken' | 'TestRouter'

const loaded = new Map<ContractName, ContractArtifact>()

/** A contract of contracts/artifacts, read once; throws where the package is incomplete. */
export function contractArtifact(name: ContractName): ContractArtifact {
  const known = loaded.get(name)
  if (known) return known
  const url = new URL(`../../contracts/artifacts/${name}.json`, import.meta.url)
  const artifact: ContractArtifact = JSON.parse(readFileSync(url, 'utf8'))
  loaded.set(name, artifact)
  return artifact
}
