import { quote } from '../../diagnostic/quote.js'
import type { Sum } from '../../policy/Condition.js'
import { signatureText } from '../abi/selector.js'
import type { ActionDeclaration, ActionFunction, Expression, Requires, Spends, WhenBudgeted } from '../ast.js'
import type { DeclaredAction, KnownFunction, Library, Requirement, Spending } from '../library.js'
import { countedSum } from './countedSum.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { evaluate, sourceOf } from './expression.js'
import { lowerRequirement } from './requirements.js'
import { inSource, type Source, type SourceLine } from './Source.js'
import { readParameters } from './type.js'
import { plainOperand } from './Value.js'

/** The library with the actions that a writ declares; what they cannot mean is reported. */
export function withDeclared(lines: readonly SourceLine[], context: Context): Library {
  const { library } = context
  const verbs = new Map(library.verbs)
  const bySignature = new Map(library.bySignature)
  const declared = new Map<string, DeclaredAction>()
  for (const { line, source } of lines) {
    if (line.kind !== 'action') continue
    const name = line.name.text
    if (!nameIsFree(line, source, declared, library)) continue
    declared.set(name, { node: line, source, used: false })
    const inside = inSource(context, source)
    const functions: KnownFunction[] = []
    for (const node of line.functions) {
      const known = readFunction(name, node, source, inside)
      if (known === undefined) continue
      const { signature } = known
      const standard = library.bySignature.has(signature)
      if (functions.some((other) => other.signature === signature) || (!standard && bySignature.has(signature))) {
        const help = 'let one action declare it, once, and name that action'
        refuse(source, node.signature, 'W151', `${quote(signature)} is declared twice`, help)
        continue
      }
      functions.push(known)
      if (!standard) bySignature.set(signature, known)
    }
    verbs.set(name, functions)
  }
  return declared.size === 0 ? library : { verbs, bySignature, declared }
}

function nameIsFree(
  { name }: ActionDeclaration,
  source: Source,
  declared: ReadonlyMap<string, DeclaredAction>,
  library: Library,
): boolean {
  const { text } = name
  const what = declared.has(text)
    ? 'is declared twice'
    : library.verbs.has(text)
      ? 'is a verb of the standard library, which means the same in every writ'
      : text === 'send' || text === 'any'
        ? 'already means something in every writ'
        : undefined
  if (what === undefined) return true
  refuse(source, name, 'W150', `${quote(text)} ${what}`, 'choose another name for this action')
  return false
}

/** The functions of an action, with what they spend and require; what they cannot mean is reported. */
export function readAction(
  { name, functions }: ActionDeclaration,
  source: Source,
  context: Context,
): readonly KnownFunction[] {
  const inside = inSource(context, source)
  return functions.flatMap((node) => {
    const known = readFunction(name.text, node, source, inside)
    return known ? [known] : []
  })
}

function readFunction(verb: string, node: ActionFunction, source: Source, context: Context): KnownFunction | undefined {
  const inputs = readParameters(node.signature.inputs, source.report)
  if (inputs === undefined) return undefined
  const action = { name: node.signature.name.text, inputs }
  const signature = signatureText(action)
  const env: Env = { place: 'rule', effect: 'allow', inputs, functionName: action.name }
  // What the standard library says of a function holds whatever the verb is called.
  const standard = context.library.bySignature.get(signature)
  const [first] = node.spends
  if (standard && standard.spends.length > 0 && first)
    refuse(
      source,
      first,
      'W151',
      `what ${quote(action.name)} spends is known, and an action does not change it`,
      'leave `spends` out: it counts all the same',
    )
  const spends = node.spends.flatMap((one) => spendingOf(one, env, source, context) ?? [])
  const requires = node.requires.flatMap((one) => requirementOf(one, env, source, context) ?? [])
  return {
    verb,
    action,
    signature,
    spends: standard && standard.spends.length > 0 ? standard.spends : spends,
    requires: [...(standard?.requires ?? []), ...requires],
  }
}

function spendingOf(node: Spends, env: Env, source: Source, context: Context): Spending | undefined {
  const asset = assetOf(node, env, context)
  const amount = asset && amountOf(node, asset, env, source, context)
  const withEth = budgeted(node.when, source)
  return asset && amount && { asset, amount, withEth }
}

function amountOf(
  { amount: node }: Spends,
  asset: Spending['asset'],
  env: Env,
  source: Source,
  context: Context,
): Sum | undefined {
  const counted =
    asset === 'ETH' ? asset : typeof asset === 'object' && asset.kind === 'token' ? asset.address : undefined
  const amount = countedSum(node, counted, env, context)
  const [term, ...others] = amount ?? []
  const factor = term?.factors[0]
  const isValue = others.length === 0 && factor?.kind === 'environment' && factor.name === 'call.value'
  if (asset !== 'ETH' || amount === undefined || (isValue && term?.scales.length === 0)) return amount
  return refuse(
    source,
    node,
    'W151',
    `ether is spent as the value of the call, and not as ${quote(sourceOf(node, context))}`,
    'write `spends call.value of ETH`',
  )
}

function assetOf({ asset: node }: Spends, env: Env, context: Context): Spending['asset'] | undefined {
  const { root, steps } = node
  if (steps.length === 0 && (root.text === 'ETH' || root.text === 'target')) return root.text
  const value = evaluate(node, env, context)
  if (value === undefined) return undefined
  const operand = value.kind === 'word' && value.type.kind === 'address' ? plainOperand(value) : undefined
  if (operand?.kind === 'argument' || operand?.kind === 'slice') return operand
  if (operand?.kind === 'constant' && operand.constant.kind === 'address') {
    const address = operand.constant.value
    if (context.names.byAddress.get(address)?.some((entity) => entity.kind === 'token'))
      return { kind: 'token', address }
  }
  context.report({
    code: 'W151',
    severity: 'error',
    span: node.span,
    message: `${quote(sourceOf(node, context))} is not what a call can spend`,
    help: 'write `ETH`, `target` (the contract called is the token), an argument that is the token’s address, or a `token` of this writ',
  })
  return undefined
}

function requirementOf(node: Requires, env: Env, source: Source, context: Context): Requirement | undefined {
  const { condition, when } = node
  const withEth = budgeted(when, source)
  const speaksOfWrapped = /\bwrapped\b/.test(textOf(condition, source))
  const requirement: Requirement = {
    condition,
    source,
    names: context.names,
    inputs: env.inputs,
    withEth,
    speaksOfWrapped,
  }
  // Read once here, so that a fault is told even where no rule names the action.
  lowerRequirement(requirement, env, context)
  return requirement
}

const textOf = ({ span }: Expression, { text }: Source): string => text.slice(span.start, span.end)

/** `when ETH budget` is the only difference that a budget can make. */
function budgeted(when: WhenBudgeted | undefined, source: Source): boolean | undefined {
  if (when === undefined) return undefined
  if (when.asset.text === 'ETH') return !when.negated
  return refuse(
    source,
    when,
    'W151',
    `only \`ETH budget\` makes a difference, and not one of ${quote(when.asset.text)}`,
    'write `when ETH budget` or `unless ETH budget`, or leave it out',
  )
}

function refuse(
  { report }: Source,
  node: { readonly span: Expression['span'] },
  code: string,
  message: string,
  help: string,
): undefined {
  report({ code, severity: 'error', span: node.span, message, help })
}
