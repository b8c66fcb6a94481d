import {
  BaseError,
  type Client,
  decodeAbiParameters,
  encodeFunctionData,
  ExecutionRevertedError,
  hexToBigInt,
  parseAbi,
  parseAbiParameters,
  size,
  slice,
} from 'viem'
import { call } from 'viem/actions'
import { getAction } from 'viem/utils'
import { moduleEntity, type ModuleEntity } from '../../compiler/calldata.js'
import type { Address, Hex } from '../../policy/Hex.js'

/** What an account tells of a validation (ERC-6900, `IERC6900AccountView.getValidationData`). */
export type ValidationView = {
  /** 4 global, 2 signature, 1 userOp. */
  readonly flags: number
  /** module20 ‖ entityId4 ‖ flags1 */
  readonly validationHooks: readonly Hex[]
  readonly executionHooks: readonly Hex[]
  readonly selectors: readonly Hex[]
}

const abi = parseAbi(['function getValidationData(bytes24 moduleEntity)'])
const withFlags = parseAbiParameters(
  '(uint8 flags, bytes25[] validationHooks, bytes25[] executionHooks, bytes4[] selectors)',
)
const withBools = parseAbiParameters(
  '(bool isGlobal, bool isSignature, bool isUserOp, bytes25[] validationHooks, bytes25[] executionHooks, bytes4[] selectors)',
)

/** The offset of the first list: behind one word of flags and three offsets, or behind three bools and three offsets. */
const AFTER_FLAGS = 4n * 32n

/**
 * Asks an account of a validation. Accounts answer in one of two forms: flags in a byte (v0.8 as published, Modular Account v2), or three bools
 * (release candidates, Circle's). Undefined where the account reverts or answers in neither form. Rejects what the client throws where the node
 * is away.
 */
export async function readValidation(
  client: Client,
  account: Address,
  entity: ModuleEntity,
): Promise<ValidationView | undefined> {
  const data = encodeFunctionData({ abi, args: [moduleEntity(entity)] })
  const answer = await ask(client, account, data)
  if (answer === undefined || size(answer) < 7 * 32) return undefined
  try {
    if (hexToBigInt(slice(answer, 64, 96)) === AFTER_FLAGS) {
      const [view] = decodeAbiParameters(withFlags, answer)
      return view
    }
    const [{ isGlobal, isSignature, isUserOp, ...lists }] = decodeAbiParameters(withBools, answer)
    return { flags: (isGlobal ? 4 : 0) + (isSignature ? 2 : 0) + (isUserOp ? 1 : 0), ...lists }
  } catch {
    return undefined
  }
}

async function ask(client: Client, to: Address, data: Hex): Promise<Hex | undefined> {
  try {
    return (await getAction(client, call, 'call')({ to, data })).data
  } catch (error) {
    if (error instanceof BaseError && error.walk((cause) => cause instanceof ExecutionRevertedError)) return undefined
    throw error
  }
}
