import type { Hex } from '../../policy/Hex.js'
import { flipped, bytesOf, hexOf } from '../bytes.js'
import { allowedBase, mutant } from './base.js'
import type { Kind } from './Kind.js'

/** Every other way of filling `paymasterAndData`: nothing, zeros, the sponsor cut short, somebody else. */
export const paymaster: Kind = {
  name: 'paymaster',
  weight: 5,
  *make(context) {
    const { policy, choices } = context
    const base = allowedBase(context)
    const fees = base?.built.operation.fees
    if (base === undefined || fees === undefined) return
    const { paidBy } = policy.fees
    const sponsor = 'by' in paidBy ? paidBy.by : policy.key
    const more = 'cd'.repeat(choices.pick([0, 32, 33]))
    const candidates: { note: string; data: Hex }[] = [
      { note: 'empty', data: '0x' },
      { note: '52 zero bytes', data: `0x${'00'.repeat(52)}` },
      { note: '20 zero bytes', data: `0x${'00'.repeat(20)}` },
      { note: '1 zero byte', data: '0x00' },
      { note: 'the sponsor', data: `${sponsor}${more}` },
      { note: 'the sponsor less a byte', data: `0x${sponsor.slice(2, 40)}` },
      { note: 'a bit of the sponsor', data: `${hexOf(flipped(bytesOf(sponsor), choices.below(160)))}${more}` },
      { note: 'the sponsor after a zero byte', data: `0x00${sponsor.slice(2)}${more}` },
      { note: 'the account', data: `${policy.account}${more}` },
      { note: '19 bytes', data: `0x${'11'.repeat(19)}` },
    ]
    const { note, data } = choices.pick(candidates)
    const operation = { ...base.built.operation, fees: { ...fees, paymasterAndData: data } }
    yield mutant(base, `paymaster: ${note}`, { operation })
  },
}
