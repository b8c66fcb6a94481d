import { createRequire } from 'node:module'
import type EthModule from '@ledgerhq/hw-app-eth'
import type TransportModule from '@ledgerhq/hw-transport'

// Their ES modules import without file extensions, which Node refuses; their CommonJS builds load.
const load = createRequire(import.meta.url)

/** A connection to a device, as Ledger's libraries know it. */
export type LedgerTransport = TransportModule.default

/** Ledger's base class of connections. */
export const TransportClass = (load('@ledgerhq/hw-transport') as typeof TransportModule).default

/** No service is asked about a transaction or a message: what the device shows comes from what is signed alone. */
const OFFLINE = {
  nftExplorerBaseURL: null,
  pluginBaseURL: null,
  extraPlugins: null,
  cryptoassetsBaseURL: null,
  calServiceURL: null,
  staticERC20Signatures: null,
  staticEIP712SignaturesV1: {},
  staticEIP712SignaturesV2: {},
} as const

/** The client of the Ethereum app over a connection, with every look-up on the network off. Loaded at the first use: it is large. */
export const ethereumApp = (transport: LedgerTransport): EthModule.default => {
  const Eth = (load('@ledgerhq/hw-app-eth') as typeof EthModule).default
  return new Eth(transport, undefined, OFFLINE)
}

/** What is used of Ledger's USB connections. */
export type UsbModule = {
  readonly default: {
    readonly list: () => Promise<readonly string[]>
    readonly open: (path: string) => Promise<LedgerTransport>
  }
}

/** Loads USB support; throws where the optional package or the system's USB library is missing. */
export const loadUsb = (): UsbModule => load('@ledgerhq/hw-transport-node-hid') as UsbModule
