import { encodeFunctionData, hashMessage, parseAbi, size } from 'viem'
import { activationSize, BUNDLERS_TAKE } from '../compiler/activation.js'
import { installData } from '../compiler/calldata.js'
import { deviceText, displayable } from '../compiler/device/deviceText.js'
import { encode } from '../compiler/encode.js'
import { leavesOf } from '../compiler/leaves.js'
import { outlineOf } from '../compiler/outline.js'
import { Evm } from '../evm/Evm.js'
import { placeModule } from '../evm/placeModule.js'
import { writeTag } from '../evm/sessionStorage.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import type { Rule } from '../policy/Rule.js'
import type { Token } from '../policy/Units.js'

/** How a signed text comes into force, and what that takes. Gas and bytes are bounds, not estimates of one operation. */
export type ActivationRoute = {
  /** `first operation`: the agent's first operation may carry it; `activate`: a transaction of anybody must; `account`: it has no text, and the account's own call grants. */
  readonly route: 'first operation' | 'activate' | 'account'
  /** Why it is not the route before. */
  readonly reasons: readonly string[]
  /** Gas of `activate` without a transaction's base, tokens pinned; 0 where it has no text. */
  readonly activationGas: bigint
  /** Verification gas of a first operation that carries it, of one call. */
  readonly verificationGas: bigint
  /** Bytes of such an operation, with calldata of at most a kilobyte. */
  readonly operationBytes: number
  /** Tokens whose decimals must be pinned before a first operation carries it; `activate` asks them itself. */
  readonly toPin: readonly Token[]
}

const MODULE = parseAbi([
  'function onInstall(bytes data)',
  'function pin(address account, address token)',
  'function activate(bytes data, bytes signature)',
])

/** Whose text it is does not change what it costs. */
const OWNER: Address = '0x00000000000000000000000000000000000a11ce'
const SIGNATURE: Hex = `0x${'7c'.repeat(31)}01${'35'.repeat(32)}1b`
const ANYONE: Address = '0x00000000000000000000000000000000000b0b0b'
/** More than any text of 250 lines takes to print. */
const MOST_GAS = 30_000_000n

/**
 * What an operation takes besides the activation, for EntryPoint, account and module, of one call, with the first use of a nonce key: what the policies of the benchmark take on
 * the account for tests stays well below (test/verify/activationRoute.test.ts).
 */
const OPERATION_GAS = 130_000n
/** That many meters of a rule are in it; each one more writes a new word. */
const METERS_WITHIN = 2
const NEW_WORD_GAS = 22_100n
/** EntryPoint, account and module each copy the signature; by a word of 32 bytes. */
const GAS_A_WORD = 32n
/** Of the operation's other fields, ABI-encoded, and of calldata. */
const OTHER_BYTES = 500 + 1_024

/**
 * Which way the owner's signed text of a policy can take, found by running the module's own code in memory. Throws where the policy cannot be compiled, or the module
 * refuses what the compiler made. `takes`: what the bundlers of a chain take, where it is not what ERC-7562 says.
 */
export async function activationRoute(
  policy: Policy,
  binding: Binding,
  takes: { readonly bytes: number; readonly verificationGasBelow: bigint } = BUNDLERS_TAKE,
): Promise<ActivationRoute> {
  const toPin = policy.tokens.filter(({ decimals }) => decimals !== 'base units')
  const nothing = { activationGas: 0n, verificationGas: 0n, operationBytes: 0, toPin }
  const [problem] = displayable(policy, binding)
  if (problem !== undefined) return { ...nothing, route: 'account', reasons: [problem.message] }
  const grant = encode(policy, binding)
  const activationGas = await gasOfActivate(policy, binding, grant)
  const operationBytes = OTHER_BYTES + activationSize(size(grant)) + longestWitness(grant) + 65
  const furtherMeters = Math.max(0, ...policy.rules.map((rule) => metersOf(rule) - METERS_WITHIN))
  const verificationGas =
    activationGas +
    OPERATION_GAS +
    NEW_WORD_GAS * BigInt(furtherMeters) +
    GAS_A_WORD * BigInt(Math.ceil(operationBytes / 32))
  const { bytes, verificationGasBelow } = takes
  const count = (number: number | bigint): string => number.toLocaleString('en-US')
  const reasons = [
    ...(operationBytes > bytes ? [`up to ${count(operationBytes)} bytes, and bundlers take ${count(bytes)}`] : []),
    ...(verificationGas >= verificationGasBelow
      ? [`up to ${count(verificationGas)} verification gas, and bundlers take less than ${count(verificationGasBelow)}`]
      : []),
  ]
  const route = reasons.length === 0 ? 'first operation' : 'activate'
  return { route, reasons, activationGas, verificationGas, operationBytes, toPin }
}

/** The gas of a transaction that activates, without its base and its calldata. */
async function gasOfActivate(policy: Policy, binding: Binding, grant: Hex): Promise<bigint> {
  const { module, entityId, tag } = binding
  const { account } = policy
  const evm = await Evm.create({ chainId: policy.chainId, time: policy.from })
  await placeModule(evm, module)
  await writeTag(evm, module, account, tag)
  const call = async (from: Address, data: Hex): Promise<bigint> => {
    const { success, gasUsed, returnData } = await evm.call({ from, to: module, data, gas: MOST_GAS })
    if (!success) throw new Error(`the module refuses the text of what was compiled: ${returnData}`)
    return gasUsed
  }
  const install = installData({ entityId, firstOwner: OWNER, textGrants: true })
  await call(account, encodeFunctionData({ abi: MODULE, functionName: 'onInstall', args: [install] }))
  for (const { address, decimals } of policy.tokens) {
    if (decimals === 'base units') continue
    await evm.setCode(address, answering(decimals))
    await call(ANYONE, encodeFunctionData({ abi: MODULE, functionName: 'pin', args: [account, address] }))
  }
  evm.forgeries.add(hashMessage(deviceText(policy, binding)), SIGNATURE, OWNER)
  return call(ANYONE, encodeFunctionData({ abi: MODULE, functionName: 'activate', args: [grant, SIGNATURE] }))
}

/** Code that answers every call with a number below 256. */
const answering = (value: number): Hex => `0x60${value.toString(16).padStart(2, '0')}60005260206000f3`

/** How many meters one call of a rule charges, with those of the calls inside it. */
function metersOf(rule: Rule): number {
  if (rule.effect === 'deny') return 0
  const inside = (rule.nested ?? []).flatMap(({ rules }) => rules.map(metersOf))
  return rule.charges.filter(({ kind }) => kind === 'meter').length + Math.max(0, ...inside)
}

/** Bytes of the longest witness of one rule (docs/format.md, "Witness and signature"). */
function longestWitness(grant: Hex): number {
  const leaves = leavesOf(grant)
  const longest = Math.max(...leaves.map((leaf) => size(leaf)))
  const proof = 32 * Math.ceil(Math.log2(leaves.length))
  return 2 + outlineOf(grant).header.length + 5 + 1 + 3 + longest + proof
}
