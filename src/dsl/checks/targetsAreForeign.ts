import { quote } from '../../diagnostic/quote.js'
import type { Check } from './Check.js'

/** EntryPoint 0.6, 0.7, 0.8 and 0.9: whoever may call one as the account may take its deposit. */
const entryPoints: ReadonlySet<string> = new Set([
  '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
  '0x0000000071727de22e5e9d8baf0edac6f37da032',
  '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
  '0x433709009b8330fda32311df1c2afa402ed8d009',
])

/** The account, the module and every EntryPoint are no targets: a call to them could take the account over. */
export const targetsAreForeign: Check = ({ context, drafts }) => {
  const { facts, module } = context
  const account = facts.open.includes('account') ? undefined : facts.account
  for (const { place } of drafts) {
    const { address } = place
    const what =
      address === account
        ? 'the account itself'
        : address === module
          ? 'the module'
          : entryPoints.has(address)
            ? 'an EntryPoint'
            : undefined
    if (what === undefined) continue
    context.report({
      code: 'W054',
      severity: 'error',
      span: place.span,
      message: `${quote(place.text)} is ${what}, which a session key never calls`,
      help: 'leave this rule out: the module refuses such calls anyway',
    })
  }
}
