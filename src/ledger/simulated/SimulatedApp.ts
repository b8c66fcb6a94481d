import { type HDAccount, keccak256 } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { MOST } from '../../compiler/device/screens.js'
import type { Device } from '../pages/Device.js'
import { pagesOf } from '../pages/pagesOf.js'
import { type Apdu, readPath, Refusal, STATUS } from './Apdu.js'
import type { Person } from './Person.js'
import { readTransaction } from './transaction.js'

export type SimulatedSettings = {
  readonly mnemonic: string
  readonly device: Device
  /** Off in the factory. */
  readonly blindSigning: boolean
  readonly person: Person
}

type Pending = { readonly ins: number; readonly path: `m/44'/60'/${string}`; readonly length: number; bytes: Buffer }

const CLA = 0xe0
const INS = { address: 0x02, transaction: 0x04, configuration: 0x06, message: 0x08 } as const
/** Typed data: its two hashes, its types, its values. */
const TYPED = { hashes: 0x0c, types: 0x1a, values: 0x1c } as const
/** The system's own question, which any app answers: its name and version. */
const SYSTEM = { cla: 0xb0, ins: 0x01 } as const
const FOLLOWING = 0x80
const VERSION = [1, 22, 0]
const EMPTY = Buffer.alloc(0)

/** Text with its length in front. */
const sized = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'ascii')])

/** Printable ASCII, and what C's isspace knows: the Ethereum app shows everything else as hex. */
const isReadable = (bytes: Buffer): boolean =>
  bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13))

const signatureBytes = (signature: `0x${string}`): Buffer => Buffer.from(signature.slice(2), 'hex')

/**
 * The Ethereum app 1.22.0 as it was recorded, computed: address, personal message, EIP-1559 transaction, configuration. Typed data it refuses as a
 * device does at factory settings, whatever its settings are. It holds its key in this process and protects nothing.
 */
export class SimulatedApp {
  #pending: Pending | undefined

  constructor(private readonly settings: SimulatedSettings) {}

  /** The data of the answer; a Refusal is the status that is answered instead. */
  async answer(apdu: Apdu): Promise<Buffer> {
    if (apdu.cla === SYSTEM.cla && apdu.ins === SYSTEM.ins)
      return Buffer.concat([Buffer.from([1]), sized('Ethereum'), sized(VERSION.join('.')), Buffer.from([1, 0])])
    if (apdu.cla !== CLA) throw new Refusal(STATUS.badClass)
    const pending = this.#pending
    this.#pending = undefined
    switch (apdu.ins) {
      case INS.configuration:
        return Buffer.from([this.settings.blindSigning ? 0x03 : 0x02, ...VERSION])
      case INS.address:
        return this.#address(apdu)
      case INS.message:
        return this.#message(this.#arrived(apdu, pending, true))
      case INS.transaction:
        return this.#transaction(this.#arrived(apdu, pending, false))
      case TYPED.types:
        return EMPTY
      case TYPED.values:
      case TYPED.hashes:
        throw new Refusal(STATUS.badData)
      default:
        throw new Refusal(STATUS.badInstruction)
    }
  }

  #account(path: `m/44'/60'/${string}`): HDAccount {
    return mnemonicToAccount(this.settings.mnemonic, { path })
  }

  async #approved(asked: Parameters<Person>[0]): Promise<void> {
    if (!(await this.settings.person(asked))) throw new Refusal(STATUS.refused)
  }

  async #address({ p1, p2, data }: Apdu): Promise<Buffer> {
    if (p1 > 1 || p2 > 1) throw new Refusal(STATUS.badParameters)
    const { path, rest } = readPath(data)
    if (rest.length !== 0 && rest.length !== 8) throw new Refusal(STATUS.badData)
    const account = this.#account(path)
    if (p1 === 1) {
      const chain = rest.length === 8 ? { chainId: rest.readBigUInt64BE() } : {}
      await this.#approved({ kind: 'address', path, address: account.address, ...chain })
    }
    const key = Buffer.from(account.publicKey.slice(2), 'hex')
    const address = Buffer.from(account.address.slice(2), 'ascii')
    const chainCode = p2 === 1 ? Buffer.from(account.getHdKey().chainCode ?? []) : EMPTY
    return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([address.length]), address, chainCode])
  }

  /** What has arrived of a request that comes in pieces. */
  #arrived({ ins, p1, p2, data }: Apdu, pending: Pending | undefined, hasLength: boolean): Pending {
    if (p2 !== 0 || (p1 !== 0 && p1 !== FOLLOWING)) throw new Refusal(STATUS.badParameters)
    if (p1 === FOLLOWING) {
      if (pending?.ins !== ins) throw new Refusal(STATUS.badData)
      return { ...pending, bytes: Buffer.concat([pending.bytes, data]) }
    }
    const { path, rest } = readPath(data)
    if (!hasLength) return { ins, path, length: 0, bytes: rest }
    if (rest.length < 4) throw new Refusal(STATUS.badData)
    return { ins, path, length: rest.readUInt32BE(), bytes: rest.subarray(4) }
  }

  async #message(arrived: Pending): Promise<Buffer> {
    const { bytes, length, path } = arrived
    if (bytes.length > length) throw new Refusal(STATUS.badData)
    if (bytes.length < length) {
      this.#pending = arrived
      return EMPTY
    }
    const inHex = !isReadable(bytes)
    const text = inHex ? `0x${bytes.toString('hex')}` : bytes.toString('ascii')
    if (text.length > MOST.characters) throw new Refusal(STATUS.noMemory)
    const account = this.#account(path)
    const pages = pagesOf(text, this.settings.device)
    await this.#approved({ kind: 'message', path, address: account.address, text, inHex, pages })
    const signature = signatureBytes(await account.signMessage({ message: { raw: bytes } }))
    return Buffer.concat([signature.subarray(64), signature.subarray(0, 64)])
  }

  async #transaction(arrived: Pending): Promise<Buffer> {
    const { bytes, path } = arrived
    const read = readTransaction(bytes)
    if (read.blind && !this.settings.blindSigning) throw new Refusal(STATUS.badData)
    if (read.kind === 'partly') {
      this.#pending = arrived
      return EMPTY
    }
    const account = this.#account(path)
    const { transaction, blind } = read
    await this.#approved({ kind: 'transaction', path, address: account.address, transaction, blind })
    const signature = signatureBytes(await account.sign({ hash: keccak256(bytes) }))
    const parity = (signature.at(64) ?? 27) - 27
    return Buffer.concat([Buffer.from([parity]), signature.subarray(0, 64)])
  }
}
