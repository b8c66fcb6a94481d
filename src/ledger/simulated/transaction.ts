import { parseTransaction, type TransactionSerializableEIP1559 } from 'viem'
import { Refusal, STATUS } from './Apdu.js'

type Item = { readonly start: number; readonly end: number }

/** The content of the RLP item at `offset`; undefined where its head is not there yet. */
const itemAt = (bytes: Buffer, offset: number): Item | undefined => {
  const head = bytes.at(offset)
  if (head === undefined) return undefined
  if (head < 0x80) return { start: offset, end: offset + 1 }
  const short = head < 0xc0 ? head - 0x80 : head - 0xc0
  if (short <= 55) return { start: offset + 1, end: offset + 1 + short }
  const width = short - 55
  if (width > 4) throw new Refusal(STATUS.badData)
  const start = offset + 1 + width
  return start > bytes.length ? undefined : { start, end: start + bytes.readUIntBE(offset + 1, width) }
}

/** Where the fields chainId, nonce, both fees, gas, to, value end and the call data begin (EIP-1559). */
const DATA_FIELD = 7

const dataOf = (bytes: Buffer, list: Item): Item | undefined => {
  let offset = list.start
  for (let field = 0; field < DATA_FIELD; field++) {
    const item = itemAt(bytes, offset)
    if (item === undefined) return undefined
    offset = item.end
  }
  return itemAt(bytes, offset)
}

/** What the first bytes of a transaction say: whether all is there, and whether it carries call data or creates a contract. */
export type Arrived =
  | { readonly kind: 'partly'; readonly blind: boolean }
  | { readonly kind: 'whole'; readonly blind: boolean; readonly transaction: TransactionSerializableEIP1559 }

/** Reads an unsigned EIP-1559 transaction as it arrives. A Refusal where it is of another type or malformed. */
export const readTransaction = (bytes: Buffer): Arrived => {
  const type = bytes.at(0)
  if (type !== undefined && type !== 2) throw new Refusal(STATUS.noTransactionType)
  const list = itemAt(bytes, 1)
  if (list === undefined) return { kind: 'partly', blind: false }
  if ((bytes.at(1) ?? 0) < 0xc0 || bytes.length > list.end) throw new Refusal(STATUS.badData)
  const data = dataOf(bytes, list)
  const blind = data !== undefined && data.end > data.start
  if (bytes.length < list.end) return { kind: 'partly', blind }
  const transaction = parsed(bytes)
  return { kind: 'whole', blind: blind || !transaction.to, transaction }
}

const parsed = (bytes: Buffer): TransactionSerializableEIP1559 => {
  let transaction
  try {
    transaction = parseTransaction(`0x02${bytes.subarray(1).toString('hex')}`)
  } catch {
    throw new Refusal(STATUS.badData)
  }
  if (transaction.r !== undefined || transaction.s !== undefined) throw new Refusal(STATUS.badData)
  return transaction as TransactionSerializableEIP1559
}
