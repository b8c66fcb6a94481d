import type { Hex } from '../../policy/Hex.js'
import { contractFault, readContractError, type Explained } from './contractFault.js'

/** The EntryPoint's reason, as it stands in messages: `AA23 reverted` (EntryPoint 0.7 and 0.8). */
export function reasonIn(texts: readonly string[]): string | undefined {
  for (const text of texts) {
    const found = /\bAA\d\d\b[ a-zA-Z'’]*/.exec(text)
    if (found) return found[0].trim()
  }
  return undefined
}

/** Says what the EntryPoint's refusal means to the user; `reverts` are bytes that may tell what account or paymaster reverted with. */
export function entryPointFault(reason: string, reverts: readonly Hex[]): Explained {
  switch (reason.slice(0, 4)) {
    case 'AA20':
      return [
        'account-missing',
        'there is no account at the sender’s address on this chain (AA20)',
        'is it deployed on this chain? `writ install --salt N` deploys one with its first install',
      ]
    case 'AA21':
      return [
        'insufficient-funds',
        'the account has too little ether to pay for its operation in advance: all gas limits at maxFeePerGas (AA21)',
        'send ether to the account or raise its deposit at the EntryPoint, or let a paymaster pay',
      ]
    case 'AA22':
      return [
        'expired-or-not-due',
        'the block’s time is outside of the time for which the operation was signed (AA22)',
        'sign it again: it then claims the present window; check that the clock of the node is right',
      ]
    case 'AA23':
      return innerFault(reverts) ?? unreadable('the account refused to validate the operation', reverts, 'AA23')
    case 'AA24':
      return [
        'signature-refused',
        'the signature is not the session key’s for this very operation (AA24)',
        'let nothing change the operation after it was signed, and check that the key, the chain and the EntryPoint are the session’s',
      ]
    case 'AA25':
      return [
        'nonce-taken',
        'another operation took this nonce, or one before it is still missing (AA25)',
        'prepare the operation again, so that it takes the next nonce; another process may be using the same key',
      ]
    case 'AA26':
    case 'AA40':
    case 'AA41':
    case 'AA51':
      return [
        'validation-refused',
        `the operation’s gas limits are too low for its validation (${reason.slice(0, 4)})`,
        'estimate its gas again: limits that were taken from another operation do not fit',
      ]
    case 'AA30':
    case 'AA33':
    case 'AA36':
      return ['validation-refused', `the paymaster refused or failed (${reason})`, 'ask who runs the paymaster']
    case 'AA31':
      return [
        'insufficient-funds',
        'the paymaster’s deposit at the EntryPoint is too low (AA31)',
        'ask who runs the paymaster to raise it',
      ]
    case 'AA32':
      return ['expired-or-not-due', 'the paymaster’s consent has expired or is not due yet (AA32)', 'ask it again']
    case 'AA34':
      return ['signature-refused', 'the paymaster’s signature is not valid (AA34)', 'ask the paymaster for a new one']
    case 'AA10':
    case 'AA13':
    case 'AA14':
    case 'AA15':
      return [
        'account-missing',
        `the account was not made by the operation’s factory (${reason})`,
        'deploy the account first; `writ install --salt N` deploys one with its first install',
      ]
    default:
      return ['unknown', `the EntryPoint refused the operation: ${reason}`, 'see ERC-4337 for what this code means']
  }
}

/** What the account, its module or the paymaster said inside. */
export function innerFault(reverts: readonly Hex[]): Explained | undefined {
  for (const data of reverts) {
    const error = readContractError(data)
    const explained = error && contractFault(error)
    if (explained) return explained
  }
  return undefined
}

function unreadable(what: string, reverts: readonly Hex[], reason: string): Explained {
  const [data] = reverts
  if (data === undefined)
    return [
      'validation-refused',
      `${what} and did not say why (${reason})`,
      'is the module installed at this entity id (`writ status --verify-install`), and is verificationGasLimit high enough?',
    ]
  return [
    'validation-refused',
    `${what}, with an error that is not the module’s: ${data.slice(0, 10)} (${reason})`,
    'look the error up among those of the account’s own contracts; `writ status --verify-install` checks the installation',
  ]
}
