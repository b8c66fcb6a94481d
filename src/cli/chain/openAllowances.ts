import { getAddress } from 'viem'
import { allowancesOf, type Allowance, type Unclear } from '../../account/allowances.js'
import { readAllowances, type AllowanceState } from '../../account/readers/readAllowances.js'
import { executeCalldata } from '../../evm/accountCalldata.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { asked } from './asked.js'
import type { Connection } from './connect.js'

/** What sessions may have left approved, and is still open on the chain. */
export type OpenAllowances = {
  readonly open: readonly Extract<AllowanceState, { readonly kind: 'open' }>[]
  /** Contracts that did not answer: somebody must look. */
  readonly unreadable: readonly Allowance[]
  /** Rules whose approvals cannot be told from the policy: somebody must look. */
  readonly unclear: readonly Unclear[]
  /** Calldata to the account itself that closes everything that is open; absent where nothing is. */
  readonly closing?: Hex
}

/** Reads which approvals that the sessions' rules could give are open. */
export const openAllowances = async (
  { client }: Connection,
  account: Address,
  policies: readonly Policy[],
): Promise<OpenAllowances> => {
  const known = new Map<string, Allowance>()
  const unclear = new Map<string, Unclear>()
  for (const found of policies.map(allowancesOf)) {
    for (const one of found.known) known.set(JSON.stringify(one), one)
    for (const one of found.unclear) unclear.set(JSON.stringify(one), one)
  }
  const states = await asked(readAllowances(client, account, [...known.values()]))
  const open = states.filter((state) => state.kind === 'open')
  return {
    open,
    unreadable: states.filter(({ kind }) => kind === 'unreadable').map(({ allowance }) => allowance),
    unclear: [...unclear.values()],
    ...(open.length > 0 && { closing: executeCalldata(open.map(({ close }) => close)) }),
  }
}

/** The same as text; empty where there is nothing to say. */
export const allowancesText = ({ open, unreadable, unclear, closing }: OpenAllowances): string => {
  const lines = [
    ...open.map(({ allowance, amount }) => `open: ${words(allowance)}, ${amountText(allowance, amount)}`),
    ...unreadable.map((allowance) => `not readable, look at it yourself: ${words(allowance)}`),
    ...unclear.map(
      ({ target, function: name }) =>
        `not known, look at it yourself: whom the session approved by ${name} on ${getAddress(target)}`,
    ),
  ]
  if (lines.length === 0) return ''
  const how =
    closing === undefined ? '' : `to close what is open, the account itself must run this calldata:\n  ${closing}\n`
  return `approvals outlive a session:\n${lines.map((line) => `  ${line}\n`).join('')}${how}`
}

/** The same as JSON has it: amounts are decimal texts. */
export const allowancesJson = ({ open, unreadable, unclear, closing }: OpenAllowances) => ({
  open: open.map(({ allowance, amount, close }) => ({
    ...allowance,
    amount: String(amount),
    close: { ...close, value: String(close.value) },
  })),
  unreadable,
  unclear,
  closing,
})

const words = (allowance: Allowance): string => {
  switch (allowance.kind) {
    case 'token':
      return `${getAddress(allowance.spender)} may take tokens ${getAddress(allowance.token)}`
    case 'permit2':
      return `${getAddress(allowance.spender)} may take tokens ${getAddress(allowance.token)} through ${getAddress(allowance.permit2)}`
    case 'operator':
      return `${getAddress(allowance.operator)} may move everything of ${getAddress(allowance.collection)}`
    default:
      return allowance satisfies never
  }
}

const amountText = (allowance: Allowance, amount: bigint): string => {
  if (allowance.kind === 'operator') return 'without limit'
  return amount >= 2n ** 159n ? 'without limit' : `${amount} base units`
}
