import type { Binding } from '../../policy/Binding.js'
import type { Token } from '../../policy/Units.js'
import type { Lines } from './Lines.js'
import { type Printing, printLimit } from './meters.js'
import { printCondition } from './printCondition.js'
import { printAddress } from './printOperand.js'
import { printScopeOf } from './PrintScope.js'
import { printMoment } from './times.js'

/** All that stands before the rules but the first two lines. What is critical comes first: it must be seen without asking for more. */
export const printHeader = (lines: Lines, printing: Printing, { module, entityId, tag }: Binding): void => {
  const { policy } = printing
  lines.word('until')
  printMoment(lines, policy.until)
  lines.end()
  lines.word('chain')
  lines.word(String(policy.chainId))
  lines.end()
  printFees(lines, printing)
  lines.word('from')
  printMoment(lines, policy.from)
  lines.end()
  for (const [word, address] of [
    ['key', policy.key],
    ['account', policy.account],
    ['module', module],
  ] as const) {
    lines.word(word)
    printAddress(lines, address)
    lines.end()
  }
  lines.word('entity')
  lines.word(String(entityId))
  lines.end()
  lines.word('tag')
  lines.word(tag.slice(2))
  lines.end()
  for (const token of policy.tokens) printToken(lines, token)
}

/** `fees 0.01 ETH/day or sponsored by 0x…;`, then each condition on them. */
const printFees = (lines: Lines, { policy, shared }: Printing): void => {
  const { paidBy, where } = policy.fees
  lines.word('fees')
  if (paidBy.kind === 'unlimited') lines.word('UNLIMITED')
  if ('meter' in paidBy) {
    const number = shared.get(paidBy.meter)
    const meter = policy.meters[paidBy.meter]
    if (number !== undefined) {
      lines.word('shared')
      lines.more(`#${number}`)
    } else if (meter !== undefined) {
      printLimit(lines, meter, policy.tokens, (word) => lines.more(word))
    }
  }
  if ('by' in paidBy) {
    if ('meter' in paidBy) lines.word('or')
    lines.word('sponsored')
    lines.word('by')
    printAddress(lines, paidBy.by)
  }
  lines.end()
  for (const condition of where) {
    lines.word('fees')
    lines.word('only')
    lines.word('if')
    printCondition(lines, condition, printScopeOf(policy.tokens, []))
    lines.end()
  }
}

/** `token USDC 6 dec 0x…;`, `token DAI base units 0x…;` */
const printToken = (lines: Lines, { symbol, address, decimals }: Token): void => {
  lines.word('token')
  lines.word(symbol)
  if (decimals === 'base units') {
    lines.word('base')
    lines.word('units')
  } else {
    lines.word(String(decimals))
    lines.more('dec')
  }
  printAddress(lines, address)
  lines.end()
}
