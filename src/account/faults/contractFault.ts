import { decodeAbiParameters } from 'viem'
import { readError, type ContractError } from '../../evm/moduleErrors.js'
import { printMoment } from '../../explain/printDuration.js'
import type { DenialCode } from '../../policy/Denial.js'
import type { Hex } from '../../policy/Hex.js'
import type { FaultCode } from '../ChainFault.js'
import { textFaults } from './textFaults.js'

/** What went wrong and what to do, before it becomes a ChainFault. */
export type Explained = readonly [code: FaultCode, message: string, help: string]

/**
 * Reads what a contract reverted with, also where an account wraps the module's own error into one of its own (ERC-6900's reference
 * implementation and accounts made after it). Undefined where the bytes are no error that is known.
 */
export function readContractError(data: Hex, depth = 0): ContractError | undefined {
  const known = readError(data)
  if (known || depth > 3) return known
  for (const layout of [
    [{ type: 'bytes24' }, { type: 'bytes' }],
    [{ type: 'address' }, { type: 'uint32' }, { type: 'bytes' }],
  ]) {
    const inner = lastOf(data, layout)
    const error = inner === undefined ? undefined : readContractError(inner, depth + 1)
    if (error) return error
  }
  return undefined
}

function lastOf(data: Hex, layout: readonly { readonly type: string }[]): Hex | undefined {
  try {
    const last = decodeAbiParameters(layout, `0x${data.slice(10)}`).at(-1)
    return typeof last === 'string' && last.length >= 10 ? (last as Hex) : undefined
  } catch {
    return undefined
  }
}

const denials = {
  'session-not-active':
    'the session is not active: it was never granted, was revoked, or the account ended all of its sessions',
  'not-yet-valid': 'the session has not begun yet',
  expired: 'the session has ended',
  'malformed-operation': 'the operation is no canonical `execute` or `executeBatch`',
  'forbidden-target': 'the operation calls the account itself, the module or an EntryPoint, which no session may',
  'no-rule': 'no rule of the writ allows this call',
  'value-not-allowed': 'the call sends ether, and its rule has no word on ETH',
  'condition-failed': 'a condition of the rule does not hold',
  'denied-by-rule': 'a deny of the writ matches the call',
  'nested-call-denied': 'a call inside the call is not allowed',
  'rule-not-yet-valid': 'the rule has not begun yet',
  'rule-expired': 'the rule has ended',
  'outside-hours': 'the rule does not hold at this hour',
  'amount-unreadable': 'the amount that the rule counts cannot be read from the call',
  'per-call-exceeded': 'one call counts more than the rule allows a call',
  'meter-exceeded': 'a budget or a limit of calls has not enough left in this window',
  'window-passed': 'the operation claims a time before what was charged already',
  'fee-exceeded': 'the fee budget has not enough left for all gas limits at maxFeePerGas',
  'fee-condition-failed': 'a condition of the fees line does not hold',
  'paymaster-not-allowed': 'the fees line does not allow this paymaster, or needs one',
} as const satisfies Readonly<Record<DenialCode, string>>

const lookAgain =
  'decide the operation again with the chain’s present state (`writ decide`, or `decide` of the session account): it says why in full'

/** Says what an error of the module, or of an account, means to its user. */
export function contractFault({ name, args, code }: ContractError): Explained | undefined {
  if (code === 'session-not-active')
    return [
      'session-ended',
      denials[code],
      'see `writ status` for the account’s sessions; only its owner can grant another',
    ]
  if (code === 'expired' || code === 'not-yet-valid') return outOfTime(code, args)
  if (code !== undefined) return ['validation-refused', `the module refuses: ${denials[code]} (${name})`, lookAgain]
  return others[name]?.(args)
}

function outOfTime(code: 'expired' | 'not-yet-valid', args: readonly unknown[]): Explained {
  const edge = typeof args[1] === 'bigint' ? `, ${printMoment(Number(args[1]))}` : ''
  if (code === 'expired')
    return ['session-ended', `${denials.expired}${edge}`, 'only the account’s owner can grant another']
  return ['expired-or-not-due', `${denials['not-yet-valid']}${edge}`, 'wait until then']
}

const others: Readonly<Record<string, (args: readonly unknown[]) => Explained>> = {
  ...textFaults,
  InvalidWitness: () => [
    'validation-refused',
    'the signature does not carry what proves the operation’s rules (InvalidWitness)',
    'sign it with the writ that was granted, byte for byte, and let nothing change the operation after that',
  ],
  InvalidGrant: ([offset]) => [
    'transaction-reverted',
    `the module cannot read the grant (at byte ${String(offset)})`,
    'compile the writ again with this version of writ, and check that it was not cut',
  ],
  CoefficientTooLarge: () => [
    'transaction-reverted',
    'a ratio of the grant has a number that is too large for the module',
    'write the ratio with fewer digits and compile again',
  ],
  ReaderMissing: ([reader]) => [
    'reader-missing',
    `the contract that reads or prints grants for the module is not at ${String(reader)} on this chain`,
    'put it there: writ deploy',
  ],
  GrantForAnother: ([chainId, module, account, tag]) => [
    'transaction-reverted',
    `the grant is for account ${String(account)}, chain ${String(chainId)}, module ${String(module)}, kill tag ${String(tag)}, and one of these is not this one’s`,
    'compile the writ for this account and chain; after a `revoke --all` or a change of owners compile it with the new tag (`writ grant` does)',
  ],
  RootUsed: ([root]) => [
    'session-ended',
    `a session of this very grant exists already (root ${String(root)})`,
    'see it with `writ status`; if it was revoked it stays so: compile the writ again, a grant of another moment is another session',
  ],
  EntityIdNotInstalled: ([entityId]) => [
    'not-installed',
    `the module is not installed on the account at entity id ${String(entityId)}`,
    'install it there with `writ install`, or name the entity id at which it is installed',
  ],
  EntityIdUsed: ([entityId]) => [
    'entity-taken',
    `the account has used entity id ${String(entityId)} for the module before`,
    'choose another entity id: none is used twice',
  ],
  EntityIdTaken: ([entityId, module]) => [
    'entity-taken',
    `entity id ${String(entityId)} of the account belongs to the module ${String(module)}`,
    'choose another entity id',
  ],
  NotInstalled: ([entityId]) => [
    'not-installed',
    `the account has no validation at entity id ${String(entityId)}`,
    'install the module there with `writ install`, or name the entity id at which it is installed',
  ],
  UserOpValidationNotAllowed: ([entityId]) => [
    'not-installed',
    `the validation at entity id ${String(entityId)} was installed without the right to validate operations`,
    'install the module with `writ install` at another entity id',
  ],
  SelectorNotAllowed: ([entityId, selector]) => [
    'not-installed',
    `the validation at entity id ${String(entityId)} may not call ${String(selector)} of the account`,
    'install the module with `writ install`, which allows `execute` and `executeBatch`, at another entity id',
  ],
  OwnerMissing: () => ['transaction-reverted', 'the first owner is the zero address', 'name the owner’s address'],
  UnknownFlags: ([flags]) => [
    'transaction-reverted',
    `the module knows no flags ${String(flags)}`,
    'install with `writ install`',
  ],
  NotTheAccount: ([caller]) => [
    'transaction-reverted',
    `only the account itself may ask this of the module, not ${String(caller)}`,
    'let the account make the call',
  ],
  NotTheKey: ([sender]) => [
    'signature-refused',
    `${String(sender)} is not the key of the session`,
    'send it from the session key’s own address',
  ],
  ValueSent: () => [
    'transaction-reverted',
    'ether was sent along with the session’s transaction',
    'send none: the account pays',
  ],
  NotTheOwner: ([sender]) => [
    'transaction-reverted',
    `${String(sender)} is not the owner of the account`,
    'sign with the owner’s key; `writ status` says what the module knows of owners',
  ],
  PrefundFailed: () => [
    'insufficient-funds',
    'the account cannot pay for its operation in advance',
    'send ether to the account, or let a paymaster pay',
  ],
}
