import { quote } from '../../diagnostic/quote.js'
import type { Parameter } from '../../policy/AbiType.js'
import type { Name } from '../ast.js'
import type { Context } from './Context.js'

/** Real ABIs give one name to two parameters; then only positions tell them apart. False where they do not, which is reported. */
export function isSingle(parameters: readonly Parameter[], name: Name, context: Context, before: string): boolean {
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

/** The names of parameters, for messages. */
export const parameterList = (parameters: readonly Parameter[]): string =>
  parameters.map((parameter, index) => quote(parameter.name || `args[${index}]`)).join(', ') || 'none'
