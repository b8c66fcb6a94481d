import {
  AbiDecodingDataSizeTooSmallError,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  encodeFunctionData,
  parseAbi,
  type Client,
} from 'viem'
import { readContract } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Address } from '../../policy/Hex.js'
import type { Call } from '../../policy/Operation.js'
import type { Allowance } from '../allowances.js'

/** An allowance on the chain. */
export type AllowanceState =
  /** What is left of it, in base units; of an operator, 1. The call by which the account ends it. */
  | { readonly kind: 'open'; readonly allowance: Allowance; readonly amount: bigint; readonly close: Call }
  | { readonly kind: 'closed'; readonly allowance: Allowance }
  /** The contract did not answer as such a contract does: somebody must look. */
  | { readonly kind: 'unreadable'; readonly allowance: Allowance }

const abi = parseAbi([
  'function allowance(address owner, address spender) view returns (uint256)',
  'function isApprovedForAll(address owner, address operator) view returns (bool)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function setApprovalForAll(address operator, bool approved)',
])

/** Permit2's `IAllowanceTransfer`. */
const permit2Abi = parseAbi([
  'function allowance(address owner, address token, address spender) view returns (uint160 amount, uint48 expiration, uint48 nonce)',
  'function approve(address token, address spender, uint160 amount, uint48 expiration)',
])

/** Reads which allowances of an account are open. Rejects what the client throws where the node does not answer. */
export const readAllowances = async (
  client: Client,
  account: Address,
  allowances: readonly Allowance[],
): Promise<readonly AllowanceState[]> => Promise.all(allowances.map((one) => readAllowance(client, account, one)))

const readAllowance = async (client: Client, account: Address, allowance: Allowance): Promise<AllowanceState> => {
  let amount: bigint
  try {
    amount = await amountOf(client, account, allowance)
  } catch (error) {
    if (!isAnswer(error)) throw error
    return { kind: 'unreadable', allowance }
  }
  return amount === 0n ? { kind: 'closed', allowance } : { kind: 'open', allowance, amount, close: closing(allowance) }
}

const amountOf = async (client: Client, account: Address, allowance: Allowance): Promise<bigint> => {
  const read = getAction(client, readContract, 'readContract')
  switch (allowance.kind) {
    case 'token': {
      const { token: address, spender } = allowance
      return read({ address, abi, functionName: 'allowance', args: [account, spender] })
    }
    case 'permit2': {
      const { permit2: address, token, spender } = allowance
      const [amount] = await read({
        address,
        abi: permit2Abi,
        functionName: 'allowance',
        args: [account, token, spender],
      })
      return amount
    }
    case 'operator': {
      const { collection: address, operator } = allowance
      return (await read({ address, abi, functionName: 'isApprovedForAll', args: [account, operator] })) ? 1n : 0n
    }
    default:
      return allowance satisfies never
  }
}

/** The call that takes the right back. */
const closing = (allowance: Allowance): Call => {
  switch (allowance.kind) {
    case 'token': {
      const data = encodeFunctionData({ abi, functionName: 'approve', args: [allowance.spender, 0n] })
      return { to: allowance.token, value: 0n, data }
    }
    case 'permit2': {
      const args = [allowance.token, allowance.spender, 0n, 0] as const
      const data = encodeFunctionData({ abi: permit2Abi, functionName: 'approve', args })
      return { to: allowance.permit2, value: 0n, data }
    }
    case 'operator': {
      const data = encodeFunctionData({ abi, functionName: 'setApprovalForAll', args: [allowance.operator, false] })
      return { to: allowance.collection, value: 0n, data }
    }
    default:
      return allowance satisfies never
  }
}

/** Whether the contract answered, if only in another way than such a contract does; else the node did not. */
const isAnswer = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk(
    (cause) =>
      cause instanceof ContractFunctionRevertedError ||
      cause instanceof ContractFunctionZeroDataError ||
      cause instanceof AbiDecodingDataSizeTooSmallError,
  ) !== null
