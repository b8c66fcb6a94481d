import { encodeFunctionData, parseAbiItem, type AbiFunction } from 'viem'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Call } from '../../policy/Operation.js'
import type { Token } from '../../policy/Units.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'
import { readCallsFile } from '../operationsFile.js'
import { amountOf } from './amountOf.js'
import { argumentOf } from './argumentOf.js'

/** What an operation is to do, as said on the command line. */
export type CallFlags = {
  readonly to?: string
  readonly value?: string
  readonly data?: Hex
  readonly call?: string
  readonly calls?: string
}

/** The calls that flags and words say. Tokens are those of the writ: their symbols may stand for amounts and addresses. */
export const readCalls = (
  io: Io,
  flags: CallFlags,
  words: readonly string[],
  tokens: readonly Token[],
): readonly Call[] => {
  const { to, value, data, call, calls } = flags
  if (calls !== undefined) {
    if ([to, value, data, call].some((flag) => flag !== undefined) || words.length > 0)
      throw new CliError(ExitCode.usage, '--calls says everything', 'leave --to, --value, --data and --call out')
    return readCallsFile(readText(io, calls), calls)
  }
  if (to === undefined)
    throw new CliError(
      ExitCode.usage,
      'nothing is to be done',
      'add --to ADDRESS, with --value, --data or --call, or --calls FILE',
    )
  if (call !== undefined && data !== undefined)
    throw new CliError(ExitCode.usage, '--call and --data exclude each other', 'leave one of them out')
  if (call === undefined && words.length > 0)
    throw new CliError(
      ExitCode.usage,
      `\`${words[0] ?? ''}\` is an argument of no function`,
      "add --call 'transfer(address,uint256)'",
    )
  return [
    {
      to: argumentOf({ name: '--to', type: 'address' }, to, tokens) as Address,
      value: value === undefined ? 0n : wei(value),
      data: call === undefined ? (data ?? '0x') : encode(call, words, tokens),
    },
  ]
}

const wei = (text: string): bigint => {
  const amount = amountOf(text)
  // Three zeros too many are soon written: ether is never sent by a bare number.
  if (amount === undefined || (!/[a-z]/i.test(text) && amount !== 0n))
    throw new CliError(
      ExitCode.usage,
      `\`${text}\` is no amount of ether`,
      'write it with its unit: "0.1 ETH", "50 gwei", "7 wei"',
    )
  return amount
}

const encode = (signature: string, words: readonly string[], tokens: readonly Token[]): Hex => {
  const item = functionOf(signature)
  if (words.length !== item.inputs.length)
    throw new CliError(
      ExitCode.usage,
      `${item.name} takes ${item.inputs.length} arguments, ${words.length} are given`,
      'put each in quotes, in the order of the function; what begins with - goes behind --',
    )
  const args = item.inputs.map((input, index) => argumentOf(input, words[index] ?? '', tokens))
  return encodeFunctionData({ abi: [item], functionName: item.name, args })
}

const functionOf = (signature: string): AbiFunction => {
  try {
    const item: unknown = parseAbiItem(`function ${signature.replace(/^function /, '')}` as 'function f()')
    return item as AbiFunction
  } catch {
    throw new CliError(
      ExitCode.usage,
      `\`${signature}\` is no function`,
      "write it as its contract declares it: 'transfer(address to, uint256 amount)'; tuples in brackets: 'f((address,uint256) p)'",
    )
  }
}
