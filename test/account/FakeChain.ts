import {
  custom,
  createPublicClient,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionResult,
  numberToHex,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import type { Hex } from '../../src/policy/Hex.js'
import type { Meter } from '../../src/policy/Meter.js'
import type { MeterState, State } from '../../src/policy/State.js'
import { writeWords } from '../../src/compiler/meterWords.js'
import { wordsOf } from '../../src/compiler/meters.js'

const abi = parseAbi([
  'function sessionWords(address account, bytes32 root, uint256 first, uint256 count) view returns (bytes32[])',
  'function killWord(address account) view returns (uint48 killedAt, uint48 tag)',
  'function ownersOf(address account, uint32 entityId) view returns (address first, address second, uint8 flags, bool installed)',
  'function pinned(address account, address token) view returns (bool known, uint8 decimals)',
  'function getNonce(address account, uint192 key) view returns (uint256)',
  'function balanceOf(address account) view returns (uint256)',
])
const NOBODY: Hex = '0x0000000000000000000000000000000000000000'
const gathered = '82ad56cb'
const statuses = ['none', 'active', 'revoked'] as const

/** A node that has one session's words, time and nonces, and answers what a session account asks; each request is kept. */
export class FakeChain {
  chainId = 8453
  time: number
  blockNumber = 100n
  status: Exclude<State['status'], 'killed'> = 'active'
  tag = 0
  /** The first owner, and flag 1 where texts do not grant; undefined: not installed. */
  owner: { readonly first: Hex; readonly flags: number } | undefined
  /** Pinned decimals by the token's address in lower case. */
  readonly pins = new Map<string, number>()
  meters: readonly MeterState[]
  readonly sequences = new Map<bigint, bigint>()
  /** What `eth_estimateGas` answers to this calldata; throws for a revert. */
  estimate: (data: Hex) => bigint = () => 100_000n
  readonly asked: { readonly method: string; readonly params: readonly unknown[] }[] = []
  readonly #policyMeters: readonly Meter[]

  constructor(meters: readonly Meter[], time: number) {
    this.#policyMeters = meters
    this.time = time
    this.meters = meters.map(({ window }) =>
      window.kind === 'rolling'
        ? { window: 0, spent: 0n, past: Array.from({ length: 8 }, () => 0n) }
        : { window: 0, spent: 0n },
    )
  }

  client() {
    const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> =>
      this.#answer(method, (params ?? []) as readonly unknown[])
    return createPublicClient({ transport: custom({ request }, { retryCount: 0 }), pollingInterval: 1, cacheTime: 0 })
  }

  #answer(method: string, params: readonly unknown[]): unknown {
    this.asked.push({ method, params })
    switch (method) {
      case 'eth_chainId':
        return numberToHex(this.chainId)
      case 'eth_getBlockByNumber':
        return {
          number: numberToHex(this.blockNumber),
          timestamp: numberToHex(this.time),
          baseFeePerGas: '0x64',
          transactions: [],
        }
      case 'eth_maxPriorityFeePerGas':
        return '0x7'
      case 'eth_getCode':
        return '0x01'
      case 'eth_call':
        return this.#call((params[0] as { data: Hex }).data)
      case 'eth_estimateGas':
        return numberToHex(this.estimate((params[0] as { data: Hex }).data))
      default:
        throw new Error(`the fake chain does not answer ${method}`)
    }
  }

  /** Calls come alone, or gathered by multicall3, whose code comes along. */
  #call(data: Hex): Hex {
    const at = data.lastIndexOf(gathered)
    if (at < 0) return this.#read(data)
    const [calls] = decodeAbiParameters(
      parseAbiParameters('(address target, bool allowFailure, bytes callData)[]'),
      `0x${data.slice(at + gathered.length)}`,
    )
    const answers = calls.map(({ callData }) => ({ success: true, returnData: this.#read(callData) }))
    return encodeAbiParameters(parseAbiParameters('(bool success, bytes returnData)[]'), [answers])
  }

  #read(data: Hex): Hex {
    const { functionName, args } = decodeFunctionData({ abi, data })
    switch (functionName) {
      case 'sessionWords':
        return encodeFunctionResult({ abi, functionName, result: this.#words() })
      case 'killWord':
        return encodeFunctionResult({ abi, functionName, result: [0, this.tag] })
      case 'ownersOf': {
        const { first, flags } = this.owner ?? { first: NOBODY, flags: 0 }
        const result = [first, NOBODY, flags, this.owner !== undefined] as const
        return encodeFunctionResult({ abi, functionName, result })
      }
      case 'pinned': {
        const decimals = this.pins.get(args[1].toLowerCase())
        return encodeFunctionResult({ abi, functionName, result: [decimals !== undefined, decimals ?? 0] })
      }
      case 'getNonce':
        return encodeFunctionResult({
          abi,
          functionName,
          result: (args[1] << 64n) | (this.sequences.get(args[1]) ?? 0n),
        })
      case 'balanceOf':
        return encodeFunctionResult({ abi, functionName, result: 0n })
      default:
        return functionName satisfies never
    }
  }

  #words(): readonly Hex[] {
    const empty = Array.from({ length: wordsOf(this.#policyMeters) }, () => 0n)
    const words = writeWords(this.#policyMeters, empty, this.meters)
    const status = BigInt(statuses.indexOf(this.status)) << 254n
    return words.map((word, index) => numberToHex(index === 0 ? word | status : word, { size: 32 }))
  }
}

/** The part of an operation's nonce that counts. */
export const sequenceOf = (nonce: bigint): bigint => BigInt.asUintN(64, nonce)
export const nonceKeyOf = (nonce: bigint): bigint => nonce >> 64n
