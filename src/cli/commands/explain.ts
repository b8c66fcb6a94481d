import { printDiagnostics } from '../diagnostics.js'
import { headerOptions, type HeaderFlags } from '../headerOptions.js'
import { loadPolicy } from '../loadPolicy.js'
import type { AddCommand } from '../run.js'

/** `writ explain`: the policy in sentences. */
export const explainCommand: AddCommand = (program, io) => {
  const command = program
    .command('explain')
    .summary('says in sentences what a writ allows, and the worst case')
    .description(
      'Prints what FILE lets the key do, sentence by sentence: every function a verb stands for, what is required of each,\nthe budgets and the worst that can happen within them. Read it before you sign.',
    )
    .argument('<file>', 'a writ, or an artifact made by `writ compile`; - reads standard input')
    .option('--json', 'print one JSON object: {file, open, text}')
  headerOptions(command).action(async (file: string, flags: HeaderFlags & { json?: true }) => {
    const loaded = loadPolicy(io, file, flags, flags.json === true)
    const { explain } = await import('../../explain/explain.js')
    const text = explain(loaded.policy, { open: loaded.open })
    if (flags.json) {
      io.out(`${JSON.stringify({ file, open: loaded.open, text })}\n`)
      return
    }
    printDiagnostics(io, loaded.diagnostics, loaded.sources)
    io.out(text.endsWith('\n') ? text : `${text}\n`)
  })
}
