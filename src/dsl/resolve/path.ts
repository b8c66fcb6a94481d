import { quote } from '../../diagnostic/quote.js'
import type { EnvironmentName } from '../../policy/Operand.js'
import type { Path, Step } from '../ast.js'
import { nearest } from '../nearest.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { letValue } from './let.js'
import { otherQuantifier } from './otherWord.js'
import { numberValue, respan, type Value } from './Value.js'
import { isSingle, parameterList } from './parameters.js'
import { wordOfSize } from './valueAt.js'
import { walk } from './walk.js'

const environment: Readonly<Record<string, readonly EnvironmentName[]>> = {
  call: ['call.value'],
  session: ['session.account', 'session.key'],
  op: [
    'op.callGasLimit',
    'op.verificationGasLimit',
    'op.preVerificationGas',
    'op.maxFeePerGas',
    'op.maxPriorityFeePerGas',
  ],
}

/** What a path stands for: an argument, a word of the environment, a declared name. Undefined if it stands for nothing, which is reported. */
export function resolvePath(path: Path, env: Env, context: Context): Value | undefined {
  const { root, steps } = path
  const [first] = steps
  if (root.text === 'args' && first) return argumentsOf(path, env, context)
  const known = environment[root.text]
  if (known && first?.kind === 'member') return environmentValue(path, known, first.name.text, env, context)
  const element = elementValue(path, env, context)
  if (element) return element.value
  const argument = env.inputs.findIndex((input) => input.name === root.text)
  const named = first ? undefined : namedValue(path, env, context)
  if (named && argument >= 0) {
    return bothArgumentAndName(path, env, context)
  }
  if (argument >= 0)
    return isSingle(env.inputs, root, context, 'args') ? argumentAt(path, steps, argument, env, context) : undefined
  if (named) return named.value
  return unknownName(path, env, context)
}

function bothArgumentAndName({ root, span }: Path, env: Env, context: Context): undefined {
  const word = root.text === 'account' || root.text === 'now'
  const other = root.text === 'account' ? 'or `session.account` for the account' : 'or give the name another word'
  context.report({
    code: 'W061',
    severity: 'error',
    span,
    message: `${quote(root.text)} is both an argument of ${quote(env.functionName)} and ${word ? 'a word of the language' : 'a name of this writ'}`,
    help: `write \`args.${root.text}\` for the argument${root.text === 'now' ? '' : ` ${other}`}`,
  })
}

/** `args.NAME` and `args[0]`: always the argument. */
function argumentsOf(path: Path, env: Env, context: Context): Value | undefined {
  const [first, ...rest] = path.steps
  if (first?.kind === 'index') {
    const index = Number(first.index.value)
    if (env.inputs[index]) return argumentAt(path, rest, index, env, context)
  }
  if (first?.kind === 'member') {
    const index = env.inputs.findIndex((input) => input.name === first.name.text)
    if (index >= 0)
      return isSingle(env.inputs, first.name, context, 'args') ? argumentAt(path, rest, index, env, context) : undefined
  }
  return unknownName(path, env, context)
}

function argumentAt(path: Path, steps: readonly Step[], index: number, env: Env, context: Context): Value | undefined {
  const input = env.inputs[index]
  return input && walk(path, steps, { kind: 'argument', path: [{ kind: 'component', index }] }, input.type, context)
}

/** What a quantifier around names; the names of quantifiers mean nothing else (see quantified.ts). */
function elementValue(path: Path, env: Env, context: Context): { readonly value: Value | undefined } | undefined {
  const { root, steps, span } = path
  const depth = env.elements?.findIndex((element) => element.name === root.text) ?? -1
  const type = env.elements?.[depth]?.type
  if (type === undefined) return undefined
  if (type.kind !== 'packed') return { value: walk(path, steps, { kind: 'element', depth, path: [] }, type, context) }
  const [step] = steps
  if (step) {
    context.report({
      code: 'W111',
      severity: 'error',
      span: step.span,
      message: `${quote(root.text)} is one value of ${type.size} bytes, of which no part can be named`,
      help: `compare ${quote(root.text)} alone, or mask it: \`${root.text} & 0x…\``,
    })
    return { value: undefined }
  }
  const { size } = type
  const operand = { kind: 'packed element', depth, size } as const
  return { value: { kind: 'word', type: wordOfSize(size), operand, span } }
}

/** The bare words and names that are no argument; the value may be undefined where its own line was refused. */
function namedValue(
  { root, span }: Path,
  env: Env,
  context: Context,
): { readonly value: Value | undefined } | undefined {
  if (root.text === 'account')
    return {
      value: {
        kind: 'word',
        type: { kind: 'address' },
        operand: { kind: 'environment', name: 'session.account' },
        span,
      },
    }
  if (root.text === 'now') return { value: { kind: 'now', seconds: 0n, span } }
  const extra = env.extra?.get(root.text)
  if (extra) return { value: { ...extra, span } }
  const entity = context.names.entities.get(root.text)
  if (entity === undefined || entity.kind === 'budget' || entity.kind === 'limit') return undefined
  entity.used = true
  if (entity.kind === 'let') {
    const value = letValue(context, entity)
    // What stands in another text is said to stand where its name does.
    const here = entity.source.text === context.source
    return { value: value && (here ? { ...value, span } : respan(value, span)) }
  }
  const { address } = entity
  const operand = address && ({ kind: 'constant', constant: { kind: 'address', value: address } } as const)
  return { value: operand && { kind: 'word', type: { kind: 'address' }, operand, span } }
}

function environmentValue(
  path: Path,
  known: readonly EnvironmentName[],
  member: string,
  env: Env,
  context: Context,
): Value | undefined {
  const { root, span } = path
  const name = known.find((name) => name === `${root.text}.${member}`)
  const where = { call: ['rule'], session: ['rule', 'fees', 'declaration'], op: ['rule', 'fees'] }[root.text] ?? []
  if (name === undefined || path.steps.length > 1) {
    // A tuple argument may be called `call` or `op`; its other members are no words of the language.
    const argument = env.inputs.findIndex((input) => input.name === root.text)
    if (argument >= 0) return argumentAt(path, path.steps, argument, env, context)
    const near = nearest(`${root.text}.${member}`, known)
    context.report({
      code: 'W060',
      severity: 'error',
      span,
      message: `there is no ${quote(textOf(path, context))}`,
      help: near ? `did you mean \`${near}\`?` : `write ${known.map((word) => `\`${word}\``).join(' or ')}`,
    })
    return undefined
  }
  if (!where.includes(env.place)) {
    context.report({
      code: 'W060',
      severity: 'error',
      span,
      message: `${quote(name)} has no meaning here`,
      help:
        env.place === 'fees'
          ? 'the conditions of `fees` speak of `op.…` and constants'
          : 'a declaration speaks of constants only',
    })
    return undefined
  }
  const operand = { kind: 'environment', name } as const
  if (name === 'session.account' || name === 'session.key')
    return { kind: 'word', type: { kind: 'address' }, operand, span }
  const isWei = name === 'call.value' || name === 'op.maxFeePerGas' || name === 'op.maxPriorityFeePerGas'
  return numberValue(operand, span, isWei ? 'ETH' : undefined)
}

const textOf = (path: Path, context: Context): string => context.source.slice(path.span.start, path.span.end)

function unknownName(path: Path, env: Env, context: Context): undefined {
  const text = textOf(path, context)
  const names = [...context.names.entities.values()].filter(
    (entity) => entity.kind !== 'budget' && entity.kind !== 'limit',
  )
  const args = path.root.text === 'args'
  const [first] = path.steps
  const word = args && first?.kind === 'member' ? first.name.text : path.root.text
  const candidates = [
    ...env.inputs.map((input) => input.name).filter(Boolean),
    ...(args ? [] : (env.elements ?? []).map((element) => element.name)),
    ...(args ? [] : [...names.map((entity) => entity.name), 'account', 'now']),
  ]
  const near = nearest(word, candidates)
  const subject =
    env.place === 'rule' && env.functionName !== ''
      ? `${quote(env.functionName)} has no argument ${quote(text)}`
      : `${quote(text)} is not declared`
  context.report({
    code: 'W060',
    severity: 'error',
    span: path.span,
    message: subject,
    help: near
      ? `did you mean \`${args ? 'args.' : ''}${near}\`?`
      : ((args ? undefined : otherQuantifier(word)) ??
        (env.place === 'rule'
          ? `its arguments are ${parameterList(env.inputs)}`
          : `declare it: \`let ${path.root.text} = …\``)),
  })
}
