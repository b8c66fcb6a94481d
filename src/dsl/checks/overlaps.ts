import type { RuleTime } from '../../policy/Rule.js'
import type { Domain, Domains } from '../resolve/constraints.js'
import type { AllowDraft } from '../resolve/Draft.js'
import { contradicts, heldBy, type Held } from './contradicts.js'

/** A rule with what it charges and what it leaves for each operand. */
export type Entry = { readonly draft: AllowDraft; readonly charges: string; readonly domains: Domains }

/** So many comparisons of two rules are made at most: a fraction of a second's work. */
const mostSteps = 5_000_000

/** More comparisons would be needed than a check may take. */
export class TooMany extends Error {}

/** Pairs of rules that can match one call and charge different things: for each rule at most one. Throws TooMany. */
export function overlaps(entries: readonly Entry[]): readonly (readonly [AllowDraft, AllowDraft])[] {
  const search = new Search()
  search.run(entries, new Set())
  return search.pairs
}

class Search {
  readonly pairs: (readonly [AllowDraft, AllowDraft])[] = []
  private readonly reported = new Set<AllowDraft>()
  private readonly held = new Map<AllowDraft, Held>()
  private steps = 0

  /** Splits the rules by the constants of one operand; only what shares a constant, or has none, is compared. */
  run(entries: readonly Entry[], tried: ReadonlySet<string>): void {
    const [first] = entries
    if (first === undefined || entries.every((entry) => entry.charges === first.charges)) return
    const key = entries.length > 8 ? mostFixed(entries, tried) : undefined
    if (key === undefined) return this.sweep(entries)
    const next = new Set([...tried, key])
    const free = entries.filter((entry) => entry.domains.get(key)?.only === undefined)
    const fixed = entries.filter((entry) => entry.domains.get(key)?.only !== undefined)
    const buckets = new Map<string, Entry[]>()
    for (const entry of fixed)
      for (const value of entry.domains.get(key)?.only ?? []) {
        this.step()
        const bucket = buckets.get(value)
        if (bucket) bucket.push(entry)
        else buckets.set(value, [entry])
      }
    for (const bucket of buckets.values()) this.run(bucket, next)
    for (const a of free) for (const b of fixed) this.compare(a, b)
    this.run(free, next)
  }

  /** Compares each rule with those before it whose range of some number it touches. */
  private sweep(entries: readonly Entry[]): void {
    const key = entries.length > 8 ? mostBounded(entries) : undefined
    const minOf = (entry: Entry) => (key === undefined ? undefined : entry.domains.get(key)?.min)
    const sorted = key === undefined ? entries : [...entries].sort((a, b) => compareBounds(minOf(a), minOf(b)))
    let open: Entry[] = []
    for (const entry of sorted) {
      const min = minOf(entry)
      if (key !== undefined && min !== undefined)
        open = open.filter((other) => {
          this.step()
          const max = other.domains.get(key)?.max
          return max === undefined || max >= min
        })
      for (const other of open) {
        if (this.reported.has(entry.draft)) break
        this.compare(other, entry)
      }
      open.push(entry)
    }
  }

  private compare(a: Entry, b: Entry): void {
    this.step()
    if (a.charges === b.charges || this.reported.has(b.draft) || areApart(a, b) || this.areOpposed(a, b)) return
    this.reported.add(b.draft)
    this.pairs.push([a.draft, b.draft])
  }

  /** Whether one rule says the opposite of what the other says. */
  private areOpposed(a: Entry, b: Entry): boolean {
    return this.opposes(a, b) || this.opposes(b, a)
  }

  private opposes(a: Entry, b: Entry): boolean {
    let held = this.held.get(a.draft)
    if (held === undefined) this.held.set(a.draft, (held = heldBy(a.draft.where)))
    const known = held
    return b.draft.where.some((condition) => contradicts(condition, known, () => this.step()))
  }

  private step(): void {
    this.steps++
    if (this.steps > mostSteps) throw new TooMany()
  }
}

/** The operand that most rules fix; undefined if fewer than two do. */
function mostFixed(entries: readonly Entry[], tried: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, number>()
  for (const { domains } of entries)
    for (const [key, domain] of domains) if (domain.only && !tried.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1)
  let best: string | undefined
  for (const [key, count] of counts) if (count > (best === undefined ? 1 : (counts.get(best) ?? 0))) best = key
  return best
}

/** The operand whose range most rules bound on both sides; undefined if fewer than two do. */
function mostBounded(entries: readonly Entry[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { domains } of entries)
    for (const [key, { min, max }] of domains)
      if (min !== undefined && max !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
  let best: string | undefined
  for (const [key, count] of counts) if (count > (best === undefined ? 1 : (counts.get(best) ?? 0))) best = key
  return best
}

/** No bound comes first. */
function compareBounds(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

function areApart(a: Entry, b: Entry): boolean {
  const [small, large] = a.domains.size < b.domains.size ? [a.domains, b.domains] : [b.domains, a.domains]
  for (const [key, domain] of small) {
    const other = large.get(key)
    if (other && (disjoint(domain, other) || disjoint(other, domain))) return true
  }
  return timesApart(a.draft.time, b.draft.time)
}

/** Whether no value is in both, as far as one side's own constants or the two ranges show it. */
function disjoint(a: Domain, b: Domain): boolean {
  if (a.max !== undefined && b.min !== undefined && a.max < b.min) return true
  if (a.begins && b.begins && a.begins.every((one) => !b.begins?.some((other) => meet(one, other)))) return true
  if (a.only === undefined || (b.only !== undefined && b.only.size < a.only.size)) return false
  for (const value of a.only) {
    if (b.only !== undefined && !b.only.has(value)) continue
    if (b.not?.has(value)) continue
    if (b.begins?.every((beginning) => !value.startsWith(beginning))) continue
    if (b.min !== undefined && BigInt(value) < b.min) continue
    if (b.max !== undefined && BigInt(value) > b.max) continue
    return false
  }
  return true
}

/** Whether something begins with both. */
const meet = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a)

/** Whether no moment is in both. */
function timesApart(a: RuleTime, b: RuleTime): boolean {
  if (
    (a.until !== undefined && b.from !== undefined && a.until <= b.from) ||
    (b.until !== undefined && a.from !== undefined && b.until <= a.from)
  )
    return true
  if (a.hours === undefined || b.hours === undefined) return false
  return (a.hours.weekdays & b.hours.weekdays) === 0 || a.hours.end <= b.hours.start || b.hours.end <= a.hours.start
}
