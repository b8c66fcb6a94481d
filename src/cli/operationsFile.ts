import type { Call, OperationFees } from '../policy/Operation.js'
import type { Address, Hex } from '../policy/Hex.js'
import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'

/** A file of operations: header values, and steps in the order of their times. */
export type OperationsFile = {
  readonly account?: Address
  readonly key?: Address
  readonly chainId?: number
  /** Unix seconds: the policy's `from`. */
  readonly granted?: number
  readonly ttlSeconds?: number
  readonly steps: readonly Step[]
}

/** One operation: its calls, when it happens (unix seconds), and what it offers for gas (zero and no paymaster where nothing is said). */
export type Step = { readonly at: number; readonly calls: readonly Call[]; readonly fees: OperationFees }

const noFees: OperationFees = {
  callGasLimit: 0n,
  verificationGasLimit: 0n,
  preVerificationGas: 0n,
  maxFeePerGas: 0n,
  maxPriorityFeePerGas: 0n,
  paymasterAndData: '0x',
}

/** Reads an operations file; every fault names the place (`steps[3].calls[0].to`). */
export const readOperations = (text: string, file: string): OperationsFile => {
  const { json, reader, fail } = open(text, file)
  const root = reader.object(json, 'the file')
  let last = 0
  const steps = reader.array(root['steps'], 'steps').map((item, index): Step => {
    const place = `steps[${index}]`
    const step = reader.object(item, place)
    const at = reader.seconds(step['at'], `${place}.at`)
    if (at < last) fail(`${place}.at`, `lies before the step above it`)
    last = at
    const calls = reader
      .array(step['calls'], `${place}.calls`)
      .map((call, i) => reader.call(call, `${place}.calls[${i}]`))
    return { at, calls, fees: step['fees'] === undefined ? noFees : reader.fees(step['fees'], `${place}.fees`) }
  })
  return {
    ...optional('account', root['account'], (v) => reader.address(v, 'account')),
    ...optional('key', root['key'], (v) => reader.address(v, 'key')),
    ...optional('chainId', root['chainId'], (v) => reader.seconds(v, 'chainId')),
    ...optional('granted', root['granted'], (v) => reader.seconds(v, 'granted')),
    ...optional('ttlSeconds', root['ttlSeconds'], (v) => reader.seconds(v, 'ttlSeconds')),
    steps,
  }
}

/** Reads the calls of one operation: a list of them, or a step of an operations file. */
export const readCallsFile = (text: string, file: string): readonly Call[] => {
  const { json, reader, fail } = open(text, file)
  const place = 'calls'
  const list = Array.isArray(json) ? json : reader.object(json, 'the file')[place]
  const calls = reader.array(list, place).map((call, i) => reader.call(call, `${place}[${i}]`))
  return calls.length > 0 ? calls : fail(place, 'are none')
}

const open = (text: string, file: string) => {
  const fail = (place: string, what: string): never => {
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\`: ${place} ${what}`,
      'the form is described by: writ decide --help',
    )
  }
  const reader = new Reader(fail)
  try {
    const json: unknown = JSON.parse(text)
    return { json, reader, fail }
  } catch {
    return fail('the file', 'is not JSON')
  }
}

const optional = <K extends string, T>(
  key: K,
  value: unknown,
  read: (value: unknown) => T,
): { readonly [P in K]?: T } => (value === undefined ? {} : ({ [key]: read(value) } as { readonly [P in K]?: T }))

class Reader {
  constructor(private readonly fail: (place: string, what: string) => never) {}

  object(value: unknown, place: string): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail(place, 'is not an object')
    return value as Readonly<Record<string, unknown>>
  }

  array(value: unknown, place: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.fail(place, 'is not a list')
  }

  seconds(value: unknown, place: string): number {
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.fail(place, 'is not a whole number')
  }

  address(value: unknown, place: string): Address {
    if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) return this.fail(place, 'is not an address')
    return value.toLowerCase() as Address
  }

  /** A decimal text (numbers in JSON lose digits), below 2^256. */
  integer(value: unknown, place: string): bigint {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
    if (typeof value !== 'string' || !/^[0-9]{1,78}$/.test(value))
      return this.fail(place, 'is not a decimal number in quotes')
    return BigInt(value) < 1n << 256n ? BigInt(value) : this.fail(place, 'is 2^256 or more')
  }

  call(value: unknown, place: string): Call {
    const call = this.object(value, place)
    const data = call['data'] ?? '0x'
    if (typeof data !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(data))
      return this.fail(`${place}.data`, 'is not 0x and pairs of hex digits')
    return {
      to: this.address(call['to'], `${place}.to`),
      value: this.integer(call['value'] ?? '0', `${place}.value`),
      data: data.toLowerCase() as Hex,
    }
  }

  fees(value: unknown, place: string): OperationFees {
    const fees = this.object(value, place)
    const field = (name: string) => this.integer(fees[name] ?? '0', `${place}.${name}`)
    const paymaster = fees['paymaster'] ?? null
    return {
      callGasLimit: field('callGasLimit'),
      verificationGasLimit: field('verificationGasLimit'),
      preVerificationGas: field('preVerificationGas'),
      maxFeePerGas: field('maxFeePerGas'),
      maxPriorityFeePerGas: field('maxPriorityFeePerGas'),
      // EntryPoint 0.7 reads the paymaster's two gas limits (16 bytes each) behind its address.
      paymasterAndData:
        paymaster === null ? '0x' : `${this.address(paymaster, `${place}.paymaster`)}${'00'.repeat(32)}`,
    }
  }
}
