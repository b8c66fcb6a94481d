import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Argument, PathStep, Slice } from '../../policy/Operand.js'

/** A path as an author writes it: `params.tokenIn`, `path[0]`, `args[1]` where a parameter has no name. */
export function argumentText(inputs: readonly Parameter[], path: readonly PathStep[]): string {
  let text = ''
  let type: AbiType = { kind: 'tuple', components: inputs }
  for (const [depth, step] of path.entries()) {
    if (step.kind === 'component' && type.kind === 'tuple') {
      const component: Parameter | undefined = type.components[step.index]
      const name = component?.name ?? ''
      if (depth === 0) text = name || `args[${step.index}]`
      else text += name ? `.${name}` : `[${step.index}]`
      if (component === undefined) return text
      type = component.type
    } else {
      text += step.kind === 'last' ? '[last]' : `[${step.index}]`
      if (type.kind === 'array') type = type.element
    }
  }
  return text
}

/** An argument, or some bytes of one, as an author writes it: `params.tokenIn`, `params.path[0:20]`. */
export function spentText(inputs: readonly Parameter[], spent: Argument | Slice): string {
  if (spent.kind === 'argument') return argumentText(inputs, spent.path)
  const { place, slice } = spent.bytes
  return `${argumentText(inputs, place.path)}[${slice.start}:${slice.end ?? ''}]`
}
