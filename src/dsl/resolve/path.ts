import { quote } from '../../diagnostic/quote.js'
import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { EnvironmentName, PathStep } from '../../policy/Operand.js'
import type { Path, Step } from '../ast.js'
import { typeText } from '../abi/selector.js'
import { nearest } from '../nearest.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { letValue } from './let.js'
import { numberValue, type Value } from './Value.js'

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
  const argument = env.inputs.findIndex((input) => input.name === root.text)
  const named = first ? undefined : namedValue(path, env, context)
  if (named && argument >= 0) {
    return bothArgumentAndName(path, env, context)
  }
  if (argument >= 0)
    return isSingle(env.inputs, root, context, 'args') ? walk(path, steps, argument, env, context) : undefined
  if (named) return named.value
  return unknownName(path, env, context)
}

/** Real ABIs give one name to two parameters; then only positions tell them apart. */
function isSingle(
  parameters: readonly Parameter[],
  name: { readonly text: string; readonly span: Path['span'] },
  context: Context,
  before: string,
): boolean {
  const first = parameters.findIndex((parameter) => parameter.name === name.text)
  const second = parameters.findIndex((parameter, index) => index > first && parameter.name === name.text)
  if (second < 0) return true
  context.report({
    code: 'W061',
    severity: 'error',
    span: name.span,
    message: `two parameters are called ${quote(name.text)}`,
    help: `write its position: \`${before}[${first}]\` or \`${before}[${second}]\``,
  })
  return false
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
    if (env.inputs[index]) return walk(path, rest, index, env, context)
  }
  if (first?.kind === 'member') {
    const index = env.inputs.findIndex((input) => input.name === first.name.text)
    if (index >= 0)
      return isSingle(env.inputs, first.name, context, 'args') ? walk(path, rest, index, env, context) : undefined
  }
  return unknownName(path, env, context)
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
    return { value: value && { ...value, span } }
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
    if (argument >= 0) return walk(path, path.steps, argument, env, context)
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

/** Follows the steps from an argument to a single word (or to a tuple, which becomes its members). */
function walk(path: Path, steps: readonly Step[], argument: number, env: Env, context: Context): Value | undefined {
  const input = env.inputs[argument]
  if (input === undefined) return undefined
  let type: AbiType = input.type
  const route: PathStep[] = [{ kind: 'component', index: argument }]
  for (const step of steps) {
    const next = follow(type, step, path, context)
    if (next === undefined) return undefined
    route.push(next.step)
    type = next.type
  }
  return argumentValue(type, route, path, context)
}

type Followed = { readonly step: PathStep; readonly type: AbiType }

function follow(type: AbiType, step: Step, path: Path, context: Context): Followed | undefined {
  const refuse = (message: string, help: string) => {
    context.report({ code: 'W062', severity: 'error', span: step.span, message, help })
    return undefined
  }
  if (step.kind === 'slice') return notYet('a slice of an argument', step, context)
  if (step.kind === 'member') {
    if (type.kind !== 'tuple')
      return refuse(`${quote(typeText(type))} has no member ${quote(step.name.text)}`, 'only a tuple has named members')
    return isSingle(type.components, step.name, context, '…')
      ? component(type.components, step.name.text, step, context)
      : undefined
  }
  if (type.kind === 'bytes' || type.kind === 'string') return notYet(`a part of ${quote(type.kind)}`, step, context)
  if (type.kind !== 'array' && type.kind !== 'tuple')
    return refuse(`${quote(typeText(type))} has no elements`, `write ${quote(path.root.text)} alone`)
  const length = type.kind === 'tuple' ? type.components.length : type.length
  const position = step.kind === 'last' ? -1 : Number(step.index.value)
  if (length === undefined) {
    if (position === -1) return type.kind === 'array' ? { step: { kind: 'last' }, type: type.element } : undefined
    if (position < 0)
      return refuse('only the last element is found from the end', 'write `[last]`, or count from the beginning')
    if (position > 65_535) return refuse(`element ${position} is too far along`, 'an index is 65535 at most')
  }
  const index = position < 0 && length !== undefined ? length + position : position
  if (length !== undefined && (index < 0 || index >= length))
    return refuse(`there is no element ${position} in ${quote(typeText(type))}`, `count from 0 to ${length - 1}`)
  if (type.kind === 'array') return { step: { kind: 'element', index }, type: type.element }
  const found = type.components[index]
  return found && { step: { kind: 'component', index }, type: found.type }
}

function component(components: readonly Parameter[], name: string, step: Step, context: Context): Followed | undefined {
  const index = components.findIndex((other) => other.name === name)
  const found = components[index]
  if (found) return { step: { kind: 'component', index }, type: found.type }
  const near = nearest(
    name,
    components.map((other) => other.name),
  )
  context.report({
    code: 'W060',
    severity: 'error',
    span: step.span,
    message: `there is no member ${quote(name)}`,
    help: near ? `did you mean \`${near}\`?` : `there are ${list(components)}`,
  })
  return undefined
}

const list = (parameters: readonly Parameter[]): string =>
  parameters.map((parameter, index) => quote(parameter.name || `args[${index}]`)).join(', ') || 'none'

function argumentValue(type: AbiType, route: readonly PathStep[], path: Path, context: Context): Value | undefined {
  const { span } = path
  switch (type.kind) {
    case 'uint':
    case 'int':
      return numberValue({ kind: 'argument', path: route, type }, span)
    case 'address':
    case 'bool':
    case 'fixedBytes':
      return { kind: 'word', type, operand: { kind: 'argument', path: route, type }, span }
    case 'tuple': {
      const items = type.components.map((member, index) =>
        argumentValue(member.type, [...route, { kind: 'component', index }], path, context),
      )
      return items.every((item) => item !== undefined) ? { kind: 'tuple', items, span } : undefined
    }
    case 'array':
      return notYet(`comparing all of ${quote(typeText(type))}`, path, context)
    case 'bytes':
    case 'string':
      return notYet(`comparing ${quote(type.kind)}`, path, context)
    default:
      return type satisfies never
  }
}

/** Reports what a later version will have. */
export function notYet(
  what: string,
  node: { readonly span: Path['span'] },
  context: Context,
  help = 'leave it out, and compare the single words that matter',
): undefined {
  context.report({
    code: 'W040',
    severity: 'error',
    span: node.span,
    message: `${what} is not in this version yet`,
    help,
  })
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
      : env.place === 'rule'
        ? `its arguments are ${list(env.inputs)}`
        : `declare it: \`let ${path.root.text} = …\``,
  })
}
