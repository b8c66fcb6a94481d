import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Policy } from '../../policy/Policy.js'
import { headWordsOf, headWordsOfAll, heightOf, isDynamic } from '../abi.js'
import {
  type Callable,
  type FunctionShape,
  isCallable,
  keyOfFunction,
  nameOf,
  shapeOf,
  signatureOf,
} from '../FunctionShape.js'
import { LIMIT } from '../layout.js'
import { rulesWithin } from '../rulesWithin.js'
import type { Report } from './Report.js'

/** The functions of all rules: few enough, each sound, and no two that one call may be of take different arguments. */
export const functionsLaws = ({ rules }: Policy, report: Report): void => {
  const known = new Map<string, FunctionShape | undefined>()
  const bySelector = new Map<string, string>()
  const seen = new Set<string>()
  const keys = new Map<Callable, string>()
  for (const { target, action } of rulesWithin(rules)) {
    if (!isCallable(action)) continue
    const key = keys.get(action) ?? keyOfFunction(action)
    keys.set(action, key)
    // A byte means one command to one contract, a selector one function everywhere.
    const whose = action.kind === 'command' ? `${target} ` : ''
    if (seen.has(whose + key)) continue
    seen.add(whose + key)
    if (!known.has(key)) known.set(key, soundShape(action, report))
    const shape = known.get(key)
    if (shape === undefined) continue
    const other = bySelector.get(whose + shape.selector)
    if (other !== undefined && other !== shape.signature)
      report(`\`${shape.signature}\` and \`${other}\` have one selector`)
    bySelector.set(whose + shape.selector, shape.signature)
  }
  if (known.size > LIMIT.functions) report(`${known.size} functions are more than ${LIMIT.functions}`)
}

const soundShape = (action: Callable, report: Report): FunctionShape | undefined => {
  let sound = true
  functionLaws(action, (message) => {
    sound = false
    report(message)
  })
  return sound ? shapeOf(action) : undefined
}

/** One function or command: it can be written down, and its arguments be counted. */
export const functionLaws = (action: Callable, report: Report): void => {
  const { inputs } = action
  if (action.kind === 'command' && !(Number.isInteger(action.command) && action.command >= 0 && action.command <= 255))
    return report(`${action.command} is no byte of a command`)
  const name = nameOf(action)
  if (action.kind === 'call' && !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name))
    report(`\`${name}\` is no name of a function`)
  if (inputs.length > LIMIT.members) return report(`\`${name}\` has more than ${LIMIT.members} parameters`)
  // The deeper laws walk down the types, so that they are measured first.
  if (inputs.some(({ type }) => heightOf(type) > LIMIT.depth)) {
    return report(`types of \`${name}\` are nested more than ${LIMIT.depth} deep`)
  }
  let sound = true
  const inner: Report = (message) => {
    sound = false
    report(message)
  }
  parametersLaws(inputs, inner)
  if (headWordsOfAll(inputs) > LIMIT.headWords)
    inner(`the heads of \`${name}\` have more than ${LIMIT.headWords} words`)
  if (signatureOf(action).length > LIMIT.signatureLength) inner(`the signature of \`${name}\` is too long`)
  if (sound && shapeOf(action).descriptor.length > LIMIT.descriptorLength) {
    report(`the types of \`${name}\` take more than ${LIMIT.descriptorLength} bytes to describe`)
  }
}

const parametersLaws = (parameters: readonly Parameter[], report: Report): void => {
  for (const { name, type } of parameters) {
    if (!/^([A-Za-z_$][A-Za-z0-9_$]{0,254})?$/.test(name)) report(`\`${name}\` is no name of a parameter`)
    typeLaws(type, report)
  }
}

const typeLaws = (type: AbiType, report: Report): void => {
  if (!isDynamic(type) && headWordsOf(type) > LIMIT.headWords) report(`a type has more than ${LIMIT.headWords} words`)
  switch (type.kind) {
    case 'address':
    case 'bool':
    case 'bytes':
    case 'string':
      return
    case 'uint':
    case 'int':
      if (type.bits % 8 !== 0 || type.bits < 8 || type.bits > 256) report(`\`${type.kind}${type.bits}\` is no type`)
      return
    case 'fixedBytes':
      if (!Number.isInteger(type.size) || type.size < 1 || type.size > 32) report(`\`bytes${type.size}\` is no type`)
      return
    case 'array':
      if (type.length !== undefined && !isCount(type.length))
        report(`an array has ${type.length} elements, not 1 to ${LIMIT.members}`)
      typeLaws(type.element, report)
      return
    case 'tuple':
      if (!isCount(type.components.length))
        report(`a tuple has ${type.components.length} members, not 1 to ${LIMIT.members}`)
      if (headWordsOfAll(type.components) > LIMIT.headWords) report(`a tuple has more than ${LIMIT.headWords} words`)
      parametersLaws(type.components, report)
      return
    default:
      return type satisfies never
  }
}

const isCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= LIMIT.members
