import type { Policy } from '../../policy/Policy.js'
import { dangerousFunctions } from '../../policy/dangerous.js'
import { selectorOf, signatureOf } from '../FunctionShape.js'
import type { Problem } from '../Problem.js'
import { rulesWithin } from '../rulesWithin.js'
import { fitsLine } from '../../policy/device/glyphs.js'
import { symbolFault } from '../../policy/device/symbolFault.js'
import { printingOf } from './meters.js'
import { amountTexts } from './numbers.js'
import { LAST_DATE } from './times.js'

/** What keeps a policy's text from being what it seems to be: symbols that read as something else, functions that lie, and critical facts that are too long for their lines. */
export const displayLaws = (policy: Policy): readonly Problem[] => {
  const problems: Problem[] = []
  const { chainId, until, tokens, rules } = policy
  if (!fitsLine(`chain ${chainId};`))
    problems.push({ message: `the chain's number ${chainId} is too long for a line of a device` })
  if (until >= LAST_DATE)
    problems.push({ message: 'the policy ends after the year 9999, a date too long for a line of a device' })
  const fees = feesLine(policy)
  if (fees !== undefined && !fitsLine(fees))
    problems.push({ message: `the fees \`${fees}…\` are too long a number for a line of a device` })
  for (const { symbol } of tokens) {
    const fault = symbolFault(symbol)
    if (fault !== undefined) problems.push({ message: `the symbol \`${symbol}\` ${fault}` })
  }
  for (const [index, rule] of rules.entries()) {
    for (const { action } of rulesWithin([rule])) {
      if (action.kind !== 'call') continue
      const signature = signatureOf(action)
      const known = dangerousFunctions.get(selectorOf(signature))
      if (known !== undefined && known !== signature)
        problems.push({ rule: index, message: `\`${signature}\` has the selector of \`${known}\`` })
    }
  }
  return problems
}

/** What the sixth line must hold: how much the fees are, unless rules count on their meter too and say it. */
const feesLine = (policy: Policy): string | undefined => {
  const { paidBy } = policy.fees
  if (!('meter' in paidBy) || printingOf(policy).shared.has(paidBy.meter)) return undefined
  const { number, unit } = amountTexts(policy.meters[paidBy.meter]?.limit ?? 0n, 'ETH', [])
  return `fees ${number.join('')} ${unit.join(' ')}/`
}
