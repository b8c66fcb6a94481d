import { concat, hexToBigInt, keccak256, numberToHex, pad, zeroHash } from 'viem'
import { wordsOf } from '../compiler/meters.js'
import { readWords, writeWords } from '../compiler/meterWords.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Meter } from '../policy/Meter.js'
import type { MeterState, State } from '../policy/State.js'
import type { Ground } from './Machine.js'

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
export async function readSession(evm: Ground, session: SessionStorage): Promise<State> {
  const { module, account, tag, meters } = session
  const kill = await evm.storageAt(module, killSlot(account))
  const alive = `0x${kill.slice(-12)}` === tag
  const stored = readWords(meters, await storedWords(evm, session))
  if (stored === undefined) throw new Error('the session has a status that the format does not know')
  return { status: stored.status === 'active' && !alive ? 'killed' : stored.status, meters: stored.meters }
}

/** Writes meters as if they had been charged; status and kill tag stay as they are. */
export async function writeMeters(evm: Ground, session: SessionStorage, states: readonly MeterState[]): Promise<void> {
  const words = await storedWords(evm, session)
  for (const [index, word] of writeWords(session.meters, words, states).entries())
    if (word !== words[index])
      await evm.setStorage(session.module, slotOf(session, index), numberToHex(word, { size: 32 }))
}

/** Empties the session's words, as if it had never been granted. */
export async function clearSession(evm: Ground, session: SessionStorage): Promise<void> {
  for (let index = 0; index < wordsOf(session.meters); index++)
    await evm.setStorage(session.module, slotOf(session, index), zeroHash)
}

/** Makes this the account's kill tag, as if it had been killed before. */
export async function writeTag(evm: Ground, module: Address, account: Address, tag: Hex): Promise<void> {
  await evm.setStorage(module, killSlot(account), pad(tag))
}

/** `keccak256(account32 ‖ root32) + index` */
export function slotOf({ account, root }: Pick<SessionStorage, 'account' | 'root'>, index: number): Hex {
  const base = hexToBigInt(keccak256(concat([pad(account), root])))
  return numberToHex(BigInt.asUintN(256, base + BigInt(index)), { size: 32 })
}

function storedWords(evm: Ground, session: SessionStorage): Promise<bigint[]> {
  const word = async (index: number) => hexToBigInt(await evm.storageAt(session.module, slotOf(session, index)))
  return Promise.all(Array.from({ length: wordsOf(session.meters) }, (_, index) => word(index)))
}

/** Mapping slot 0 of the module. */
function killSlot(account: Address): Hex {
  return keccak256(concat([pad(account), numberToHex(0, { size: 32 })]))
}
