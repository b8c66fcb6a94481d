import { concat, hexToBigInt, keccak256, numberToHex, pad } from 'viem'
import { STORED } from '../compiler/layout.js'
import { positionsOf } from '../compiler/meters.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Meter } from '../policy/Meter.js'
import type { MeterState, State } from '../policy/State.js'
import type { Evm } from './Evm.js'

/** One session's words in the module's storage (docs/format.md, "Meters"). */
export type SessionStorage = {
  readonly module: Address
  readonly account: Address
  readonly root: Hex
  /** The grant's kill tag, 6 bytes. */
  readonly tag: Hex
  readonly meters: readonly Meter[]
}

/** Reads status and meters from the chain. */
export async function readSession(evm: Evm, session: SessionStorage): Promise<State> {
  const { module, account, tag, meters } = session
  const word = async (index: number) => hexToBigInt(await evm.storageAt(module, slotOf(session, index)))
  const kill = await evm.storageAt(module, killSlot(account))
  const alive = `0x${kill.slice(-12)}` === tag
  const status = statuses[Number((await word(0)) >> 254n)]
  if (status === undefined) throw new Error('the session has a status that the format does not know')
  const positions = positionsOf(meters)
  const states = meters.map(async ({ limit }, index): Promise<MeterState> => {
    const position = positions[index] ?? 0
    return meterIn(await word(position >> 1), position, isWide(limit))
  })
  return { status: status === 'active' && !alive ? 'killed' : status, meters: await Promise.all(states) }
}

/** Writes meters as if they had been charged; status and kill tag stay as they are. */
export async function writeMeters(evm: Evm, session: SessionStorage, states: readonly MeterState[]): Promise<void> {
  const positions = positionsOf(session.meters)
  for (const [index, { limit }] of session.meters.entries()) {
    const position = positions[index] ?? 0
    const slot = slotOf(session, position >> 1)
    const word = hexToBigInt(await evm.storageAt(session.module, slot))
    const [shift, spentBits] = placeOf(position, isWide(limit))
    const { window, spent } = states[index] ?? { window: 0, spent: 0n }
    const mask = ((1n << BigInt(STORED.window + spentBits)) - 1n) << BigInt(shift)
    const value = ((BigInt(window) << BigInt(spentBits)) | spent) << BigInt(shift)
    await evm.setStorage(session.module, slot, numberToHex((word & ~mask) | value, { size: 32 }))
  }
}

/** Makes this the account's kill tag, as if it had been killed before. */
export async function writeTag(evm: Evm, module: Address, account: Address, tag: Hex): Promise<void> {
  await evm.setStorage(module, killSlot(account), pad(tag))
}

/** `keccak256(account32 ‖ root32) + index` */
export function slotOf({ account, root }: Pick<SessionStorage, 'account' | 'root'>, index: number): Hex {
  const base = hexToBigInt(keccak256(concat([pad(account), root])))
  return numberToHex(BigInt.asUintN(256, base + BigInt(index)), { size: 32 })
}

const statuses = ['none', 'active', 'revoked'] as const

/** Mapping slot 0 of the module. */
function killSlot(account: Address): Hex {
  return keccak256(concat([pad(account), numberToHex(0, { size: 32 })]))
}

function isWide(limit: bigint): boolean {
  return limit >> BigInt(STORED.narrowSpent) !== 0n
}

/** Where a meter ends in its word, counted in bits from the right, and how wide its `spent` is. */
function placeOf(position: number, wide: boolean): readonly [shift: number, spentBits: number] {
  if (wide) return [0, STORED.wideSpent]
  const half = STORED.window + STORED.narrowSpent
  return [position % 2 === 0 ? half : 0, STORED.narrowSpent]
}

function meterIn(word: bigint, position: number, wide: boolean): MeterState {
  const [shift, spentBits] = placeOf(position, wide)
  const place = word >> BigInt(shift)
  return {
    window: Number(BigInt.asUintN(STORED.window, place >> BigInt(spentBits))),
    spent: BigInt.asUintN(spentBits, place),
  }
}
