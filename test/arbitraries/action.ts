import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
import type { FunctionAction } from '../../src/policy/Action.js'
import type { Argument, PathStep } from '../../src/policy/Operand.js'
import { buildParameters } from './abiType.js'
import type { Source } from './Source.js'

// No name of a function that the language treats in a way of its own (transfer, approve, ...): those are built by hand where they are wanted.
const NAMES = ['act', 'deny', 'any', 'run_it', 'exactInputSingle', 'from', '_x1']

/** Functions whose names differ, so that no two have one signature. */
export const buildFunctions = (source: Source): readonly FunctionAction[] =>
  source.many(1, 4, (index) => ({
    kind: 'call',
    name: `${source.pick(NAMES)}${index}`,
    inputs: buildParameters(source, source.below(4), 0),
  }))

/** Every word of the arguments that a path reaches, arrays by their first elements and their last. */
export const argumentsOf = (inputs: readonly Parameter[]): readonly Argument[] =>
  inputs.flatMap(({ type }, index) => wordsOf(type, [{ kind: 'component', index }]))

const wordsOf = (type: AbiType, path: readonly PathStep[]): readonly Argument[] => {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return []
    case 'array': {
      const steps: PathStep[] = [{ kind: 'element', index: 0 }]
      if (type.length === undefined) steps.push({ kind: 'element', index: 3 }, { kind: 'last' })
      else if (type.length > 1) steps.push({ kind: 'element', index: type.length - 1 })
      return steps.flatMap((step) => wordsOf(type.element, [...path, step]))
    }
    case 'tuple':
      return type.components.flatMap((component, index) =>
        wordsOf(component.type, [...path, { kind: 'component', index }]),
      )
    case 'address':
    case 'bool':
    case 'uint':
    case 'int':
    case 'fixedBytes':
      return [{ kind: 'argument', path, type }]
    default:
      return type satisfies never
  }
}
