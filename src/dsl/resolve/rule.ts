import { quote } from '../../diagnostic/quote.js'
import type { Condition } from '../../policy/Condition.js'
import type { Asset } from '../../policy/Units.js'
import type { RuleTime } from '../../policy/Rule.js'
import type { Rule } from '../ast.js'
import { resolveAction, type Candidate } from './action.js'
import { resolveBudgets } from './budgets.js'
import { counted, type RuleBudget } from './Budget.js'
import { resolveCharges, spendingOf } from './charges.js'
import { conjuncts } from './condition.js'
import type { Context } from './Context.js'
import type { Draft, Within } from './Draft.js'
import type { Env } from './Env.js'
import { namer } from './expression.js'
import { resolveNested } from './nested.js'
import { resolvePlace, type ResolvedPlace } from './place.js'
import { requirements } from './requirements.js'
import { resolveTime } from './time.js'

/** What one rule of the text stands for: one draft for each function of each target (and, for verbs, each asset). */
export function resolveRule(node: Rule, context: Context, within?: Within): readonly Draft[] {
  const time = resolveTime(node, context)
  const { budgets, complete } =
    node.effect === 'allow' ? resolveBudgets(node, context) : { budgets: [], complete: true }
  const writer = new RuleWriter(node, context, time, budgets, complete && !node.incomplete, within)
  const places = placesOf(node, within, context)
  reportTwins(places, context)
  const found = places.map((place) => {
    const candidates = place && resolveAction(node, place, within, context)
    return candidates && { place, drafts: candidates.flatMap((candidate) => writer.draftsOf(place, candidate)) }
  })
  if (node.effect === 'allow' && complete && found.every((one) => one !== undefined)) writer.reportMisfits(found)
  return found.flatMap((one) => one?.drafts ?? [])
}

/** The targets that the rule names; inside calls and commands the one of the rule around. */
function placesOf(node: Rule, within: Within | undefined, context: Context): readonly (ResolvedPlace | undefined)[] {
  const [first] = node.targets
  const refuse = (span: Rule['span'], message: string, help: string) => {
    context.report({ code: 'W142', severity: 'error', span, message, help })
    return []
  }
  if (within === undefined || within.form === 'multisend') {
    if (within && first === undefined && !node.incomplete)
      return refuse(
        node.action.span,
        'a call in `multisend` goes to a target of its own, and this rule names none',
        'add `on` and an address, a name or a list such as `[A, B]`',
      )
    return node.targets.map((target) => resolvePlace(context, target))
  }
  if (first === undefined) return [within.place]
  return refuse(
    first.span,
    `inside ${quote(within.form)} every call goes to ${quote(within.place.text)}, the target of the rule around`,
    `leave \`on ${context.source.slice(first.span.start, first.span.end)}\` out`,
  )
}

/** A target named twice is a slip: another was meant. */
function reportTwins(places: readonly (ResolvedPlace | undefined)[], { report }: Context): void {
  const seen = new Set<string>()
  for (const place of places) {
    if (place === undefined) continue
    if (seen.has(place.address))
      report({
        code: 'W057',
        severity: 'error',
        span: place.span,
        message: `${quote(place.text)} stands twice in this list of targets`,
        help: 'leave it out here, or name the target that was meant',
      })
    seen.add(place.address)
  }
}

/** Writes the drafts of one rule; conditions are lowered once for each list of arguments. */
class RuleWriter {
  private readonly lowered = new Map<unknown, readonly Condition[] | undefined>()
  /** Budgets that are about something that some function spends. */
  private readonly busy = new Set<RuleBudget>()
  private readonly assets: readonly (Asset | 'calls')[]

  constructor(
    private readonly node: Rule,
    private readonly context: Context,
    private readonly time: RuleTime,
    private readonly budgets: readonly RuleBudget[],
    private readonly whole: boolean,
    private readonly within: Within | undefined,
  ) {
    this.assets = budgets.map(({ term }) => counted(term))
  }

  draftsOf(place: ResolvedPlace, candidate: Candidate): readonly Draft[] {
    const { node, context, time, within } = this
    const { action, callee } = candidate
    if (within && --within.room.left < 0) return []
    const env: Env = {
      place: 'rule',
      effect: node.effect,
      inputs: 'inputs' in action ? action.inputs : [],
      functionName: callee?.name ?? action.kind,
    }
    const own = this.where(env)
    // Written out, not spread: thousands of drafts of one shape are read by every law.
    if (node.effect === 'deny') {
      const whole = this.whole && own !== undefined
      return [{ effect: 'deny', node, place, callee, time, action, where: own ?? [], whole, within }]
    }
    if (action.kind === 'any') return []
    return this.shares(place, candidate).map(({ asset, budgets }): Draft => {
      const required =
        callee?.verb === undefined ? [] : requirements(callee, asset, this.assets, env, this.node, context)
      const where = withRequirements(own ?? [], required ?? [])
      const charges = resolveCharges(budgets, where, callee, place, env, context)
      const unlimited = budgets.flatMap(({ term }) => (term.kind === 'unlimited' ? [term.asset] : []))
      const payable = within === undefined || within.form === 'multisend' ? paysEther(budgets) : within.payable
      const blocks = resolveNested(node, { place, env, payable, within }, context, resolveRule)
      const whole =
        this.whole && own !== undefined && required !== undefined && charges !== undefined && blocks.complete
      return {
        effect: 'allow',
        node,
        place,
        callee,
        time,
        action,
        where,
        charges: charges ?? [],
        unlimited,
        budgets,
        nested: blocks.nested,
        whole,
        within,
      }
    })
  }

  private where(env: Env): readonly Condition[] | undefined {
    const known = this.lowered.get(env.inputs)
    if (known !== undefined || this.lowered.has(env.inputs)) return known
    const parts = this.node.clauses.flatMap((clause) =>
      clause.kind === 'where' ? [conjuncts(clause.condition, env, this.context)] : [],
    )
    const where = parts.every((part) => part !== undefined) ? parts.flat() : undefined
    this.lowered.set(env.inputs, where)
    return where
  }

  /** The budgets that are about this function: all of them together, or for a verb those of one asset at a time. */
  private shares(
    place: ResolvedPlace,
    { callee }: Candidate,
  ): readonly { readonly asset: Asset | undefined; readonly budgets: readonly RuleBudget[] }[] {
    const fitting = this.budgets.filter(({ term }) => {
      const asset = counted(term)
      return asset === 'calls' || spendingOf(callee, asset, place) !== 'other'
    })
    for (const budget of fitting) this.busy.add(budget)
    const assets = [...new Set(fitting.map(({ term }) => counted(term)).filter((asset) => asset !== 'calls'))]
    if (callee?.verb === undefined) return [{ asset: undefined, budgets: fitting }]
    // A verb's function that spends none of the budgeted assets is not meant; without any budget the checks say what is missing.
    const meant = this.budgets.some(({ term }) => counted(term) !== 'calls')
    if (assets.length === 0)
      return meant && callee.known && callee.known.spends.length > 0 && !this.isAlone(callee.verb)
        ? []
        : [{ asset: undefined, budgets: fitting }]
    return assets.map((asset) => ({
      asset,
      budgets: fitting.filter(({ term }) => counted(term) === asset || counted(term) === 'calls'),
    }))
  }

  /** A verb of one function always stands for it, so that a budget of the wrong asset is seen. */
  private isAlone(verb: string): boolean {
    return this.context.library.verbs.get(verb)?.length === 1
  }

  /** A budget that no function of the rule can spend is a mistake, and so is a target that spends none of what is budgeted. */
  reportMisfits(found: readonly { readonly place: ResolvedPlace; readonly drafts: readonly Draft[] }[]): void {
    const idle = this.budgets.filter((budget) => !this.busy.has(budget))
    if (idle.length === 0)
      for (const { place, drafts } of found)
        if (drafts.length === 0)
          this.context.report({
            code: 'W093',
            severity: 'error',
            span: place.span,
            message: `${quote(place.text)} spends none of what this rule budgets`,
            help: 'leave it out of the targets, or give it a rule of its own',
          })
    for (const budget of idle) {
      const asset = counted(budget.term)
      const target = found[0]?.place.text ?? ''
      const name =
        this.node.action.kind === 'named' || this.node.action.kind === 'signature'
          ? this.node.action.name.text
          : this.node.action.kind
      this.context.report({
        code: 'W093',
        severity: 'error',
        span: budget.span,
        message: `${quote(name)} on ${quote(target)} does not spend ${quote(asset === 'calls' ? 'calls' : namer(this.context)(asset))}`,
        help: 'budget what it spends, or leave this budget out',
      })
    }
  }
}

const paysEther = (budgets: readonly RuleBudget[]): boolean => budgets.some(({ term }) => counted(term) === 'ETH')

/** The author's conditions and those of the verb that do not stand there already. */
function withRequirements(own: readonly Condition[], required: readonly Condition[]): readonly Condition[] {
  if (required.length === 0) return own
  const present = new Set(own.map(textOf))
  return [...own, ...required.filter((condition) => !present.has(textOf(condition)))]
}

const textOf = (condition: Condition): string =>
  JSON.stringify(condition, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
