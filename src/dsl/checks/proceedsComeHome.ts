import { quote } from '../../diagnostic/quote.js'
import { argumentText } from '../resolve/argumentText.js'
import { domainsOf, operandKey } from '../resolve/constraints.js'
import { lowerRequirement } from '../resolve/requirements.js'
import type { Check } from './Check.js'

/** A verb requires that what comes out goes to the account; who names its function instead is told when nothing says where it goes. */
export const proceedsComeHome: Check = ({ context, drafts }) => {
  for (const draft of drafts) {
    const { callee, action, node } = draft
    const known = callee?.known
    if (
      draft.effect !== 'allow' ||
      !draft.whole ||
      known === undefined ||
      callee?.verb !== undefined ||
      action.kind !== 'call'
    )
      continue
    const domains = domainsOf(draft.where, context)
    const env = { place: 'rule', effect: 'allow', inputs: action.inputs, functionName: action.name } as const
    for (const requirement of known.requires) {
      if (requirement.withEth !== undefined) continue
      const lowered = lowerRequirement(requirement, env, context)
      for (const condition of typeof lowered === 'object' ? lowered : []) {
        if (condition.kind !== 'compare') continue
        const [left, right] = [condition.left[0]?.factors[0], condition.right[0]?.factors[0]]
        if (left?.kind !== 'argument' || right?.kind !== 'environment' || domains.get(operandKey(left))?.only) continue
        const name = argumentText(action.inputs, left.path)
        context.report({
          code: 'W105',
          severity: 'warning',
          span: node.action.span,
          message: `nothing says where ${quote(action.name)} sends what comes out: ${quote(name)} may be anyone`,
          help: `add \`${name} == account\` to its \`where\`, as the verb \`${known.verb}\` does`,
        })
      }
    }
  }
}
