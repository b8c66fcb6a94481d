import { keccak256, size } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'
import type { OwnerSigner } from '../../account/OwnerSigner.js'
import { contractArtifact } from '../../evm/artifacts.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { chainOptions, type ChainFlags } from '../chain/chainOptions.js'
import { confirm, mustSayYes } from '../chain/confirm.js'
import { connect, nameOf, type Connection } from '../chain/connect.js'
import {
  deploymentOf,
  expectDeployer,
  isDeployed,
  placeOf,
  shippedContracts,
  type ShippedContract,
} from '../chain/deployment.js'
import { ownerAddress, ownerOf, payerOptions, type SignerFlags } from '../chain/owner.js'
import { printPlan, type Planned } from '../chain/planned.js'
import { settle, transact } from '../chain/transaction.js'
import { deviceOptions } from '../device/deviceOptions.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'

type Flags = ChainFlags & SignerFlags

/** What became of one contract. */
type Outcome = {
  readonly name: ShippedContract
  readonly address: Address
  /** keccak256 of the code that stands there. */
  readonly codeHash: Hex
  /** Undefined where it stood there before. */
  readonly transaction?: Hex
}

const help = `
The three contracts stand at the same addresses on every chain, because they are made through the CREATE2 deployer
0x4e59b44847b379578588920cA78FbF26c0B4956C. Nobody owns them, and anybody may put them there: once for all on each chain.
What stands there already is left alone, so the command can be run again at any time; the code is compared afterwards.

Examples:
  writ deploy --rpc https://… --from-keystore payer.json
  writ deploy --rpc http://127.0.0.1:8545 --from-unlocked 0xf39F… --yes
  writ deploy --rpc https://… --from-keystore payer.json --dry-run
  writ deploy --rpc https://… --ledger                         (needs the Ledger's setting of blind signing)

Exit codes: 0 all stand there, 2 usage, 3 invalid keystore, 4 environment (node, funds, no CREATE2 deployer), 5 refused.`

/** `writ deploy`: the module and the contracts that read and print grants for it. */
export const deployCommand: AddCommand = (program, io) => {
  const command = program
    .command('deploy')
    .summary('puts the module on a chain, at its deterministic address')
    .description(
      'Puts WritModule, and GrantReader and GrantPrinter which it asks, at their deterministic addresses on a chain.',
    )
    .addHelpText('after', help)
  deviceOptions(
    payerOptions(chainOptions(command, ['bundler', 'account', 'kind', 'module', 'entity', 'entryPoint'])),
  ).action((flags: Flags) => deploy(io, flags))
}

const deploy = async (io: Io, flags: Flags): Promise<void> => {
  const connection = await connect(io, flags)
  const before = await missingOn(connection)
  if (before.length > 0) await expectDeployer(connection)
  if (before.length === 0) return report(io, flags, connection, new Map())
  if (flags.dryRun) return printPlan(io, flags.json === true, await planOf(io, flags, before))
  mustSayYes(io, flags)
  const signer = await ownerOf(io, flags, connection, 'from')
  await settle(io, connection, signer.address)
  const missing = await missingOn(connection)
  const what = `Deploy ${missing.join(', ')} on ${nameOf(connection.chainId)}, paid by ${signer.address}?`
  if (missing.length > 0) await confirm(io, flags, what)
  const sent = new Map<ShippedContract, Hex>()
  for (const name of missing) {
    const transaction = await put(io, connection, signer, name)
    if (transaction !== undefined) sent.set(name, transaction)
  }
  return report(io, flags, connection, sent)
}

const missingOn = async (connection: Connection): Promise<readonly ShippedContract[]> => {
  const there = await Promise.all(shippedContracts.map((name) => isDeployed(connection, name)))
  return shippedContracts.filter((_, index) => there[index] !== true)
}

/** Deploys one; undefined where somebody else was faster. */
const put = async (
  io: Io,
  connection: Connection,
  signer: OwnerSigner,
  name: ShippedContract,
): Promise<Hex | undefined> => {
  try {
    const hash = await transact(io, connection, signer, deploymentOf(name))
    if (await isDeployed(connection, name)) return hash
    throw new ChainFault(
      'transaction-reverted',
      `transaction ${hash} was included, but ${name} does not stand at ${placeOf(name)}`,
      'the chain may have been reorganized just now: run the same again',
    )
  } catch (error) {
    if (await isDeployed(connection, name)) return undefined
    throw error
  }
}

const planOf = async (io: Io, flags: Flags, missing: readonly ShippedContract[]): Promise<readonly Planned[]> => {
  const from = await ownerAddress(io, flags, 'from')
  return missing.map((name) => {
    const { to, data } = deploymentOf(name)
    const { bytecode } = contractArtifact(name)
    const means = {
      function: 'CREATE2',
      arguments: { salt: '0', code: `${name}, ${size(bytecode)} bytes`, address: placeOf(name) },
    }
    return { what: `deploys ${name} at ${placeOf(name)}`, from, to, data, means }
  })
}

const report = (io: Io, flags: Flags, connection: Connection, sent: ReadonlyMap<ShippedContract, Hex>): void => {
  const outcomes = shippedContracts.map((name): Outcome => {
    const transaction = sent.get(name)
    const codeHash = keccak256(contractArtifact(name).deployedBytecode)
    return { name, address: placeOf(name), codeHash, ...(transaction && { transaction }) }
  })
  if (flags.json) return io.out(`${JSON.stringify({ chainId: connection.chainId, contracts: outcomes })}\n`)
  for (const { name, address, transaction } of outcomes)
    io.out(`${name} ${address}: ${transaction === undefined ? 'stood there already' : `deployed by ${transaction}`}\n`)
}
