import type { AbiType, Parameter } from '../../src/policy/AbiType.js'
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
    inputs: [...buildParameters(source, source.below(4), 0), ...(source.chance(50) ? [buildList(source)] : [])],
  }))

/** An argument as quantifiers and slices like them. */
const buildList = (source: Source): Parameter => {
  const element: AbiType = source.pick([
    { kind: 'uint', bits: 256 },
    { kind: 'address' },
    {
      kind: 'tuple',
      components: [parameter('to', { kind: 'address' }), parameter('amount', { kind: 'uint', bits: 128 })],
    },
    { kind: 'fixedBytes', size: 32 },
    { kind: 'bytes' },
    { kind: 'array', element: { kind: 'uint', bits: 64 } },
  ])
  return source.pick([
    parameter('list', { kind: 'array', element }),
    parameter('path', { kind: 'bytes' }),
    parameter('fixed', { kind: 'array', element, length: 2 }),
    parameter('memo', { kind: 'string' }),
  ])
}

const parameter = (name: string, type: AbiType): Parameter => ({ name, type })
