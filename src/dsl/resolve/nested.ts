import { quote } from '../../diagnostic/quote.js'
import type { EachClause, Rule } from '../ast.js'
import { resolveCallList } from './callList.js'
import type { Context } from './Context.js'
import type { Draft, DraftNested, Within } from './Draft.js'
import type { Env } from './Env.js'
import type { ResolvedPlace } from './place.js'

/** Blocks are nested so deep at most (docs/format.md). */
const deepest = 4
/** A rule has so many blocks at most: a byte counts them. */
const most = 255

/** Rules inside the blocks of one rule: a leaf has 65,535 bytes, and each of them takes 31 at least (docs/format.md). */
const mostRules = 2_114

/** The rule that carries the calls: one function of one target. */
export type Carrier = {
  readonly place: ResolvedPlace
  readonly env: Env
  readonly payable: boolean
  readonly within: Within | undefined
}

/** What a rule of a block means; `rule.ts` says it, and hands itself over so that neither file needs the other first. */
export type ResolveRule = (rule: Rule, context: Context, within: Within) => readonly Draft[]

/** What the blocks of an allow rule mean for one of its functions; a block without meaning is reported and left out (`complete` is then false). */
export function resolveNested(
  node: Rule,
  carrier: Carrier,
  context: Context,
  resolveRule: ResolveRule,
): { readonly nested: readonly DraftNested[]; readonly complete: boolean } {
  const clauses = node.clauses.filter((clause) => clause.kind === 'each')
  const depth = (carrier.within?.depth ?? 0) + 1
  const [first] = clauses
  if (first && depth > deepest) {
    refuse(first, 'W145', `this block is ${depth} deep, and ${deepest} is the most`, context)
    return { nested: [], complete: false }
  }
  if (clauses.length > most) {
    refuse(node, 'W145', `this rule has ${clauses.length} blocks, and ${most} is the most`, context)
    return { nested: [], complete: false }
  }
  const room = carrier.within?.room ?? { left: mostRules }
  const nested = clauses.map((clause): DraftNested | undefined => {
    const list = resolveCallList(clause, carrier.env, context)
    if (list === undefined) return undefined
    if (!clause.rules.some((rule) => rule.effect === 'allow') && !node.incomplete) {
      context.report({
        code: 'W144',
        severity: 'error',
        span: clause.form.span,
        message: `this block allows nothing, so that only an empty list of ${quote(list.form)} could pass`,
        help: 'add a rule with `allow` inside the braces, or leave the block out and deny the function',
      })
      return undefined
    }
    const within: Within = { form: list.form, place: carrier.place, payable: carrier.payable, depth, room }
    return { ...list, node: clause, drafts: clause.rules.flatMap((rule) => resolveRule(rule, context, within)) }
  })
  if (room.left < 0) {
    if (first && carrier.within === undefined)
      refuse(first, 'W145', `the blocks of this rule stand for more than ${mostRules} rules`, context)
    return { nested: [], complete: false }
  }
  return nested.every((block) => block !== undefined)
    ? { nested, complete: true }
    : { nested: nested.filter((block) => block !== undefined), complete: false }
}

function refuse(node: EachClause | Rule, code: string, message: string, context: Context): void {
  context.report({
    code,
    severity: 'error',
    span: node.kind === 'each' ? node.form.span : node.action.span,
    message,
    help: 'allow the inner calls in rules of their own',
  })
}
