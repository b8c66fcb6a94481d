import { concat, hexToBigInt, keccak256, numberToHex, pad } from 'viem'
import { ROLLING, STORED } from '../compiler/layout.js'
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
  const states = meters.map(async (meter, index): Promise<MeterState> => {
    const first = (positions[index] ?? 0) >> 1
    if (meter.window.kind !== 'rolling') return meterIn(await word(first), positions[index] ?? 0, meter)
    const words = Array.from({ length: ROLLING.words }, (_, offset) => word(first + offset))
    return rollingIn(await Promise.all(words))
  })
  return { status: status === 'active' && !alive ? 'killed' : status, meters: await Promise.all(states) }
}

/** Writes meters as if they had been charged; status and kill tag stay as they are. */
export async function writeMeters(evm: Evm, session: SessionStorage, states: readonly MeterState[]): Promise<void> {
  const positions = positionsOf(session.meters)
  for (const [index, meter] of session.meters.entries()) {
    const position = positions[index] ?? 0
    const state = states[index] ?? { window: 0, spent: 0n }
    const write = (offset: number, word: bigint) =>
      evm.setStorage(session.module, slotOf(session, (position >> 1) + offset), numberToHex(word, { size: WORD / 8 }))
    if (meter.window.kind === 'rolling') {
      for (const [offset, word] of rollingWords(state).entries()) await write(offset, word)
    } else {
      const word = hexToBigInt(await evm.storageAt(session.module, slotOf(session, position >> 1)))
      const { shift, spentBits } = placeOf(position, meter)
      const mask = ((1n << BigInt(STORED.window + spentBits)) - 1n) << BigInt(shift)
      const value = ((BigInt(state.window) << BigInt(spentBits)) | state.spent) << BigInt(shift)
      await write(0, (word & ~mask) | value)
    }
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

const WORD = 256

/** Where a meter that is not rolling ends in its word, counted in bits from the right, and how wide its `spent` is. */
function placeOf(position: number, { limit }: Meter): { readonly shift: number; readonly spentBits: number } {
  if (limit >> BigInt(STORED.narrowSpent) !== 0n) return { shift: 0, spentBits: STORED.wideSpent }
  const half = STORED.window + STORED.narrowSpent
  return { shift: position % 2 === 0 ? half : 0, spentBits: STORED.narrowSpent }
}

function meterIn(word: bigint, position: number, meter: Meter): MeterState {
  const { shift, spentBits } = placeOf(position, meter)
  const place = word >> BigInt(shift)
  return {
    window: Number(BigInt.asUintN(STORED.window, place >> BigInt(spentBits))),
    spent: BigInt.asUintN(spentBits, place),
  }
}

/** Where past number `sub-window mod 8` stands: the word behind the first, and the bits to its right. */
function placeOfPast(subWindow: number): readonly [word: number, shift: bigint] {
  const place = ((subWindow % ROLLING.parts) + ROLLING.parts) % ROLLING.parts
  return [1 + (place >> 1), place % 2 === 0 ? BigInt(STORED.rollingSpent) : 0n]
}

function rollingIn(words: readonly bigint[]): MeterState {
  const [first = 0n] = words
  const window = Number(BigInt.asUintN(STORED.window, first >> BigInt(2 * STORED.rollingSpent)))
  const past = Array.from({ length: ROLLING.parts }, (_, back) => {
    const [word, shift] = placeOfPast(window - 1 - back)
    return BigInt.asUintN(STORED.rollingSpent, (words[word] ?? 0n) >> shift)
  })
  return { window, spent: BigInt.asUintN(STORED.rollingSpent, first), past }
}

function rollingWords({ window, spent, past = [] }: MeterState): readonly bigint[] {
  const spentBits = BigInt(STORED.rollingSpent)
  const words = Array.from({ length: ROLLING.words }, () => 0n)
  const total = past.reduce((sum, amount) => sum + amount, spent)
  words[0] = (BigInt(window) << (2n * spentBits)) | (total << spentBits) | spent
  for (const [back, amount] of past.entries()) {
    const [word, shift] = placeOfPast(window - 1 - back)
    words[word] = (words[word] ?? 0n) | (amount << shift)
  }
  return words
}
