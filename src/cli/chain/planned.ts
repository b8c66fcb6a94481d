import { formatEther, getAddress } from 'viem'
import type { Address, Hex } from '../../policy/Hex.js'
import { decodedCall, decodedText, type DecodedCall } from './decodedCall.js'

/** A transaction before it is sent, with what it means. */
export type Planned = {
  /** What it is for, a clause. */
  readonly what: string
  readonly from: Address
  readonly to: Address
  /** Wei. */
  readonly value: bigint
  readonly data: Hex
  /** What the data says, where that is no call. */
  readonly means?: DecodedCall
}

/** A planned transaction as text.  */
export const plannedText = ({ what, from, to, value, data, means }: Planned): string =>
  `${what}
  from   ${getAddress(from)}
  to     ${getAddress(to)}
  value  ${formatEther(value)} ETH
  data   ${data}
  means  ${decodedText(means ?? decodedCall(data), '  ')}`

/** A planned transaction as JSON has it: wei as a decimal text. */
export const plannedJson = ({ what, from, to, value, data, means }: Planned) => ({
  what,
  from,
  to,
  value: String(value),
  data,
  decoded: means ?? decodedCall(data),
})
