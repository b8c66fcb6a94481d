import { encodeFunctionData, keccak256, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { compileContracts } from '../../contracts/build.js'
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

/** The entity id under which the tests install their module, in the 4 bytes of a module entity. */
export const entityId = 7

export const fees = {
  callGasLimit: 500_000n,
  verificationGasLimit: 2_000_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 1_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
  paymasterAndData: '0x',
} as const

/** Answers as it is told, and shows what it was last asked. */
const recorder = `
  pragma solidity 0.8.37;
  contract Recorder {
    uint256 public answer;
    bytes public asked;
    function set(uint256 to) external { answer = to; }
    function supportsInterface(bytes4) external pure returns (bool) { return true; }
    function validateSignature(address, uint32, address, bytes32, bytes calldata) external view returns (bytes4) {
      return bytes4(uint32(answer));
    }
    fallback() external {
      asked = msg.data;
      require(answer != 999, "refused");
      uint256 value = answer;
      assembly { mstore(0, value) return(0, 32) }
    }
  }`
export const recorderAbi = parseAbi([
  'function set(uint256 to)',
  'function asked() view returns (bytes)',
  'function answer() view returns (uint256)',
])
let recorderCode: Hex | undefined

/** A chain with the real EntryPoint 0.7 and a funded test account of `owner`. */
export async function accountWorld(): Promise<Evm> {
  const evm = await Evm.create({ chainId, time: 1_800_000_000 })
  await deployEntryPoint(evm)
  await placeTestAccount(evm, account, lower(owner.address))
  await evm.setBalance(account, 10n ** 18n)
  return evm
}

/** The same with a module that answers as it is told. */
export async function moduleWorld(): Promise<Evm> {
  const evm = await accountWorld()
  recorderCode ??= compileContracts({ 'test/Recorder.sol': recorder })['Recorder']?.deployedBytecode as Hex
  await evm.setCode(module, recorderCode)
  return evm
}

export async function answers(evm: Evm, answer: bigint): Promise<void> {
  await evm.call({ to: module, data: encodeFunctionData({ abi: recorderAbi, functionName: 'set', args: [answer] }) })
}

export function packed(callData: Hex, nonce: Nonce, signature: Hex = '0x'): PackedUserOperation {
  const op = packUserOp({ sender: account, nonce: nonceOf(nonce), callData, fees, signature })
  if (!op) throw new Error('the fees of the tests fit')
  return op
}

/** Sends an operation signed by the owner to the EntryPoint. */
export async function ownerOp(evm: Evm, callData: Hex, sequence = 0n): Promise<OperationResult> {
  const op = packed(callData, { entityId: 0, sequence })
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
  'event ValidationInstalled(address indexed module, uint32 indexed entityId)',
  'event ValidationUninstalled(address indexed module, uint32 indexed entityId, bool onUninstallSucceeded)',
])

/** Installs the module under `entityId` as the EntryPoint would after the owner's operation; by default for `execute` alone. */
export async function install(
  evm: Evm,
  flags: string,
  options: { selectors?: Hex[]; data?: Hex; hooks?: Hex[]; module?: Address } = {},
) {
  return evm.call({
    from: entryPointAddress,
    to: account,
    data: encodeFunctionData({
      abi: managementAbi,
      functionName: 'installValidation',
      args: [
        `${options.module ?? module}00000007${flags}`,
        options.selectors ?? ['0xb61d27f6'],
        options.data ?? '0x',
        options.hooks ?? [],
      ],
    }),
  })
}

export async function uninstall(evm: Evm, data: Hex) {
  return evm.call({
    from: entryPointAddress,
    to: account,
    data: encodeFunctionData({
      abi: managementAbi,
      functionName: 'uninstallValidation',
      args: [`${module}00000007`, data, []],
    }),
  })
}
