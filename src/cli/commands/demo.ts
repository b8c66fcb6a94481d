import { Option } from 'commander'
import { ExitCode } from '../ExitCode.js'
import type { AddCommand } from '../run.js'

/** `writ demo`: the whole story, on this machine alone. */
export const demoCommand: AddCommand = (program, io, done) => {
  program
    .command('demo')
    .summary('the whole story in an embedded EVM: compile, verify, sign, install, operate, revoke')
    .description(
      'Compiles an example writ, runs the gate, installs the module in an embedded EVM with a real EntryPoint 0.7, lets the owner sign\nthe grant on a Ledger in software (no protection: it is driven as a real one is), lets the agent act within it and beyond it, and\nends it by the device again. Needs no node, no device and no network.',
    )
    .option('--json', 'print JSON Lines, one object for each step of the story')
    .addOption(new Option('--signer <kind>', 'which device the owner has').choices(['simulated']).default('simulated'))
    .action(async (options: { json?: true }) => {
      const { runDemo } = await import('../demo.js')
      const code = await runDemo({ print: io.out, json: options.json === true })
      if (code !== 0) done(ExitCode.differs)
    })
}
