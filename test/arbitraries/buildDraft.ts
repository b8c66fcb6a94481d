import type { Hex } from '../../src/policy/Hex.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { AllowRule, Rule } from '../../src/policy/Rule.js'
import { inputsOf } from '../../src/semantics/concerns.js'
import { nestedCalls } from '../../src/semantics/nestedCalls.js'
import { hexOf } from './address.js'
import { cellAt, overwrite, partAt, put, resizeList, resizePart } from './cell.js'
import { corrupt } from './corrupt.js'
import { type Draft, draftedCall, draftedContext, draftOf } from './draft.js'
import { aim, satisfyAll } from './solve.js'
import type { Source } from './Source.js'
import { buildValue } from './value.js'

type Around = {
  readonly policy: Policy
  readonly now: number
  readonly fees: OperationFees | undefined
  /** For a call that another one carries: how, and the value of that one. */
  readonly carried?: Nested['form']
  readonly value?: bigint
}

/** One of the rules to make a call for, mostly one that allows. */
export function pickRule(source: Source, rules: readonly Rule[]): Rule {
  const denies = rules.filter(({ effect }) => effect === 'deny')
  const allows = rules.filter(({ effect }) => effect === 'allow')
  return source.pick(source.chance(10) && denies.length > 0 ? denies : allows)
}

/** A call made to fit the rule, and what it carries made to fit the rules inside. */
export function buildDraft(source: Source, rule: Rule, { value, ...around }: Around): Draft {
  const { action, target: to } = rule
  const values = inputsOf(action).map(({ type }) => buildValue(source, type))
  const draft = draftOf({ ...around, to, action, values })
  const ownValue = around.carried === undefined || around.carried === 'multisend'
  const mayPay = rule.effect === 'allow' && rule.unlimited.includes('ETH')
  if (!ownValue) draft.value = value ?? 0n
  else if (source.chance(mayPay ? 30 : 4)) draft.value = source.bits(64)
  if (rule.effect === 'allow') aimAtLimits(source, draft, rule, source.chance(80))
  satisfyAll(source, draft, rule.where)
  if (rule.effect === 'allow' && source.chance(30)) aimAtLimits(source, draft, rule, false)
  if (ownValue && source.chance(3)) draft.value = (draft.value + 1n) % 2n ** 256n
  if (rule.effect === 'allow') for (const nested of rule.nested ?? []) fill(source, draft, nested)
  return draft
}

function aimAtLimits(source: Source, draft: Draft, rule: AllowRule, small: boolean): void {
  for (const charge of rule.charges) {
    const limit = charge.kind === 'meter' ? (draft.policy.meters[charge.meter]?.limit ?? 0n) : charge.limit
    const target = small
      ? source.pick([limit / 3n, limit / 10n, 0n, 1n, limit / 2n])
      : source.pick([limit, limit + 1n, limit - 1n, 2n ** 255n])
    aim(source, draft, charge.amount, target)
  }
}

/** Puts calls into the list that the rules of the block are about: as many as stand there, where conditions may have counted them. */
function fill(source: Source, draft: Draft, nested: Nested): void {
  const { policy, now, fees, value } = draft
  const present = nestedCalls(nested, draftedCall(draft), draftedContext(draft))?.length ?? 0
  const count = present > 0 && present <= 4 ? present : source.pick([1, 2, 1, 3, 0])
  const drafts = Array.from({ length: count }, () =>
    buildDraft(source, pickRule(source, nested.rules), { policy, now, fees, carried: nested.form, value }),
  )
  const calls = drafts.map((inner) => {
    const call = draftedCall(inner)
    return source.chance(15) ? { ...call, data: harmed(source, call.data) } : call
  })
  switch (nested.form) {
    case 'calls':
      return putList(draft, nested, calls)
    case 'commands': {
      putList(draft, { list: nested.inputs }, calls)
      // Sometimes one command too many, or one that no rule is about.
      const bytes = calls.map(({ command = 0 }) => (source.chance(3) ? (command ^ 0x80) % 256 : command))
      if (source.chance(3)) bytes.push(0)
      return putBytes(draft, nested, `0x${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`)
    }
    case 'multisend': {
      const records = calls.map(({ to, value, data }) => {
        const target = source.chance(2) ? policy.account : to
        const operation = source.chance(2) ? '01' : '00'
        return `${operation}${target.slice(2)}${hexOf(value, 32).slice(2)}${hexOf(BigInt(data.length / 2 - 1), 32).slice(2)}${data.slice(2)}`
      })
      const rest = source.chance(3) ? source.pick(['00', '00'.repeat(84), 'ff']) : ''
      return putBytes(draft, nested, `0x${records.join('')}${rest}`)
    }
    default:
      return nested satisfies never
  }
}

/** Bytes behind, bytes missing, a wrong word: what is forgiven outside is not forgiven inside. */
function harmed(source: Source, data: Hex): Hex {
  return source.chance(40) ? `${data}${source.pick(['00', '00'.repeat(32), 'ff'])}` : corrupt(source, data)
}

function putList(
  draft: Draft,
  { list }: { readonly list: (Nested & { form: 'calls' })['list'] },
  calls: readonly { readonly data: Hex }[],
): void {
  const cell = cellAt(draft, list)
  if (cell === undefined || !resizeList(cell, calls.length)) return
  put(
    cell,
    calls.map(({ data }) => data),
  )
}

function putBytes(draft: Draft, { list }: Exclude<Nested, { form: 'calls' }>, data: Hex): void {
  if (!resizePart(draft, list, data.length / 2 - 1)) return
  const part = partAt(draft, list)
  if (part !== undefined) overwrite(part, 0, data)
}
