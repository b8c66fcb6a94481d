import { encodeFunctionData, toFunctionSelector } from 'viem'
import { contractArtifact } from '../evm/artifacts.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { bytesOf, flipped, hexOf, numberBytes, patched } from './bytes.js'
import type { Chain } from './Chain.js'
import { Disagree } from './Disagreement.js'

type Call = { readonly note: string; readonly data: Uint8Array; readonly value?: bigint }
type Input = { readonly type: string }

/** A value of each type that the module's functions take. */
const valueOf = (type: string, grant: Hex): unknown => {
  switch (type) {
    case 'address':
      return '0x1111111111111111111111111111111111111111'
    case 'bytes':
      return grant
    case 'bytes32':
      return `0x${'22'.repeat(32)}`
    case 'bytes4':
      return '0x01ffc9a7'
    case 'uint32':
      return 1
    case 'tuple':
      return {
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
    default:
      return 0n
  }
}

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
    if (type === 'bytes4') yield { note: `${name}: dirty ${type} ${index}`, data: flipped(data, 8 * (at + 4)) }
    if (!isDynamic(type)) continue
    for (const offset of [1n << 64n, (1n << 64n) - 1n, (1n << 256n) - 1n, BigInt(data.length)])
      yield { note: `${name}: offset ${offset} of ${type} ${index}`, data: patched(data, at, numberBytes(offset)) }
    if (type !== 'bytes') continue
    const tail = 4 + Number(BigInt(hexOf(data.subarray(at, at + 32))))
    for (const length of [1n << 64n, (1n << 256n) - 1n, BigInt(data.length)])
      yield { note: `${name}: length ${length} of ${type} ${index}`, data: patched(data, tail, numberBytes(length)) }
    if (index === inputs.length - 1) yield { note: `${name}: cut in the length`, data: data.subarray(0, tail + 31) }
  }
}

function* allCalls(grant: Hex): Generator<Call> {
  yield { note: 'no calldata', data: new Uint8Array() }
  yield { note: 'three bytes', data: Uint8Array.of(1, 2, 3) }
  for (const item of contractArtifact('WritModule').abi) {
    if (item.type !== 'function') continue
    const args = item.inputs.map(({ type }) => valueOf(type, grant))
    const data = bytesOf(encodeFunctionData({ abi: [item], functionName: item.name, args }))
    yield* wrongCalls(item.name, item.inputs, data)
    const selector = bytesOf(toFunctionSelector(item))
    for (const step of [1, -1]) {
      const next = numberBytes(BigInt(hexOf(selector)) + BigInt(step), 4)
      yield { note: `the selector of ${item.name} ${step}`, data: patched(data, 0, next) }
    }
  }
}

/** Calls of the module's functions that no ABI coder writes: each must revert, and none may come to anything. Answers how many there were. */
export const judgeMalformedCalls = async (
  chain: Chain,
  policy: Policy,
  module: Address,
  grant: Hex,
): Promise<number> => {
  let answers = 0
  for (const { note, data, value } of allCalls(grant)) {
    chain.begin()
    const outcome = await chain.send({
      from: policy.account,
      to: module,
      data: hexOf(data),
      gas: 4_000_000n,
      time: policy.from,
      ...(value && { value }),
    })
    const what = await chain.settle(outcome, { kind: 'deny' })
    if (what !== undefined) throw new Disagree({ kind: 'malformed call', note, what: `${note}: ${what}`, steps: [] })
    answers += 1
  }
  return answers
}
