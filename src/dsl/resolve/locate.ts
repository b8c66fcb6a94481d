import { quote } from '../../diagnostic/quote.js'
import type { AbiType } from '../../policy/AbiType.js'
import type { ByteRange, PathStep, Place } from '../../policy/Place.js'
import type { Expression } from '../ast.js'
import type { Context } from './Context.js'
import type { Env } from './Env.js'
import { sourceOf } from './expression.js'

/** A place of the arguments and what stands there; a slice of `bytes` has the type of the whole. */
export type Located = { readonly place: Place; readonly type: AbiType; readonly slice?: ByteRange }

/** Where a path leads to; undefined if it leads to no place of the arguments, which is reported. */
export function locate(node: Expression, env: Env, context: Context): Located | undefined {
  const [path, type, slice] = node.kind === 'path' ? (follow(node, env) ?? []) : []
  if (path !== undefined && type !== undefined)
    return { place: { kind: 'argument', path }, type, ...(slice && { slice }) }
  context.report({
    code: 'W141',
    severity: 'error',
    span: node.span,
    message: `${quote(sourceOf(node, context))} is no argument of ${quote(env.functionName)}`,
    help: 'name an argument that carries calls: `calls(data)`, `multisend(transactions)`, `commands(commands, inputs)`',
  })
  return undefined
}

function follow(
  { root, steps }: Extract<Expression, { kind: 'path' }>,
  env: Env,
): readonly [readonly PathStep[], AbiType, ByteRange?] | undefined {
  let type: AbiType = { kind: 'tuple', components: env.inputs }
  const path: PathStep[] = []
  const [first] = steps
  const member = (name: string): boolean => {
    if (type.kind !== 'tuple') return false
    const index = type.components.findIndex((component) => component.name === name)
    const found = type.components[index]
    if (!found) return false
    path.push({ kind: 'component', index })
    type = found.type
    return true
  }
  const isArgs = root.text === 'args' && first !== undefined
  if (!isArgs && !member(root.text)) return undefined
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'member') {
      if (!member(step.name.text)) return undefined
    } else if (step.kind === 'slice') {
      if (type.kind !== 'bytes' || index < steps.length - 1) return undefined
      const start = Number(step.start?.value ?? 0n)
      return [path, type, step.end ? { start, end: Number(step.end.value) } : { start }]
    } else {
      const at: number = step.kind === 'last' ? -1 : Number(step.index.value)
      if (type.kind === 'tuple') {
        const found: { readonly type: AbiType } | undefined = type.components[at]
        if (!found) return undefined
        path.push({ kind: 'component', index: at })
        type = found.type
      } else if (type.kind === 'array') {
        path.push(at < 0 ? { kind: 'last' } : { kind: 'element', index: at })
        type = type.element
      } else return undefined
    }
  }
  return [path, type]
}
