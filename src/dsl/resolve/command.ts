import { quote } from '../../diagnostic/quote.js'
import type { CommandAction } from '../../policy/Action.js'
import type { Hex } from '../../policy/Hex.js'
import { signatureText } from '../abi/selector.js'
import type { Action } from '../ast.js'
import type { Context } from './Context.js'
import type { Callee, Within } from './Draft.js'
import { readParameters, shapeProblem } from './type.js'

/** A command as a rule's action: only inside `each … in commands(…)`, and nothing else stands there. */
export function commandAction(
  action: Action,
  within: Within | undefined,
  context: Context,
): { readonly action: CommandAction; readonly callee: Callee } | undefined {
  const refuse = (code: string, message: string, help: string) => {
    context.report({ code, severity: 'error', span: action.span, message, help })
    return undefined
  }
  if (action.kind !== 'command')
    return refuse(
      'W143',
      'inside `commands` a rule names a command, and this is none',
      'write its byte and what its input encodes: `allow 0x08(address recipient, uint256 amountIn)`',
    )
  const { text } = action.command
  if (within?.form !== 'commands')
    return refuse(
      'W143',
      `${quote(text)} is a command, which stands inside \`each … in commands(…)\` only`,
      'name a function',
    )
  if (!/^0x[0-9a-fA-F]{2}$/.test(text))
    return refuse('W143', `${quote(text)} is no command: it has one byte`, 'write two hex digits: `0x08(…)`')
  const inputs = readParameters(action.inputs, context.report)
  if (inputs === undefined) return undefined
  const problem = shapeProblem(inputs)
  if (problem !== undefined)
    return refuse(
      'W053',
      `the command ${quote(text)} cannot be compiled: ${problem}`,
      'such a command cannot be allowed to a session key',
    )
  const name = text.toLowerCase()
  const selector: Hex = `0x000000${name.slice(2)}`
  const callee = { name, signature: signatureText({ name, inputs }), selector, known: undefined, verb: undefined }
  return { action: { kind: 'command', command: Number(name), inputs }, callee }
}
