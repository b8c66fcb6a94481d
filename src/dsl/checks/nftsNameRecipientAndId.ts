import { quote } from '../../diagnostic/quote.js'
import type { Condition } from '../../policy/Condition.js'
import { argumentText } from '../resolve/argumentText.js'
import { domainsOf, operandKey } from '../resolve/constraints.js'
import type { Context } from '../resolve/Context.js'
import type { Check } from './Check.js'
import { nftFunction } from './nfts.js'

/** A rule that moves single tokens (ERC-721, ERC-1155) says to whom and which. */
export const nftsNameRecipientAndId: Check = ({ context, drafts }) => {
  for (const draft of drafts) {
    if (draft.effect !== 'allow' || !draft.whole || draft.action.kind !== 'call') continue
    const nft = nftFunction(draft)
    if (nft === undefined) continue
    const name = quote(draft.action.name)
    const domains = domainsOf(draft.where, context)
    const isFixed = (index: number) =>
      domains.get(String(index))?.only !== undefined || (nft.isBatch && everyIsFixed(index, draft.where, context))
    const missing = [nft.recipient, nft.id].filter((index) => !isFixed(index))
    if (missing.length === 0) continue
    const { inputs } = draft.action
    const [first, second] = missing.map((index) => argumentText(inputs, [{ kind: 'component', index }]))
    if (nft.isBatch) {
      const ids = argumentText(inputs, [{ kind: 'component', index: nft.id }])
      const helps = missing.map((index) =>
        index === nft.id ? `\`every id in ${ids} (id in [ … ])\`` : `\`${first} == …\``,
      )
      context.report({
        code: 'W087',
        severity: 'error',
        span: draft.node.action.span,
        message: `${name} may move any tokens: nothing fixes ${missing.map((index) => quote(index === nft.id ? ids : (first ?? ''))).join(' and ')}`,
        help: `add ${helps.join(' and ')}`,
      })
      continue
    }
    const erc20 = draft.callee?.known
      ? `; if ${quote(draft.place.text)} is an ERC-20 token, declare it with \`token\` and give a budget`
      : ''
    context.report({
      code: 'W087',
      severity: 'error',
      span: draft.node.action.span,
      message: `${name} may move any token: nothing fixes ${quote(first ?? '')}${second === undefined ? '' : ` and ${quote(second)}`}`,
      help: `add \`${first} == …\`${second === undefined ? '' : ` and \`${second} in [ … ]\``}${erc20}`,
    })
  }
}

/** Whether a condition says of every element of a list which values it may have. */
function everyIsFixed(index: number, where: readonly Condition[], context: Context): boolean {
  const element = operandKey({ kind: 'element', depth: 0, path: [], type: { kind: 'uint', bits: 256 } })
  return where.some(
    (condition) =>
      condition.kind === 'every' &&
      condition.over.kind === 'array' &&
      condition.over.place.kind === 'argument' &&
      operandKey({ ...condition.over.place, type: { kind: 'uint', bits: 256 } }) === String(index) &&
      domainsOf(condition.body, context).get(element)?.only !== undefined,
  )
}
