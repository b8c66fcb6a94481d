import { concat, decodeFunctionResult, encodeFunctionData, numberToHex, parseAbi, size } from 'viem'
import type { Evm } from '../../../src/evm/Evm.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import { compiled } from './compiled.js'

/** Where contracts/test/TestHooks.sol stands. */
export const hooksModule: Address = '0x4004004004004004004004004004004004004004'

/** What a hook is, in the last byte of its configuration (ERC-6900 v0.8, HookConfig). */
export const hookFlags = { validation: 1, after: 2, before: 4, around: 6 } as const

export const hooksAbi = parseAbi([
  'function set(address account, uint32 entityId, uint256 answer, bool refuses)',
  'function records(uint32 entityId, address account) view returns (uint256 asked, bytes32 data, bytes32 segment, uint256 answer, bool refuses)',
  'function installs(address account) view returns (uint256)',
  'function order(address account) view returns (uint256)',
  'error Refused(uint32 entityId)',
])

/** `module20 ‖ entityId4 ‖ flags1 ‖ data`, an element of `installValidation`'s hooks. */
export function hookConfig(
  entityId: number,
  kind: keyof typeof hookFlags,
  data: Hex = '0x',
  module = hooksModule,
): Hex {
  return concat([module, numberToHex(entityId, { size: 4 }), numberToHex(hookFlags[kind], { size: 1 }), data])
}

/** `[index1 ‖ length4 ‖ data]* ‖ 0xFF ‖ checked` */
export function segments(hooks: readonly (readonly [index: number, data: Hex])[], checked: Hex): Hex {
  const each = hooks.map(([index, data]) =>
    concat([numberToHex(index, { size: 1 }), numberToHex(size(data), { size: 4 }), data]),
  )
  return concat([...each, '0xff', checked])
}

/** Puts the hooks' module where it stands in these tests. */
export async function placeHooks(evm: Evm, at: Address = hooksModule): Promise<void> {
  await evm.setCode(at, compiled('TestHooks').deployedBytecode)
}

/** Tells one hook what to answer to this account, or to refuse. */
export async function hookAnswers(
  evm: Evm,
  account: Address,
  entityId: number,
  { answer = 0n, refuses = false }: { readonly answer?: bigint; readonly refuses?: boolean },
): Promise<void> {
  const args = [account, entityId, answer, refuses] as const
  await evm.call({ to: hooksModule, data: encodeFunctionData({ abi: hooksAbi, functionName: 'set', args }) })
}

/** How often one hook ran for this account, and hashes of what it got last. */
export async function hookRecord(evm: Evm, account: Address, entityId: number) {
  const data = encodeFunctionData({ abi: hooksAbi, functionName: 'records', args: [entityId, account] })
  const { returnData } = await evm.call({ to: hooksModule, data, static: true })
  const [asked, given, segment] = decodeFunctionResult({ abi: hooksAbi, functionName: 'records', data: returnData })
  return { asked, given, segment }
}

/** Which hooks ran, in order: `entityId` and `v` before the validation, `<` before and `>` after the execution. */
export async function hookOrder(evm: Evm, account: Address): Promise<string> {
  const data = encodeFunctionData({ abi: hooksAbi, functionName: 'order', args: [account] })
  const { returnData } = await evm.call({ to: hooksModule, data, static: true })
  const digits = BigInt(returnData).toString(16)
  const runs = digits.padStart(Math.ceil(digits.length / 4) * 4, '0').match(/.{4}/g) ?? []
  return runs
    .filter((run) => run !== '0000')
    .map((run) => `${Number.parseInt(run.slice(0, 2), 16)}${'-v<>'[Number.parseInt(run.slice(2), 16)]}`)
    .join(' ')
}

export async function hookInstalls(evm: Evm, account: Address): Promise<bigint> {
  const data = encodeFunctionData({ abi: hooksAbi, functionName: 'installs', args: [account] })
  return BigInt((await evm.call({ to: hooksModule, data, static: true })).returnData)
}
