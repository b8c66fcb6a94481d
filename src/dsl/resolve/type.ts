import { quote } from '../../diagnostic/quote.js'
import type { AbiType, Parameter } from '../../policy/AbiType.js'
import { elementaryType } from '../abi/parseType.js'
import type { ParameterNode, TypeNode } from '../ast.js'
import { nearest } from '../nearest.js'
import type { Report } from './Report.js'

/** Members of a tuple, or elements of an array of fixed length, or words of the heads (docs/format.md). */
export const mostMembers = 255

/** The parameters of an inline signature; a type that does not exist is reported. */
export function readParameters(nodes: readonly ParameterNode[], report: Report): readonly Parameter[] | undefined {
  const parameters = nodes.map((node): Parameter | undefined => {
    const type = readType(node.type, report)
    return type && { name: node.name?.text ?? '', type }
  })
  return parameters.every((parameter) => parameter !== undefined) ? parameters : undefined
}

const elementary = ['address', 'bool', 'bytes', 'string', 'uint256', 'int256', 'bytes32', 'uint8', 'uint128']

function readType(node: TypeNode, report: Report): AbiType | undefined {
  switch (node.kind) {
    case 'elementary': {
      const type = elementaryType(node.text)
      if (type) return type
      const near = nearest(node.text, elementary)
      return refuse(
        report,
        node,
        `${quote(node.text)} is no ABI type`,
        near
          ? `did you mean \`${near}\`?`
          : 'types are `address`, `uint256`, `bytes32`, `bool`, `(address to, uint256 amount)[]` and their like',
      )
    }
    case 'array': {
      const element = readType(node.element, report)
      if (element === undefined) return undefined
      if (node.length === undefined) return { kind: 'array', element }
      const { digits, decimals } = node.length.value
      if (decimals > 0 || digits < 1n || digits > BigInt(mostMembers))
        return refuse(
          report,
          node.length,
          `an array of ${quote(node.length.text)} elements cannot be compiled`,
          `a fixed length is 1 to ${mostMembers}`,
        )
      return { kind: 'array', element, length: Number(digits) }
    }
    case 'tuple type': {
      const components = readParameters(node.components, report)
      if (components?.length === 0)
        return refuse(
          report,
          node,
          'a tuple without members does not exist',
          'name its members: `(address to, uint256 amount)`',
        )
      return components && { kind: 'tuple', components }
    }
    default:
      return node satisfies never
  }
}

function refuse(report: Report, node: { readonly span: TypeNode['span'] }, message: string, help: string): undefined {
  report({ code: 'W053', severity: 'error', span: node.span, message, help })
}

/** Words that a type takes in the heads; a dynamic one takes the one of its offset. */
export function headWords(type: AbiType): number {
  return isDynamic(type) ? 1 : staticWords(type)
}

/** Whether the ABI encodes the type behind an offset. */
export function isDynamic(type: AbiType): boolean {
  if (type.kind === 'array') return type.length === undefined || isDynamic(type.element)
  if (type.kind === 'tuple') return type.components.some((component) => isDynamic(component.type))
  return type.kind === 'bytes' || type.kind === 'string'
}

function staticWords(type: AbiType): number {
  if (type.kind === 'array') return (type.length ?? 0) * staticWords(type.element)
  if (type.kind === 'tuple') return type.components.reduce((sum, component) => sum + staticWords(component.type), 0)
  return 1
}

/** Why the format cannot hold a function's arguments; undefined if it can. */
export function shapeProblem(inputs: readonly Parameter[]): string | undefined {
  const words = inputs.reduce((sum, input) => sum + headWords(input.type), 0)
  if (inputs.length > mostMembers || words > mostMembers)
    return `its arguments take ${words} words, and ${mostMembers} is the most`
  return inputs.map((input) => typeProblem(input.type, 1)).find((problem) => problem !== undefined)
}

function typeProblem(type: AbiType, depth: number): string | undefined {
  if (depth > 31) return 'its types are nested more than 32 deep'
  if (!isDynamic(type) && staticWords(type) > mostMembers)
    return `a type of it takes ${staticWords(type)} words, and ${mostMembers} is the most`
  if (type.kind === 'array')
    return (type.length ?? 0) > mostMembers
      ? `an array of it has ${type.length} elements, and ${mostMembers} is the most`
      : typeProblem(type.element, depth + 1)
  if (type.kind !== 'tuple') return undefined
  if (type.components.length > mostMembers) return `a tuple of it has more than ${mostMembers} members`
  return type.components
    .map((component) => typeProblem(component.type, depth + 1))
    .find((problem) => problem !== undefined)
}
