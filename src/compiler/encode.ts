import type { Binding } from '../policy/Binding.js'
import type { Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { encodeHeader } from './encodeHeader.js'
import { writeRule } from './encodeRule.js'
import { BASE_UNITS, VERSION } from './layout.js'
import { writeMeter } from './meters.js'
import { Tables } from './Tables.js'
import { Writer } from './Writer.js'

/**
 * The grant: all that is enforced, as docs/format.md draws it; one byte string for one policy and binding.
 * The policy is one that `encodable` has no problem with; another one is a RangeError at best.
 */
export const encode = (policy: Policy, binding: Binding): Hex => {
  const tables = new Tables(policy)
  const writer = new Writer()
  writer.uint(VERSION, 1)
  writer.uint(policy.chainId, 8)
  writer.hex(binding.module)
  writer.hex(policy.account)
  writer.uint(binding.entityId, 4)
  writer.hex(binding.tag)
  writer.sized(2, () => writer.raw(encodeHeader(policy, tables)))

  writer.uint(policy.tokens.length, 1)
  for (const { address, decimals, symbol } of policy.tokens) {
    writer.hex(address)
    writer.uint(decimals === 'base units' ? BASE_UNITS : decimals, 1)
    writer.text(symbol, 1)
  }
  writer.uint(policy.meters.length, 1)
  for (const meter of policy.meters) {
    writeMeter(writer, meter, tables.assetCode(meter.counts))
  }
  const functions = tables.functions()
  writer.uint(functions.length, 2)
  for (const { signature, names } of functions) {
    writer.text(signature, 2)
    for (const name of names) writer.text(name, 1)
  }
  writer.uint(policy.rules.length, 3)
  for (const rule of policy.rules) writeRule(writer, rule, policy, tables)
  return writer.toHex()
}
