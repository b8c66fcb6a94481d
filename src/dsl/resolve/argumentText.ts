import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { PathStep } from '../../policy/Operand.js'

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
