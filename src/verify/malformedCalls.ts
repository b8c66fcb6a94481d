import { encodeFunctionData, toFunctionSelector } from 'viem'
import { contractArtifact } from '../evm/artifacts.js'
import type { Outcome } from '../evm/Evm.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { bytesOf, flipped, hexOf, joined, numberBytes, patched } from './bytes.js'
import type { Chain } from './Chain.js'
import { Disagree } from './Disagreement.js'
import type { Expectation } from './Expectation.js'

/** Calldata, and where it says the same as other calldata that. */
type Call = { readonly note: string; readonly data: Uint8Array; readonly value?: bigint; readonly like?: Uint8Array }
type Input = { readonly type: string }

const userOp = {
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  initCode: '0x',
  callData: '0x',
  accountGasLimits: `0x${'00'.repeat(32)}`,
  preVerificationGas: 0n,
  gasFees: `0x${'00'.repeat(32)}`,
  paymasterAndData: '0x',
  signature: '0x',
}

/** A value of each type that the module's functions take. */
const valueOf = (type: string, grant: Hex = '0x'): unknown => {
  switch (type) {
    case 'address':
      return '0x1111111111111111111111111111111111111111'
    case 'bytes':
      return grant
    case 'bytes32':
      return `0x${'22'.repeat(32)}`
    case 'bytes4':
      return '0x01ffc9a7'
    case 'bytes6':
      return `0x${'33'.repeat(6)}`
    case 'uint32':
      return 1
    case 'bool':
      return false
    case 'tuple':
      return userOp
    default:
      return 0n
  }
}

/** Bytes of a PackedUserOperation without what its offsets lead to. */
const USER_OP = 9 * 32

const isDynamic = (type: string): boolean => type === 'bytes' || type === 'tuple'

/** One function's calldata, wrong in every way that its types allow. */
function* wrongCalls(name: string, inputs: readonly Input[], data: Uint8Array): Generator<Call> {
  yield { note: `${name} with ether`, data, value: 1n }
  for (const [index, { type }] of inputs.entries()) {
    const at = 4 + 32 * index
    yield { note: `${name} cut before ${type} ${index}`, data: data.subarray(0, at) }
    yield { note: `${name} cut inside ${type} ${index}`, data: data.subarray(0, at + 31) }
    if (type === 'address' || type === 'uint32')
      yield { note: `${name}: dirty ${type} ${index}`, data: flipped(data, 8 * at) }
    if (type === 'address')
      yield { note: `${name}: bit 160 of ${type} ${index}`, data: flipped(data, 8 * (at + 12) - 1) }
    if (type === 'uint32') yield { note: `${name}: bit 32 of ${type} ${index}`, data: flipped(data, 8 * (at + 28) - 1) }
    if (type === 'uint48') yield { note: `${name}: bit 48 of ${type} ${index}`, data: flipped(data, 8 * (at + 26) - 1) }
    if (type === 'bool') yield { note: `${name}: bit 1 of ${type} ${index}`, data: flipped(data, 8 * (at + 32) - 2) }
    const fixed = type === 'bytes4' || type === 'bytes6' ? Number(type.slice('bytes'.length)) : undefined
    if (fixed !== undefined) {
      yield { note: `${name}: dirty ${type} ${index}`, data: flipped(data, 8 * (at + fixed)) }
      yield { note: `${name}: last bit of ${type} ${index}`, data: flipped(data, 8 * (at + 32) - 1) }
    }
    if (!isDynamic(type)) continue
    // The last one would lead in front of all calldata, where there are only zeros.
    const offsets = [1n << 64n, (1n << 64n) - 1n, (1n << 256n) - 1n, BigInt(data.length), (1n << 256n) - 36n]
    if (type === 'tuple') offsets.push(BigInt(data.length - 4 - USER_OP + 1))
    else offsets.push(BigInt(data.length - 4 - 31))
    for (const offset of offsets)
      yield { note: `${name}: offset ${offset} of ${type} ${index}`, data: patched(data, at, numberBytes(offset)) }
    if (type !== 'bytes') continue
    const tail = 4 + Number(BigInt(hexOf(data.subarray(at, at + 32))))
    const room = BigInt(data.length - tail - 32)
    for (const length of [1n << 64n, (1n << 64n) - 1n, 1n << 255n, (1n << 256n) - 1n, room + 1n])
      yield { note: `${name}: length ${length} of ${type} ${index}`, data: patched(data, tail, numberBytes(length)) }
    if (index === inputs.length - 1) yield { note: `${name}: cut in the length`, data: data.subarray(0, tail + 31) }
  }
}

const zeroOf = (type: string): unknown => {
  if (type === 'tuple') return { ...userOp, sender: `0x${'00'.repeat(20)}` }
  if (type === 'uint32') return 0
  if (type === 'bool') return false
  if (!type.startsWith('address') && !type.startsWith('bytes')) return 0n
  return `0x${'00'.repeat(type === 'address' ? 20 : Number(type.slice('bytes'.length)))}`
}

/** Calldata that is read like what an encoder writes: as short as can be, with every offset leading to the same zeros, and with bytes behind it. */
function* oddCalls(name: string, inputs: readonly Input[], data: Uint8Array, zeros: Uint8Array): Generator<Call> {
  const heads = inputs.some(({ type }) => type === 'tuple') ? USER_OP : 32 * inputs.length
  const short = joined(data.subarray(0, 4), new Uint8Array(heads))
  yield { note: `${name} as short as can be`, data: short, like: zeros }
  if (heads > 0) yield { note: `${name} shorter than that`, data: short.subarray(0, -1) }
  yield { note: `${name} and a byte`, data: joined(data, Uint8Array.of(1)), like: data }
}

function* allCalls(grant: Hex): Generator<Call> {
  yield { note: 'no calldata', data: new Uint8Array() }
  yield { note: 'three bytes', data: Uint8Array.of(1, 2, 3) }
  for (const item of contractArtifact('WritModule').abi) {
    if (item.type !== 'function') continue
    const { name, inputs } = item
    const calldata = (args: readonly unknown[]): Uint8Array =>
      bytesOf(encodeFunctionData({ abi: [item], functionName: name, args }))
    const data = calldata(inputs.map(({ type }) => valueOf(type, grant)))
    yield* wrongCalls(name, inputs, data)
    yield* oddCalls(name, inputs, data, calldata(inputs.map(({ type }) => zeroOf(type))))
    const selector = bytesOf(toFunctionSelector(item))
    for (const step of [1, -1]) {
      const next = numberBytes(BigInt(hexOf(selector)) + BigInt(step), 4)
      yield { note: `the selector of ${name} ${step}`, data: patched(data, 0, next) }
    }
  }
}

/**
 * Calls of the module's functions that no ABI coder writes: those that cannot be read must revert before anything is done, the others must be
 * taken for what they say. Answers how many there were.
 */
export const judgeMalformedCalls = async (
  chain: Chain,
  policy: Policy,
  module: Address,
  grant: Hex,
): Promise<number> => {
  let answers = 0
  const send = (data: Uint8Array, value = 0n): Promise<Outcome> => {
    chain.begin()
    return chain.send({
      from: policy.account,
      to: module,
      data: hexOf(data),
      gas: 4_000_000n,
      time: policy.from,
      ...(value > 0n && { value }),
    })
  }
  for (const { note, data, value, like } of allCalls(grant)) {
    const right = like && (await send(like))
    const outcome = await send(data, value)
    const expectation: Expectation = right
      ? { kind: 'same', success: right.success, returns: right.returnData }
      : { kind: 'unread' }
    const what = await chain.settle(outcome, expectation)
    if (what !== undefined) throw new Disagree({ kind: 'malformed call', note, what: `${note}: ${what}`, steps: [] })
    answers += 1
  }
  return answers
}
