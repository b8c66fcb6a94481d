import { createPublicClient, defineChain, http, type Chain, type HttpTransport, type PublicClient } from 'viem'
import { createBundlerClient, type BundlerClient } from 'viem/account-abstraction'
import type { AccountKind, EntryPointVersion } from '../../account/AccountKind.js'
import { ChainFault } from '../../account/ChainFault.js'
import { entryPoints } from '../../account/entryPoints.js'
import { kindOf } from '../../account/kinds.js'
import { chains } from '../../dsl/units/chains.js'
import { contractArtifact } from '../../evm/artifacts.js'
import { moduleAddress, printerAddress, readerAddress } from '../../evm/moduleAddress.js'
import type { Address } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import { asked } from './asked.js'
import type { ChainFlags } from './chainOptions.js'

/** A node that answers, and what the command line says about the account. */
export type Connection = {
  readonly client: PublicClient<HttpTransport, Chain>
  readonly chainId: number
  /** Where --bundler or WRIT_BUNDLER names one; it serves the same chain and the EntryPoint. */
  readonly bundler?: BundlerClient<HttpTransport, Chain>
  readonly kind: AccountKind
  readonly entryPoint: EntryPointVersion
  readonly module: Address
  readonly entityId: number
}

/** What must stand on the chain for a command to make sense. */
export type Need = 'module' | 'reader' | 'printer' | 'bundler'

/** Milliseconds that a node may take for one answer. */
const timeout = 20_000

/** Milliseconds between two looks at whether something was included. */
const pollingInterval = 500

/** Reaches the node (and the bundler) and checks that they are those that are meant. Ends with a ChainFault or a CliError. */
export const connect = async (io: Io, flags: ChainFlags, needs: readonly Need[] = []): Promise<Connection> => {
  const rpc = urlOf(io, flags.rpc, 'rpc', 'WRIT_RPC')
  if (rpc === undefined) throw new CliError(ExitCode.usage, 'no node is named', 'add --rpc URL, or set WRIT_RPC')
  const chainId = await chainIdOf(rpc)
  if (flags.chain !== undefined && flags.chain !== chainId)
    throw new ChainFault(
      'wrong-chain',
      `the node is of ${nameOf(chainId)}, not of ${nameOf(flags.chain)}`,
      'give --rpc a node of that chain, or correct --chain',
    )
  const chain = chainOf(chainId, rpc)
  const client = createPublicClient({ chain, transport: http(rpc, { timeout }), pollingInterval })
  await expectBlock(client, flags.fromBlock)
  const kind = kindOf(flags.kind ?? 'modular-account-v2', flags.ownerValidation)
  const entryPoint = flags.entryPoint ?? kind.entryPoints[0]
  if (!kind.entryPoints.includes(entryPoint))
    throw new CliError(
      ExitCode.usage,
      `accounts of the kind ${kind.name} do not answer to EntryPoint ${entryPoint}`,
      `leave --entry-point out, or say ${kind.entryPoints.join(' or ')}`,
    )
  const bundler = await bundlerOf(io, flags, chain, entryPoint, needs.includes('bundler'))
  const module = flags.module ?? moduleAddress()
  const connection = { client, chainId, kind, entryPoint, module, entityId: flags.entity ?? 1 }
  if (needs.includes('module')) await expectCode(connection, 'WritModule', module)
  if (needs.includes('reader')) await expectCode(connection, 'GrantReader', readerAddress())
  if (needs.includes('printer')) await expectCode(connection, 'GrantPrinter', printerAddress())
  return { ...connection, ...(bundler && { bundler }) }
}

/** Beyond the latest block there is nothing to find, and to have found nothing there says nothing. */
const expectBlock = async (client: Connection['client'], fromBlock: bigint | undefined): Promise<void> => {
  if (fromBlock === undefined) return
  const latest = await asked(client.getBlockNumber({ cacheTime: 0 }))
  if (fromBlock > latest)
    throw new CliError(
      ExitCode.usage,
      `--from-block says ${fromBlock}, but the latest block is ${latest}`,
      'give the block of your install, or leave it out',
    )
}

/** The smart account that a command is about; it must have code. */
export const accountOf = async ({ client, chainId }: Connection, account: Address | undefined): Promise<Address> => {
  if (account === undefined) throw new CliError(ExitCode.usage, 'no account is named', 'add --account ADDRESS')
  const code = await asked(client.getCode({ address: account }))
  if (code === undefined)
    throw new ChainFault(
      'account-missing',
      `there is no account at ${account} on ${nameOf(chainId)}`,
      'is it deployed on this chain? `writ install --salt N` deploys one with its first install',
    )
  return account
}

/** A chain by its name in the language, and by its id. */
export const nameOf = (chainId: number): string => {
  const known = chains.find((chain) => chain.id === chainId)
  return known === undefined ? `chain ${chainId}` : `${known.name} (chain ${chainId})`
}

/** The URL that a flag, or else an environment variable, says; undefined where neither does. */
export const urlOf = (io: Io, flag: string | undefined, name: string, variable: string): string | undefined => {
  const given = flag ?? io.env[variable]
  if (given === undefined || given === '') return undefined
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
    throw new CliError(ExitCode.usage, `${variable} is not an http:// or https:// URL`, `correct it, or give --${name}`)
  return given
}

const chainIdOf = async (rpc: string): Promise<number> =>
  asked(createPublicClient({ transport: http(rpc, { timeout }) }).getChainId())

const chainOf = (id: number, rpc: string): Chain =>
  defineChain({
    id,
    name: nameOf(id),
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
  })

const bundlerOf = async (
  io: Io,
  flags: ChainFlags,
  chain: Chain,
  entryPoint: EntryPointVersion,
  needed: boolean,
): Promise<Connection['bundler']> => {
  const url = urlOf(io, flags.bundler, 'bundler', 'WRIT_BUNDLER')
  if (!needed) return undefined
  if (url === undefined)
    throw new CliError(ExitCode.usage, 'no bundler is named', 'add --bundler URL, or set WRIT_BUNDLER')
  const bundler = createBundlerClient({ chain, transport: http(url, { timeout }), pollingInterval })
  const id = await asked(bundler.getChainId(), 'bundler')
  if (id !== chain.id)
    throw new ChainFault(
      'wrong-chain',
      `the bundler serves ${nameOf(id)}, but the node is of ${chain.name}`,
      'give --rpc and --bundler of one chain',
    )
  const supported = await asked(bundler.getSupportedEntryPoints(), 'bundler')
  const { address } = entryPoints[entryPoint]
  if (!supported.some((one) => one.toLowerCase() === address))
    throw new ChainFault(
      'bundler-refused',
      `the bundler does not serve EntryPoint ${entryPoint} (${address})`,
      'give --bundler one that does, or act without one',
    )
  return bundler
}

/** That the shipped contract stands at the address, byte for byte. */
const expectCode = async (
  { client, chainId }: Pick<Connection, 'client' | 'chainId'>,
  name: 'WritModule' | 'GrantReader' | 'GrantPrinter',
  address: Address,
): Promise<void> => {
  const code = await asked(client.getCode({ address }))
  if (code === contractArtifact(name).deployedBytecode) return
  const what = code === undefined ? 'nothing stands' : `another contract than ${name} stands`
  throw new ChainFault(
    name === 'WritModule' ? 'module-missing' : 'reader-missing',
    `${what} at ${address} on ${nameOf(chainId)}`,
    code === undefined ? 'put it there: writ deploy' : 'leave --module out, unless you know that contract',
  )
}
