import type { Sum } from '../policy/Condition.js'
import type { Argument, Slice } from '../policy/Operand.js'
import type { Address } from '../policy/Hex.js'
import type { Parameter } from '../policy/AbiType.js'
import type { AbiFunction } from './abi/parseType.js'
import type { ActionDeclaration, Expression } from './ast.js'
import { parse } from './parse.js'
import { readAction } from './resolve/actions.js'
import type { Context } from './resolve/Context.js'
import { standIns } from './resolve/header.js'
import type { Names } from './resolve/names.js'
import { collector } from './resolve/Report.js'
import type { Source } from './resolve/Source.js'

/** The verbs that rules may name, and every function of which it is known what it spends. */
export type Library = {
  readonly verbs: ReadonlyMap<string, readonly KnownFunction[]>
  readonly bySignature: ReadonlyMap<string, KnownFunction>
  /** Verbs of the writ itself, by name; they are among `verbs` too. */
  readonly declared: ReadonlyMap<string, DeclaredAction>
}

/** An `action` line; `used` turns true when a rule names it. */
export type DeclaredAction = { readonly node: ActionDeclaration; readonly source: Source; used: boolean }

/** A function with what it spends and requires. */
export type KnownFunction = {
  readonly verb: string
  readonly action: AbiFunction
  readonly signature: string
  readonly spends: readonly Spending[]
  readonly requires: readonly Requirement[]
}

/** `spends AMOUNT of ASSET`: the coin, the contract called, what an argument names (or 20 bytes of one), or a token of the writ. */
export type Spending = {
  readonly amount: Sum
  readonly asset: 'ETH' | 'target' | Argument | Slice | TokenSpent
  /** Only for rules that do (`true`) or do not (`false`) budget ETH. */
  readonly withEth: boolean | undefined
}

/** Of a function whose arguments do not say which token it spends: its author does, and nothing checks it. */
export type TokenSpent = { readonly kind: 'token'; readonly address: Address }

/** `requires CONDITION`; it is lowered where it is used, because `wrapped` is another address on each chain. */
export type Requirement = {
  readonly condition: Expression
  /** The text that the condition stands in, and the names that it may speak of. */
  readonly source: Source
  readonly names: Names
  /** The arguments, as that text calls them. */
  readonly inputs: readonly Parameter[]
  readonly withEth: boolean | undefined
  readonly speaksOfWrapped: boolean
}

/** Reads declarations of actions: `verbs` may be named by rules, `others` are only known. Throws on a fault: the texts are our own. */
export function readLibrary(verbs: string, others: string): Library {
  const named = readActions(verbs)
  const all = [...named, ...readActions(others)]
  const byVerb = new Map<string, KnownFunction[]>()
  for (const known of named) byVerb.set(known.verb, [...(byVerb.get(known.verb) ?? []), known])
  return { verbs: byVerb, bySignature: new Map(all.map((known) => [known.signature, known])), declared: new Map() }
}

function readActions(text: string): readonly KnownFunction[] {
  const { writ, diagnostics } = parse(text)
  const collected = collector(undefined)
  const source: Source = { text, report: collected.report, readFile: () => undefined, imported: false }
  const context: Context = {
    source: text,
    report: collected.report,
    names: { entities: new Map(), byAddress: new Map() },
    library: { verbs: new Map(), bySignature: new Map(), declared: new Map() },
    facts: standIns,
    spans: new Map(),
    domains: new Map(),
    budgets: new Map(),
  }
  const known = writ.header.flatMap((line) => (line.kind === 'action' ? readAction(line, source, context) : []))
  const [fault] = [...diagnostics, ...collected.diagnostics].filter((diagnostic) => diagnostic.severity === 'error')
  if (fault) throw new Error(`the library of verbs: ${fault.message} at ${fault.span?.start}`)
  return known
}
