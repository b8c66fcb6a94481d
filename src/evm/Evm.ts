import { createCustomCommon, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM, type EVMResult, type InterpreterStep } from '@ethereumjs/evm'
import { Account, bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { keccak256, numberToHex } from 'viem'
import type { Address, Hex } from '../policy/Hex.js'
import { createPrecompiles, type Forgeries } from './ecrecover.js'
import { codeBytes } from './codes.js'
import { quicken, visits } from './quicken.js'
import { MemoryState, type Mark } from './MemoryState.js'

/** What a new chain is like; `time` is its first block's, unix seconds. */
export type EvmOptions = {
  readonly chainId: number
  readonly time?: number
  readonly hardfork?: 'cancun' | 'prague'
  /** Wei a gas; 1 gwei when left out. */
  readonly baseFee?: bigint
}

/** A message to the chain. What is left out: the zero address, no data, no value, 30 million gas, price of the base fee. */
export type Message = {
  readonly from?: Address
  readonly to: Address
  readonly data?: Hex
  readonly value?: bigint
  readonly gas?: bigint
  readonly gasPrice?: bigint
  /** Unix seconds of the block; the chain's present time when left out. */
  readonly time?: number
  /** Changes of state make the call fail. */
  readonly static?: boolean
}

export type Log = { readonly address: Address; readonly topics: readonly Hex[]; readonly data: Hex }

/** What became of a message; `error` is the interpreter's word for why it failed: `revert`, `out of gas`, `invalid opcode`. */
export type Outcome = {
  readonly success: boolean
  readonly returnData: Hex
  /** Gas of the execution, before refunds and without the transaction's own cost. */
  readonly gasUsed: bigint
  readonly gasRefund: bigint
  readonly logs: readonly Log[]
  readonly error?: string
}

/** What the interpreter is about to do. */
export type Step = {
  readonly pc: number
  readonly opcode: string
  readonly depth: number
  /** Whose storage and balance are in force, and whose code is run. */
  readonly address: Address
  readonly codeAddress: Address
  readonly gasLeft: bigint
  /** Top of the stack last. */
  readonly stack: readonly bigint[]
}

/** A point in the chain's history to which it can go back. */
export type Snapshot = { readonly mark: Mark; readonly time: number; readonly number: number }

/**
 * A chain in memory, without network and without node: contracts run, state changes stay, time stands still until it is set.
 * Each message is its own transaction as far as warm storage, refunds and transient storage go; nobody pays for gas.
 */
export class Evm {
  readonly chainId: number
  /** Unix seconds of the present block. */
  time: number
  /** Height of the present block. */
  number = 1
  readonly baseFee: bigint
  /** Signatures that `ecrecover` takes as made by an address whose private key nobody has here. */
  readonly forgeries: Forgeries
  readonly #evm: EVM
  readonly #state: MemoryState
  #listener: ((step: InterpreterStep) => void) | undefined

  private constructor(evm: EVM, state: MemoryState, forgeries: Forgeries, options: EvmOptions) {
    this.#evm = evm
    this.#state = state
    this.forgeries = forgeries
    this.chainId = options.chainId
    this.time = options.time ?? 1_700_000_000
    this.baseFee = options.baseFee ?? 1_000_000_000n
  }

  static async create(options: EvmOptions): Promise<Evm> {
    const state = new MemoryState()
    const common = createCustomCommon({ chainId: options.chainId }, Mainnet, { hardfork: options.hardfork ?? 'prague' })
    const { customPrecompiles, forgeries } = createPrecompiles()
    const evm = await createEVM({ common, stateManager: state, customPrecompiles, blockchain })
    await quicken(evm)
    return new Evm(evm, state, forgeries, options)
  }

  /** Puts runtime code at an address, whatever was there. */
  async setCode(address: Address, code: Hex): Promise<void> {
    await this.#state.putCode(createAddressFromString(address), codeBytes(code))
  }

  async codeOf(address: Address): Promise<Hex> {
    return bytesToHex(await this.#state.getCode(createAddressFromString(address)))
  }

  async setBalance(address: Address, balance: bigint): Promise<void> {
    const at = createAddressFromString(address)
    const account = (await this.#state.getAccount(at)) ?? new Account()
    account.balance = balance
    await this.#state.putAccount(at, account)
  }

  async balanceOf(address: Address): Promise<bigint> {
    return (await this.#state.getAccount(createAddressFromString(address)))?.balance ?? 0n
  }

  /** The 32 bytes of a storage slot. */
  async storageAt(address: Address, slot: Hex): Promise<Hex> {
    const value = await this.#state.getStorage(createAddressFromString(address), hexToBytes(slot))
    return `0x${bytesToHex(value).slice(2).padStart(64, '0')}`
  }

  async setStorage(address: Address, slot: Hex, value: Hex): Promise<void> {
    // Slots hold their value without leading zeros, an empty slot nothing: that is how the interpreter tells zero.
    const bytes = hexToBytes(value)
    const first = bytes.findIndex((byte) => byte !== 0)
    const trimmed = first < 0 ? bytes.subarray(bytes.length) : bytes.subarray(first)
    await this.#state.putStorage(createAddressFromString(address), hexToBytes(slot), trimmed)
  }

  /** Runs creation code (constructor arguments appended); the new contract's address, or undefined where the creation failed. */
  async deploy(creation: Hex, options: { from?: Address; value?: bigint } = {}): Promise<Address | undefined> {
    const result = await this.#run({ data: creation, ...options })
    return result.execResult.exceptionError ? undefined : result.createdAddress?.toString()
  }

  /** Runs a message; its changes stay if it succeeds, and nothing of it stays if it fails. */
  async call(message: Message): Promise<Outcome> {
    const { execResult } = await this.#run(message)
    const { exceptionError, returnValue, executionGasUsed, gasRefund, logs } = execResult
    return {
      success: exceptionError === undefined,
      returnData: bytesToHex(returnValue),
      gasUsed: executionGasUsed,
      gasRefund: gasRefund ?? 0n,
      logs: (logs ?? []).map(([address, topics, data]) => ({
        address: bytesToHex(address),
        topics: topics.map((topic) => bytesToHex(topic)),
        data: bytesToHex(data),
      })),
      ...(exceptionError ? { error: exceptionError.error } : {}),
    }
  }

  snapshot(): Snapshot {
    return { mark: this.#state.mark(), time: this.time, number: this.number }
  }

  /** Goes back to a snapshot, which may be done any number of times; snapshots taken after it are then gone. */
  revert(snapshot: Snapshot): void {
    if (!this.#state.undoTo(snapshot.mark)) throw new Error('the chain has already gone back before this snapshot')
    this.time = snapshot.time
    this.number = snapshot.number
  }

  /** Calls the listener before every instruction, or, given none, no longer does. */
  onStep(listener?: (step: Step) => void): void {
    const { events } = this.#evm
    if (this.#listener) events?.off('step', this.#listener)
    this.#listener = listener && ((step) => listener(stepOf(step)))
    if (this.#listener) events?.on('step', this.#listener)
  }

  /** Marks (with 1) every program counter of the code at an address that is run from now on, in an array as long as the code. */
  markVisits(address: Address, marks: Uint8Array): void {
    visits.set(this.#evm, new Map([...(visits.get(this.#evm) ?? []), [address.toLowerCase(), marks]]))
  }

  async #run(message: Omit<Message, 'to'> & { readonly to?: Address }): Promise<EVMResult> {
    const evm = this.#evm
    const caller = createAddressFromString(message.from ?? zeroAddress)
    const to = message.to === undefined ? undefined : createAddressFromString(message.to)
    this.#state.clearCaches()
    evm.journal.cleanJournal()
    // EIP-2929 and EIP-3651: sender, target and coinbase of a transaction are warm.
    evm.journal.addAlwaysWarmAddress(caller.toString())
    evm.journal.addAlwaysWarmAddress(coinbase)
    if (to) evm.journal.addAlwaysWarmAddress(to.toString())
    for (const precompile of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress(precompile)
    return evm.runCall({
      caller,
      ...(to ? { to } : {}),
      data: hexToBytes(message.data ?? '0x'),
      value: message.value ?? 0n,
      gasLimit: message.gas ?? 30_000_000n,
      gasPrice: message.gasPrice ?? this.baseFee,
      isStatic: message.static ?? false,
      block: this.#block(message.time ?? this.time),
    })
  }

  #block(time: number) {
    return {
      header: {
        number: BigInt(this.number),
        coinbase: createAddressFromString(coinbase),
        timestamp: BigInt(time),
        difficulty: 0n,
        prevRandao: new Uint8Array(32),
        gasLimit: 30_000_000n,
        baseFeePerGas: this.baseFee,
        getBlobGasPrice: () => 1n,
      },
    }
  }
}

/** The hash of the block at a height, as contracts see it: made up, another one for each. */
export const blockHash = (height: number): Hex => keccak256(numberToHex(height, { size: 32 }))

const blockchain = {
  getBlock: async (height: number) => ({ hash: () => hexToBytes(blockHash(height)) }),
  putBlock: async () => undefined,
  shallowCopy: () => blockchain,
}

const zeroAddress: Address = '0x0000000000000000000000000000000000000000'
const coinbase: Address = '0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e'

function stepOf(step: InterpreterStep): Step {
  return {
    pc: step.pc,
    opcode: step.opcode.name,
    depth: step.depth,
    address: step.address.toString(),
    codeAddress: step.codeAddress.toString(),
    gasLeft: step.gasLeft,
    stack: step.stack,
  }
}
