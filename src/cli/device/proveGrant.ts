import { deviceText, displayable } from '../../compiler/device/deviceText.js'
import { encode } from '../../compiler/encode.js'
import { explain } from '../../explain/explain.js'
import type { Binding } from '../../policy/Binding.js'
import type { Policy } from '../../policy/Policy.js'
import { gate, gateText, type Gate } from '../chain/gate.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'

/** What was proved of a grant before anybody signs it, and the text that is signed. */
export type Proved = { readonly text: string; readonly gate: Gate }

/**
 * Explains a policy, proves that chain, evaluator and definition decide it alike, and that the module's bytecode prints the very text that a device is
 * asked to sign. Ends the command where one of it is not so: then nothing has reached a device.
 */
export const proveGrant = async (
  io: Io,
  flags: { readonly json?: true; readonly verify: boolean },
  policy: Policy,
  binding: Binding,
): Promise<Proved> => {
  const [problem] = displayable(policy, binding)
  if (problem !== undefined)
    throw new CliError(
      ExitCode.invalid,
      `no device can show this grant: ${problem.rule === undefined ? '' : `rule ${problem.rule + 1}: `}${problem.message}`,
      'say it in several writs, or let the account itself grant it by a call',
    )
  if (!flags.json) io.out(`${explain(policy)}\n`)
  const found = await gate(io, policy, binding, flags.verify)
  if (!flags.json) io.out(gateText(found))
  const text = deviceText(policy, binding)
  await expectPrinted(io, policy, binding, text)
  return { text, gate: found }
}

const expectPrinted = async (io: Io, policy: Policy, binding: Binding, text: string): Promise<void> => {
  const { printGrant } = await import('../../evm/printGrant.js')
  const printed = await printGrant(encode(policy, binding))
  if (printed.ok && printed.text === text) return
  const what = printed.ok ? `prints another text:\n${printed.text}\n` : `refuses to print it: ${printed.error}\n`
  io.err(`the text that a device would be asked to sign:\n${text}\nthe module ${what}`)
  throw new CliError(
    ExitCode.differs,
    'the chain does not print what would be signed, nothing was signed',
    'please report it with the writ',
  )
}
