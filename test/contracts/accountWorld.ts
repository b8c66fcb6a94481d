import { encodeAbiParameters, encodeFunctionData, keccak256, parseAbi, parseAbiParameters, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { deployEntryPoint, entryPointAddress } from '../../src/evm/entryPoint.js'
import { Evm } from '../../src/evm/Evm.js'
import { handleOp, type OperationResult } from '../../src/evm/handleOps.js'
import { ownerSignature, placeTestAccount, userOpSignature } from '../../src/evm/testAccount.js'
import { nonceOf, packUserOp, userOpHash, type Nonce, type PackedUserOperation } from '../../src/evm/userOp.js'
import type { Address, Hex } from '../../src/policy/Hex.js'

export const owner = privateKeyToAccount(keccak256('0x01'))
export const stranger: Address = '0x5757575757575757575757575757575757575757'
export const account: Address = '0xacacacacacacacacacacacacacacacacacacacac'
export const module: Address = '0x0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d'
export const chainId = 8453

export const fees = {
  callGasLimit: 500_000n,
  verificationGasLimit: 500_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 1_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
  paymasterAndData: '0x',
} as const

/** A chain with the real EntryPoint 0.7 and a funded test account of `owner`. */
export async function accountWorld(): Promise<Evm> {
  const evm = await Evm.create({ chainId, time: 1_800_000_000 })
  await deployEntryPoint(evm)
  await placeTestAccount(evm, account, lower(owner.address))
  await evm.setBalance(account, 10n ** 18n)
  return evm
}

export function packed(callData: Hex, nonce: Nonce, signature: Hex = '0x'): PackedUserOperation {
  const op = packUserOp({ sender: account, nonce: nonceOf(nonce), callData, fees, signature })
  if (!op) throw new Error('the fees of the tests fit')
  return op
}

export async function ownerOp(evm: Evm, callData: Hex, nonce: Nonce = { entityId: 0 }): Promise<OperationResult> {
  const op = packed(callData, nonce)
  const raw = userOpHash(op, entryPointAddress, chainId)
  const signature = userOpSignature(ownerSignature(await owner.signMessage({ message: { raw } })))
  return handleOp(evm, { ...op, signature })
}

export function lower(address: Hex): Address {
  return `0x${address.slice(2).toLowerCase()}`
}

export const managementAbi = parseAbi([
  'function installValidation(bytes25 config, bytes4[] selectors, bytes installData, bytes[] hooks)',
  'function uninstallValidation(bytes24 moduleEntity, bytes uninstallData, bytes[] hookData)',
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
  'function replaySafeHash(bytes32 hash) view returns (bytes32)',
])

/** Calldata of installValidation for entity 7 of `module`. */
export function install(
  flags: string,
  options: { selectors?: Hex[]; data?: Hex; hooks?: Hex[]; entityId?: string } = {},
): Hex {
  return encodeFunctionData({
    abi: managementAbi,
    functionName: 'installValidation',
    args: [
      `${module}${options.entityId ?? '00000007'}${flags}`,
      options.selectors ?? ['0xb61d27f6'],
      options.data ?? '0x',
      options.hooks ?? [],
    ],
  })
}

/**
 * A stand-in module's runtime code: answers every call with one word, and stores the hash of its calldata in slot 0 unless it is called
 * statically (it is told so by nothing, so a static answer is `answerStatic`).
 */
export function moduleAnswering(word: bigint): Hex {
  // CALLDATASIZE, PUSH0, PUSH0, CALLDATACOPY; hash of it to slot 0 unless supportsInterface or validateSignature is called.
  const selectors = ['01ffc9a7', hash4('validateSignature(address,uint32,address,bytes32,bytes)')]
  const head = '365f5f37' + '5f3560e01c'
  const checks = selectors.map((selector) => `8063${selector}14`)
  // (selector == a) | (selector == b), then JUMPI over the store.
  const test = `${checks[0]}81${checks[1]?.slice(2)}17`
  const store = '365f205f55'
  const jumpAt = head.length / 2 + test.length / 2 + 3 + store.length / 2
  const answer = `7f${word.toString(16).padStart(64, '0')}5f5260205ff3`
  return `0x${head}${test}60${jumpAt.toString(16).padStart(2, '0')}57${store}5b${answer}`
}

function hash4(signature: string): string {
  return keccak256(new TextEncoder().encode(signature)).slice(2, 10)
}

/** The slot in which the stand-in module keeps the hash of the last calldata it got. */
export const lastCalldata = zeroHash

export function validateUserOpHash(entityId: number, op: PackedUserOperation): Hex {
  const parameters = parseAbiParameters([
    'uint32 entityId, Op userOp, bytes32 userOpHash',
    'struct Op { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  ])
  const hash = userOpHash(op, entryPointAddress, chainId)
  return encodeAbiParameters(parameters, [entityId, op, hash])
}
