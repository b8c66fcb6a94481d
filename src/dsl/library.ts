import type { Sum } from '../policy/Condition.js'
import type { Argument } from '../policy/Operand.js'
import type { Hex } from '../policy/Hex.js'
import { selectorOf, signatureText } from './abi/selector.js'
import type { AbiFunction } from './abi/parseType.js'
import type { ActionFunction, Expression, WhenBudgeted } from './ast.js'
import { parse } from './parse.js'
import type { Context } from './resolve/Context.js'
import { evaluate, number } from './resolve/expression.js'
import type { Env } from './resolve/Env.js'
import { finishSides } from './resolve/finishSum.js'
import { standIns } from './resolve/header.js'
import { collector } from './resolve/Report.js'
import { readParameters } from './resolve/type.js'
import { plainOperand } from './resolve/Value.js'

/** The verbs that rules may name, and every function of which it is known what it spends. */
export type Library = {
  readonly verbs: ReadonlyMap<string, readonly KnownFunction[]>
  readonly bySignature: ReadonlyMap<string, KnownFunction>
}

/** A function with what it spends and requires. */
export type KnownFunction = {
  readonly verb: string
  readonly action: AbiFunction
  readonly signature: string
  readonly selector: Hex
  readonly spends: readonly Spending[]
  readonly requires: readonly Requirement[]
  /** The text that the nodes below stand in. */
  readonly source: string
}

/** `spends AMOUNT of ASSET`: the coin, the contract called, or what an argument names. */
export type Spending = {
  readonly amount: Sum
  readonly asset: 'ETH' | 'target' | Argument
  /** Only for rules that do (`true`) or do not (`false`) budget ETH. */
  readonly withEth: boolean | undefined
}

/** `requires CONDITION`; it is lowered where it is used, because `wrapped` is another address on each chain. */
export type Requirement = {
  readonly condition: Expression
  readonly withEth: boolean | undefined
  readonly speaksOfWrapped: boolean
}

/** Reads declarations of actions: `verbs` may be named by rules, `others` are only known. Throws on a fault: the texts are our own. */
export function readLibrary(verbs: string, others: string): Library {
  const named = readActions(verbs)
  const all = [...named, ...readActions(others)]
  const byVerb = new Map<string, KnownFunction[]>()
  for (const known of named) byVerb.set(known.verb, [...(byVerb.get(known.verb) ?? []), known])
  return { verbs: byVerb, bySignature: new Map(all.map((known) => [known.signature, known])) }
}

function readActions(source: string): KnownFunction[] {
  const { writ, diagnostics } = parse(source)
  const collected = collector(undefined)
  const context: Context = {
    source,
    report: collected.report,
    names: { entities: new Map(), byAddress: new Map() },
    library: { verbs: new Map(), bySignature: new Map() },
    facts: standIns,
    spans: new Map(),
    domains: new Map(),
    budgets: new Map(),
  }
  const known = writ.header.flatMap((line) =>
    line.kind === 'action' ? line.functions.map((node) => readFunction(line.name.text, node, context)) : [],
  )
  const [fault] = [...diagnostics, ...collected.diagnostics].filter((diagnostic) => diagnostic.severity === 'error')
  if (fault) throw new Error(`the library of verbs: ${fault.message} at ${fault.span?.start}`)
  return known
}

function readFunction(verb: string, node: ActionFunction, context: Context): KnownFunction {
  const inputs = readParameters(node.signature.inputs, context.report)
  if (inputs === undefined)
    throw new Error(`the library of verbs: ${node.signature.name.text} has a type that does not exist`)
  const action = { name: node.signature.name.text, inputs }
  const signature = signatureText(action)
  const env: Env = { place: 'rule', effect: 'allow', inputs, functionName: action.name }
  const textOf = (expression: Expression) => context.source.slice(expression.span.start, expression.span.end)
  return {
    verb,
    action,
    signature,
    selector: selectorOf(signature),
    spends: node.spends.map((spends) => ({
      amount: sumOf(spends.amount, env, context),
      asset: assetOf(spends.asset, env, context),
      withEth: withEth(spends.when),
    })),
    requires: node.requires.map(({ condition, when }) => ({
      condition,
      withEth: withEth(when),
      speaksOfWrapped: /\bwrapped\b/.test(textOf(condition)),
    })),
    source: context.source,
  }
}

function sumOf(node: Expression, env: Env, context: Context): Sum {
  const value = number(evaluate(node, env, context), context)
  const [sum] = (value && finishSides([value.terms], context)) ?? []
  if (sum === undefined) throw new Error('the library of verbs: an amount cannot be read')
  return sum
}

function assetOf(node: ActionFunction['spends'][number]['asset'], env: Env, context: Context): Spending['asset'] {
  if (node.steps.length === 0 && (node.root.text === 'ETH' || node.root.text === 'target')) return node.root.text
  const value = evaluate(node, env, context)
  const operand = value && plainOperand(value)
  if (operand?.kind !== 'argument') throw new Error('the library of verbs: an asset cannot be read')
  return operand
}

function withEth(when: WhenBudgeted | undefined): boolean | undefined {
  if (when && when.asset.text !== 'ETH') throw new Error('the library of verbs: only `ETH budget` makes a difference')
  return when && !when.negated
}
