import { quote } from '../../diagnostic/quote.js'
import type { DeniedAction } from '../../policy/Action.js'
import { selectorOf, signatureText } from '../abi/selector.js'
import type { AbiFunction } from '../abi/parseType.js'
import type { Rule } from '../ast.js'
import { nearest } from '../nearest.js'
import type { KnownFunction } from '../library.js'
import type { Context } from './Context.js'
import { commandAction } from './command.js'
import type { Callee, Within } from './Draft.js'
import type { ResolvedPlace } from './place.js'
import { readParameters, shapeProblem } from './type.js'

/** One function that an action stands for. */
export type Candidate = { readonly action: DeniedAction; readonly callee: Callee | undefined }

/** What an action stands for on a target; undefined if it stands for nothing, which is reported. */
export function resolveAction(
  { action, effect }: Rule,
  place: ResolvedPlace,
  within: Within | undefined,
  context: Context,
): readonly Candidate[] | undefined {
  const { report } = context
  if (action.kind === 'command' || within?.form === 'commands') {
    const command = commandAction(action, within, context)
    return command && [command]
  }
  switch (action.kind) {
    case 'send':
      if (within?.form === 'calls') {
        report({
          code: 'W143',
          severity: 'error',
          span: action.span,
          message: 'a call in `calls` has calldata, and `send` has none',
          help: 'name the function that the inner call may be',
        })
        return undefined
      }
      return [{ action, callee: undefined }].map((candidate) => ({ ...candidate, action: { kind: 'send' } }))
    case 'any':
      if (effect === 'deny') return [{ action: { kind: 'any' }, callee: undefined }]
      report({
        code: 'W052',
        severity: 'error',
        span: action.span,
        message: '`allow any` would allow everything the contract can do',
        help: 'name the functions, one rule each; `any` goes with `deny` only',
      })
      return undefined
    case 'signature': {
      const inputs = readParameters(action.inputs, report)
      return inputs && candidates([{ name: action.name.text, inputs }], undefined, action, context)
    }
    case 'named':
      return named(action.name, place, context)
    default:
      return action satisfies never
  }
}

/** `meant` are the functions of a verb as it knows them: an action of the writ may ask for more than the library does. */
function candidates(
  functions: readonly AbiFunction[],
  verb: string | undefined,
  node: Rule['action'] | { readonly span: Rule['span'] },
  context: Context,
  meant?: readonly KnownFunction[],
): readonly Candidate[] | undefined {
  const all = functions.map((action, index): Candidate | undefined => {
    const name = action.name
    const problem = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)
      ? shapeProblem(action.inputs)
      : 'a name has up to 64 letters, digits and `_`'
    if (problem !== undefined) {
      context.report({
        code: 'W053',
        severity: 'error',
        span: node.span,
        message: `the function ${quote(name)} cannot be compiled: ${problem}`,
        help: 'such a function cannot be allowed to a session key',
      })
      return undefined
    }
    const signature = signatureText(action)
    const known = meant?.[index] ?? context.library.bySignature.get(signature)
    return {
      action: { kind: 'call', name, inputs: action.inputs },
      callee: { name, signature, selector: selectorOf(signature), known, verb },
    }
  })
  return all.every((candidate) => candidate !== undefined) ? all : undefined
}

/** A function of the target's ABI wins over a verb of that name. */
function named(
  name: { readonly text: string; readonly span: Rule['span'] },
  place: ResolvedPlace,
  context: Context,
): readonly Candidate[] | undefined {
  const { library, report } = context
  const abi = place.declared?.abi
  const own = distinct(abi?.filter((action) => action.name === name.text) ?? [])
  if (own.length === 1) return candidates(own, undefined, name, context)
  if (own.length > 1) {
    report({
      code: 'W051',
      severity: 'error',
      span: name.span,
      message: `${quote(place.declared?.name ?? place.text)} has ${own.length} functions called ${quote(name.text)}`,
      help: `write one of them as it is: ${own.map((action) => `\`${signatureText(action)}\``).join(' or ')}`,
    })
    return undefined
  }
  const verb = library.verbs.get(name.text)
  if (verb === undefined) return unknown(name, abi, context, place)
  const declared = library.declared.get(name.text)
  if (declared) declared.used = true
  const inAbi = abi && new Set(abi.map(signatureText))
  const functions = inAbi ? verb.filter((known) => inAbi.has(known.signature)) : verb
  if (functions.length > 0)
    return candidates(
      functions.map((known) => known.action),
      name.text,
      name,
      context,
      functions,
    )
  report({
    code: 'W058',
    severity: 'error',
    span: name.span,
    message: `the ABI of ${quote(place.declared?.name ?? place.text)} has none of the functions that ${quote(name.text)} stands for`,
    help: 'name a function of that ABI, or write its signature',
  })
  return undefined
}

/** An ABI may list a function twice. */
function distinct(functions: readonly AbiFunction[]): readonly AbiFunction[] {
  return functions.length < 2
    ? functions
    : [...new Map(functions.map((action) => [signatureText(action), action])).values()]
}

function unknown(
  name: { readonly text: string; readonly span: Rule['span'] },
  abi: readonly AbiFunction[] | undefined,
  context: Context,
  place: ResolvedPlace,
): undefined {
  const known = [...new Set([...(abi ?? []).map((action) => action.name), ...context.library.verbs.keys(), 'send'])]
  const near = nearest(name.text, known)
  const where = abi
    ? `neither a verb nor a function of the ABI of ${quote(place.declared?.name ?? place.text)}`
    : 'not a verb'
  context.report({
    code: 'W050',
    severity: 'error',
    span: name.span,
    message: `${quote(name.text)} is ${where}`,
    help: near
      ? `did you mean \`${near}\`?`
      : `write its signature, such as \`${name.text}(address to, uint256 amount)\`, or give the contract an \`abi "…"\``,
  })
}
