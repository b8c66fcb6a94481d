import type { AbiType } from '../../policy/AbiType.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { bytesOf, joined } from '../bytes.js'
import { encodeValue, shifted, type Spot } from './encode.js'
import { emptyTuple, emptyValue, type Value } from './Value.js'

/** `execute(address,uint256,bytes)`. */
export const EXECUTE: Hex = '0xb61d27f6'
/** `executeBatch((address,uint256,bytes)[])`. */
export const EXECUTE_BATCH: Hex = '0x34fcd5be'
/** `executeUserOp(PackedUserOperation,bytes32)`, put before the account's calldata where hooks stand on the validation. */
export const EXECUTE_USER_OP: Hex = '0x8dd7712f'

/** One call whose data is bytes already; the value may be any word. */
export type PlainCall = { readonly to: Address; readonly value: bigint; readonly data: Uint8Array }

/** The account's calldata, the places in it, and where each call's data begins in it. */
export type Outer = { readonly bytes: Uint8Array; readonly spots: readonly Spot[]; readonly dataAt: readonly number[] }

const parameter = (type: AbiType): { name: string; type: AbiType } => ({ name: '', type })
const callType: AbiType = {
  kind: 'tuple',
  components: [parameter({ kind: 'address' }), parameter({ kind: 'uint', bits: 256 }), parameter({ kind: 'bytes' })],
}

const callValue = ({ to, value, data }: PlainCall): Value => {
  const filled = emptyValue(callType, '', { array: () => 0, bytes: () => 0 })
  if (filled.kind !== 'tuple') throw new TypeError('a call is a tuple')
  const [target, amount, content] = filled.components
  if (target?.kind === 'word') target.variable.value = BigInt(to)
  if (amount?.kind === 'word') amount.variable.value = value
  if (content?.kind === 'bytes') content.bytes = data
  return filled
}

const contents = (spots: readonly Spot[], bytes: Uint8Array): number[] => {
  // The content of a call is whatever follows the length of its data, also where it is empty.
  const places: number[] = []
  for (const [index, spot] of spots.entries()) {
    const next = spots[index + 1]
    if (spot.kind === 'length' && (spot.value === 0n || next?.kind === 'content'))
      places.push(Math.min(spot.at + 32, bytes.length))
  }
  return places
}

/** `execute`, canonical. */
export const executeData = (call: PlainCall): Outer => {
  const value = callValue(call)
  if (value.kind !== 'tuple') throw new TypeError('a call is a tuple')
  const { bytes, spots } = encodeValue(value)
  const own = shifted(spots, 4)
  const whole = joined(bytesOf(EXECUTE), bytes)
  return { bytes: whole, spots: own, dataAt: contents(own, whole) }
}

/** `executeBatch`, canonical; an empty batch can be written, and is refused by everyone. */
export const executeBatchData = (calls: readonly PlainCall[]): Outer => {
  const fresh = (): Value => emptyValue(callType, '', { array: () => 0, bytes: () => 0 })
  const list: Value = { kind: 'array', counted: true, dynamic: true, elements: calls.map(callValue), fresh }
  const wrapper = { ...emptyTuple([], '', { array: () => 0, bytes: () => 0 }), components: [list], dynamic: true }
  const { bytes, spots } = encodeValue(wrapper)
  const own = shifted(spots, 4)
  const whole = joined(bytesOf(EXECUTE_BATCH), bytes)
  // The first length is the array's own.
  const first = own.findIndex((spot) => spot.kind === 'length')
  return { bytes: whole, spots: own, dataAt: contents(own.slice(first + 1), whole) }
}

/** `execute` for one call, `executeBatch` otherwise. */
export const outerData = (calls: readonly PlainCall[]): Outer => {
  const [only] = calls
  return only !== undefined && calls.length === 1 ? executeData(only) : executeBatchData(calls)
}
