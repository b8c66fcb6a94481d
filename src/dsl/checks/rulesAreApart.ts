import { quote } from '../../diagnostic/quote.js'
import type { Meter } from '../../policy/Meter.js'
import { domainsOf, type Domain } from '../resolve/constraints.js'
import { withNested, type AllowDraft, type Draft, type DraftNested } from '../resolve/Draft.js'
import type { Context } from '../resolve/Context.js'
import type { Check } from './Check.js'
import { overlaps, TooMany, type Entry } from './overlaps.js'

/**
 * Two allow rules that can match the same call charge the same meters with the same amounts: so which of them is used changes nothing.
 * Rules are apart when target, selector, times, or constants on the same argument differ.
 */
export const rulesAreApart: Check = ({ context, top }) => check(top, { meters: new Map() }, context)

/** Of the rules of one block: a call is decided by those of the block that it stands in. */
function check(drafts: readonly Draft[], ids: Ids, context: Context): void {
  for (const draft of drafts)
    if (draft.effect === 'allow') for (const block of draft.nested) check(block.drafts, ids, context)
  const groups = new Map<string, AllowDraft[]>()
  for (const draft of drafts) {
    if (draft.effect !== 'allow' || !draft.whole) continue
    const key = `${draft.place.address} ${draft.callee?.selector ?? 'send'}`
    const group = groups.get(key)
    if (group) group.push(draft)
    else groups.set(key, [draft])
  }
  for (const group of groups.values()) {
    if (group.length < 2) continue
    try {
      for (const [first, second] of overlaps(group.map((draft) => entryOf(draft, ids, context))))
        reportPair(first, second, context)
    } catch (error) {
      if (!(error instanceof TooMany)) throw error
      context.report({
        code: 'W097',
        severity: 'error',
        span: group[0]?.node.action.span ?? { start: 0, end: 0 },
        message: `${group.length} rules for this function charge different meters, and no one argument tells them apart`,
        help: 'let each of them fix one and the same argument with `==` or `in`',
      })
    }
  }
}

function entryOf(draft: AllowDraft, ids: Ids, context: Context): Entry {
  const domains = new Map<string, Domain>(domainsOf(draft.where, context))
  if (isWithoutEther(draft)) domains.set('call.value', { ...domains.get('call.value'), only: new Set(['0']) })
  return { draft, charges: chargesText(draft, ids), domains }
}

/** Whether `call.value` is always 0. */
function isWithoutEther({ charges, unlimited, within }: AllowDraft): boolean {
  if (within !== undefined && within.form !== 'multisend') return !within.payable
  return !(
    unlimited.includes('ETH') ||
    charges.some((charge) => (charge.kind === 'meter' ? charge.meter.counts : charge.asset) === 'ETH')
  )
}

/** A number for each meter. */
type Ids = { readonly meters: Map<Meter, number> }

/** The same text for the same meters with the same amounts, in the rule itself and in its blocks. */
function chargesText(draft: AllowDraft, ids: Ids): string {
  const own = ownCharges(draft, ids)
  if (!draft.nested.some((block) => withNested(block.drafts).some(isCharged))) return own
  return [own, ...draft.nested.map((block) => blockText(block, ids))].join('\n')
}

const isCharged = (draft: Draft): boolean =>
  draft.effect === 'allow' && draft.charges.some((charge) => charge.kind === 'meter')

/** What a block can charge: the whole of it but its denies, which charge nothing. */
function blockText({ node: _, drafts, ...list }: DraftNested, ids: Ids): string {
  const rules = drafts.flatMap((draft) =>
    draft.effect === 'deny'
      ? []
      : [plainText([draft.place.address, draft.action, draft.time, draft.where, chargesText(draft, ids)])],
  )
  return `${plainText(list)} { ${rules.sort().join(' ; ')} }`
}

const plainText = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))

/** The meters of the rule itself. */
function ownCharges({ charges }: AllowDraft, { meters }: Ids): string {
  const texts = charges.flatMap((charge) => {
    if (charge.kind !== 'meter') return []
    const id = meters.get(charge.meter) ?? meters.size
    meters.set(charge.meter, id)
    const amount = charge.meter.counts === 'calls' || charge.meter.counts === 'ETH' ? '' : plainText(charge.amount)
    return [`${id} ${amount}`]
  })
  return texts.sort().join('\n')
}

function reportPair(a: AllowDraft, b: AllowDraft, context: Context): void {
  const [first, second] = a.node.span.start <= b.node.span.start ? [a, b] : [b, a]
  const line = context.source.slice(0, first.node.action.span.start).split('\n').length
  const [narrow, wide] = whereText(first, context) === undefined ? [second, first] : [first, second]
  const condition = whereText(narrow, context)
  const joiner = whereText(wide, context) === undefined ? 'where' : 'and'
  const verb = first.callee?.verb
  const several = verb !== undefined && (context.library.verbs.get(verb)?.length ?? 0) > 1
  const which = several ? ` (${quote(first.callee?.signature ?? '')})` : ''
  context.report({
    code: 'W088',
    severity: 'error',
    span: second.node.action.span,
    message:
      first.node === second.node
        ? `this rule stands for the same call twice${which}, with different budgets`
        : `a call can match this rule and the one in line ${line}${which}, and they charge different meters`,
    help:
      condition === undefined || first.node === second.node
        ? 'let both name one shared budget: `budget NAME = …` in the header, then `budget NAME` in each'
        : `add \`${joiner} not (${condition})\` to ${wide === second ? 'this rule' : `the rule in line ${line}`}, or let both name one shared budget`,
  })
}

/** The author's conditions, on one line; undefined if there are none. */
function whereText({ node }: AllowDraft, { source }: Context): string | undefined {
  const parts = node.clauses.flatMap((clause) =>
    clause.kind === 'where' ? [source.slice(clause.condition.span.start, clause.condition.span.end)] : [],
  )
  if (parts.length === 0) return undefined
  const text = parts
    .join(' and ')
    .replace(/#[^\n]*\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return text.length > 200 ? '…' : text
}
