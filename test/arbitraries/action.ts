import type { FunctionAction } from '../../src/policy/Action.js'
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
