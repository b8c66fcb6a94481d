import {
  type Address,
  type Hex,
  hashMessage,
  hashTypedData,
  isAddressEqual,
  parseTransaction,
  recoverAddress,
  serializeTransaction,
  serializeSignature,
  stringToHex,
  type TransactionSerializableEIP1559,
  type TypedDataDefinition,
} from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import { keccak256 } from 'viem/utils'
import { LedgerError } from './LedgerError.js'
import { type Doing, ledgerErrorOf } from './ledgerErrorOf.js'
import { ethereumApp, type LedgerTransport } from './libraries.js'
import { FIRST_PATH, ledgerPath } from './path.js'
import { typedDataJson } from './typedDataJson.js'

/** An address on a Ledger whose Ethereum app is open. Every method rejects with a LedgerError, and every signature was verified here before it is given. */
export type Ledger = {
  readonly address: Address
  /** BIP-32, `m/44'/60'/…`. */
  readonly path: string
  /** The version of the Ethereum app, e.g. `1.22.0`. */
  readonly version: string
  /** Shows the address on the device; resolves once the person confirmed it there. */
  readonly verifyAddress: () => Promise<void>
  /** EIP-191 personal message; `r ‖ s ‖ v`, v 27 or 28. */
  readonly signMessage: (message: string | { readonly raw: Hex }) => Promise<Hex>
  /**
   * EIP-712 typed data; `r ‖ s ‖ v`, v 27 or 28. At factory settings the device refuses it (`blind-signing`), and where its settings allow it the
   * person sees it in parts at best (docs/devices.md): texts are for grants, this is for accounts that ask their owner for nothing else.
   */
  readonly signTypedData: (typedData: TypedDataDefinition) => Promise<Hex>
  /** The signed serialisation of an EIP-1559 transaction. */
  readonly signTransaction: (transaction: TransactionSerializableEIP1559) => Promise<Hex>
  readonly close: () => Promise<void>
}

export type OpenLedger = {
  readonly transport: LedgerTransport
  /** The first address of the device where absent. */
  readonly path?: string
  /** The owner of the account: another address on the device is refused before anything is asked. */
  readonly expectedAddress?: Address
}

const bytes = (hex: string): string => hex.replace(/^0x/, '')
const word = (hex: string): Hex => `0x${bytes(hex).padStart(64, '0')}`

/** Asks the Ethereum app for its version and the address at the path. The connection stays open until `close`. */
export const openLedger = async ({ transport, path = FIRST_PATH, expectedAddress }: OpenLedger): Promise<Ledger> => {
  const derivation = ledgerPath(path)
  const steps = derivation.slice('m/'.length)
  const app = ethereumApp(transport)
  let answered = false

  const ask = async <T>(doing: Doing, request: () => Promise<T>): Promise<T> => {
    try {
      const answer = await request()
      answered = true
      return answer
    } catch (error) {
      throw ledgerErrorOf(error, doing, answered)
    }
  }

  const addressShown = async (display: boolean): Promise<Address> => {
    const { publicKey, address } = await ask('asking', () => app.getAddress(steps, display))
    const derived = publicKeyToAddress(`0x${publicKey}`)
    if (address.toLowerCase() !== derived.toLowerCase())
      throw new LedgerError('wrong-signature', 'key and address differ')
    return derived
  }

  const signed = async (hash: Hex, signature: { r: Hex; s: Hex; yParity: number }): Promise<Hex> => {
    const bytesOfIt = serializeSignature(signature)
    const signer = await recoverAddress({ hash, signature: bytesOfIt }).catch(() => undefined)
    if (signer === undefined || !isAddressEqual(signer, address)) throw new LedgerError('wrong-signature')
    return bytesOfIt
  }

  /** The signature of a message or of typed data, as the app gives it. */
  const ofMessage = (hash: Hex, { v, r, s }: { v: number; r: string; s: string }): Promise<Hex> => {
    if (v !== 27 && v !== 28) throw new LedgerError('wrong-signature', `v is ${String(v)}`)
    return signed(hash, { r: word(r), s: word(s), yParity: v - 27 })
  }

  const { version } = await ask('asking', () => app.getAppConfiguration())
  const address = await addressShown(false)
  if (expectedAddress !== undefined && !isAddressEqual(address, expectedAddress)) {
    throw new LedgerError(
      'wrong-address',
      `the owner is ${expectedAddress}, ${derivation} on this Ledger is ${address}`,
    )
  }

  return {
    address,
    path: derivation,
    version,
    verifyAddress: async () => {
      if (!isAddressEqual(await addressShown(true), address))
        throw new LedgerError('wrong-signature', 'another address')
    },
    signMessage: async (message) => {
      const hex = typeof message === 'string' ? stringToHex(message) : message.raw
      if (bytes(hex) === '') throw new LedgerError('not-readable', 'it is empty')
      const answer = await ask('message', () => app.signPersonalMessage(steps, bytes(hex)))
      return ofMessage(hashMessage({ raw: hex }), answer)
    },
    signTypedData: async (typedData) => {
      const json = typedDataJson(typedData)
      const answer = await ask('typed data', () => app.signEIP712Message(steps, json))
      return ofMessage(hashTypedData(typedData), answer)
    },
    signTransaction: async (transaction) => {
      const unsigned = serializeTransaction(transaction)
      const { v, r, s } = await ask('transaction', () => app.signTransaction(steps, bytes(unsigned), null))
      const signature = { r: word(r), s: word(s), yParity: Number.parseInt(v, 16) }
      if (signature.yParity !== 0 && signature.yParity !== 1) throw new LedgerError('wrong-signature', `v is ${v}`)
      await signed(keccak256(unsigned), signature)
      return serializeTransaction(parseTransaction(unsigned) as TransactionSerializableEIP1559, signature)
    },
    close: async () => {
      await transport.close().catch(() => undefined)
    },
  }
}
