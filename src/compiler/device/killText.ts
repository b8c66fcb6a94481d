import type { Address, Hex } from '../../policy/Hex.js'
import { Lines } from './Lines.js'
import { printAddress } from './printOperand.js'
import { printDate } from './times.js'

/** What an owner ends: all sessions of the account on one chain or on every chain, made before a moment (unix seconds), or one session by its root. */
export type Kill =
  | { readonly kind: 'all'; readonly account: Address; readonly chainId: number; readonly before: number }
  | { readonly kind: 'everyChain'; readonly account: Address; readonly before: number }
  | { readonly kind: 'session'; readonly account: Address; readonly chainId: number; readonly root: Hex }

/** The text that the owner's device shows and the owner signs to end sessions, as docs/device-text.md draws it. `before` lies before the year 10000. */
export const killText = (kill: Kill): string => {
  const lines = new Lines()
  for (const word of kill.kind === 'session' ? ['REVOKE', 'A', 'GRANT', 'of'] : ['REVOKE', 'ALL', 'KEYS', 'of'])
    lines.word(word)
  printAddress(lines, kill.account)
  if (kill.kind === 'everyChain') {
    lines.word('every')
    lines.word('chain')
  } else {
    lines.word('chain')
    lines.word(String(kill.chainId))
  }
  if (kill.kind === 'session') {
    lines.word('root')
    lines.more('0x')
    for (let start = 2; start < 66; start += 16) {
      lines.newline()
      lines.word(kill.root.slice(start, start + 16))
    }
  } else {
    lines.word('before')
    printDate(lines, kill.before)
  }
  lines.end('.')
  return lines.take().join('\n')
}
