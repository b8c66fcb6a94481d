import type { Explained } from './contractFault.js'

/** What the module says for the decimals of a token that it does not know. */
const NOT_PINNED = 2n ** 256n - 1n

/** What the module's errors about texts that an owner signs mean to its user. */
export const textFaults: Readonly<Record<string, (args: readonly unknown[]) => Explained>> = {
  NotShowable: ([offset]) => [
    'transaction-reverted',
    `a name in the grant (at byte ${String(offset)}) could forge what a device shows`,
    'name it otherwise in the writ and compile again; the account’s own `grant` takes it as it is',
  ],
  LyingName: ([selector]) => [
    'transaction-reverted',
    `a function of the grant has the selector ${String(selector)} of a well-known dangerous one, under another name`,
    'write the function’s true signature into the writ; where that is the true one, do not allow it',
  ],
  TextTooLong: ([lines, characters]) => [
    'transaction-reverted',
    `the grant’s text has ${String(lines)} lines and ${String(characters)} characters, more than a device shows whole`,
    'split the writ into several, or have the account itself grant it',
  ],
  TextGrantsOff: ([entityId]) => [
    'transaction-reverted',
    `signed texts do not grant under entity id ${String(entityId)}: it was installed so`,
    'have the account itself grant it: writ grant',
  ],
  DecimalsNotPinned: ([token, stated, pinned]) =>
    pinned === NOT_PINNED
      ? [
          'activation-refused',
          `the module does not know the decimals of ${String(token)} for this account, and may not ask the token while an operation is validated`,
          'have anyone send one transaction first: `activate` with the writ and the same signature, or `pin` for the account and the token',
        ]
      : [
          'transaction-reverted',
          `the grant says ${String(stated)} decimals of ${String(token)}, and the token says ${String(pinned)}`,
          'correct the decimals in the writ and compile again',
        ],
  GrantOfAnotherSession: ([granted]) => [
    'activation-refused',
    `the grant that the operation carries is of another session (root ${String(granted)}) than its rules`,
    'sign the operation with the very writ whose text the owner signed',
  ],
  NoDecimals: ([token]) => [
    'transaction-reverted',
    `the token ${String(token)} tells no decimals that can be used`,
    'count it in `base units` in the writ and compile again',
  ],
  KillTimeOutOfRange: ([time, killedAt]) => [
    'transaction-reverted',
    `the time of the signed revocation, ${String(time)}, is too old, too far ahead, or not after the last one, ${String(killedAt)}`,
    'have the owner sign one with the present time',
  ],
}
