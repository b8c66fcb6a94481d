import { decodeAbiParameters, encodeAbiParameters, isHex, parseAbiParameters } from 'viem'
import type { Address, Hex } from '../policy/Hex.js'
import type { Call } from '../policy/Operation.js'

/** `executeUserOp` of ERC-4337 v0.7; an account with execution hooks gets it in front of the calldata. */
const executeUserOp = '8dd7712f'
/** `execute(address,uint256,bytes)` and `executeBatch((address,uint256,bytes)[])` of ERC-6900 v0.8. */
const execute = 'b61d27f6'
const executeBatch = '34fcd5be'
const call = parseAbiParameters('address, uint256, bytes')
const batch = parseAbiParameters('(address target, uint256 value, bytes data)[]')

/** The calls that an account's calldata stands for; undefined unless it is one canonical `execute` or `executeBatch`, at least one call long. */
export function callsOf(callData: Hex): readonly Call[] | undefined {
  if (last?.callData !== callData) last = { callData, calls: decodeCalls(callData) }
  return last.calls
}

/** What was read last: one operation is judged under many policies in a row, and to decode it again takes most of the time. */
let last: { readonly callData: Hex; readonly calls: readonly Call[] | undefined } | undefined

function decodeCalls(callData: Hex): readonly Call[] | undefined {
  if (!isBytes(callData)) return undefined
  const digits = callData.slice(2).toLowerCase()
  const body = digits.startsWith(executeUserOp) ? digits.slice(8) : digits
  const selector = body.slice(0, 8)
  const encoded = body.slice(8)
  try {
    if (selector === execute) {
      const values = decodeAbiParameters(call, `0x${encoded}`)
      // Comparing with a fresh encoding is what makes viem's lenient decoder strict; bytes may follow.
      if (!encoded.startsWith(encodeAbiParameters(call, values).slice(2))) return undefined
      return [toCall(...values)]
    }
    if (selector === executeBatch) {
      const values = decodeAbiParameters(batch, `0x${encoded}`)
      if (!encoded.startsWith(encodeAbiParameters(batch, values).slice(2))) return undefined
      return values[0].length === 0
        ? undefined
        : values[0].map(({ target, value, data }) => toCall(target, value, data))
    }
  } catch {
    return undefined // viem throws on whatever it cannot decode
  }
  return undefined
}

/** Whether the text is hex of whole bytes. */
export function isBytes(text: string): boolean {
  return isHex(text) && text.length % 2 === 0
}

function toCall(to: string, value: bigint, data: Hex): Call {
  return { to: to.toLowerCase() as Address, value, data }
}
