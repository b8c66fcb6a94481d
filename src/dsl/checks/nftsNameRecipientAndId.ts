import { quote } from '../../diagnostic/quote.js'
import { argumentText } from '../resolve/argumentText.js'
import { domainsOf } from '../resolve/constraints.js'
import type { Check } from './Check.js'
import { nftFunction } from './nfts.js'

/** A rule that moves single tokens (ERC-721, ERC-1155) says to whom and which. */
export const nftsNameRecipientAndId: Check = ({ context, drafts }) => {
  for (const draft of drafts) {
    if (draft.effect !== 'allow' || !draft.whole || draft.action.kind !== 'call') continue
    const nft = nftFunction(draft)
    if (nft === undefined) continue
    const name = quote(draft.action.name)
    if (nft === 'batch') {
      context.report({
        code: 'W087',
        severity: 'error',
        span: draft.node.action.span,
        message: `${name} moves a list of tokens, which no condition of this version can name`,
        help: 'allow `safeTransferFrom` instead, with conditions on recipient and id',
      })
      continue
    }
    const domains = domainsOf(draft.where, context)
    const missing = [nft.recipient, nft.id].filter((index) => domains.get(String(index))?.only === undefined)
    if (missing.length === 0) continue
    const [first, second] = missing.map((index) =>
      argumentText(draft.action.kind === 'call' ? draft.action.inputs : [], [{ kind: 'component', index }]),
    )
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
