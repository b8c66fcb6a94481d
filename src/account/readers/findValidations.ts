import { type Client, decodeEventLog, numberToHex, pad, parseAbi, toEventSelector } from 'viem'
import type { ModuleEntity } from '../../compiler/calldata.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { walkLogs, type LogRange } from './walkLogs.js'

const abi = parseAbi([
  'event ValidationInstalled(address indexed module, uint32 indexed entityId)',
  'event ValidationUninstalled(address indexed module, uint32 indexed entityId, bool onUninstallSucceeded)',
])
const selectors = abi.map((event) => toEventSelector(event))

/**
 * The validations that an account reported as installed (ERC-6900) and not as uninstalled since, in the order of their last installation.
 * Rejects as `walkLogs` does.
 */
export async function findValidations(
  client: Client,
  { account, ...range }: { readonly account: Address } & Omit<LogRange, 'address' | 'topics'>,
): Promise<readonly ModuleEntity[]> {
  const installed = new Map<Hex, ModuleEntity>()
  for (const { topics, data } of await walkLogs(client, { ...range, address: account, topics: [selectors] })) {
    const { eventName, args } = decodeEventLog({ abi, topics: topics as [Hex, ...Hex[]], data })
    const module: Address = `0x${args.module.slice(2).toLowerCase()}`
    const name: Hex = `${pad(module)}${numberToHex(args.entityId, { size: 4 }).slice(2)}`
    installed.delete(name)
    if (eventName === 'ValidationInstalled') installed.set(name, { module, entityId: args.entityId })
  }
  return [...installed.values()]
}
