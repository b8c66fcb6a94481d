import { Command, CommanderError } from 'commander'
import { ChainFault } from '../account/ChainFault.js'
import { CliError, Reported } from './CliError.js'
import { checkCommand } from './commands/check.js'
import { compileCommand } from './commands/compile.js'
import { decideCommand } from './commands/decide.js'
import { demoCommand } from './commands/demo.js'
import { deployCommand } from './commands/deploy.js'
import { explainCommand } from './commands/explain.js'
import { fmtCommand } from './commands/fmt.js'
import { grantCommand } from './commands/grant.js'
import { initCommand } from './commands/init.js'
import { installCommand } from './commands/install.js'
import { keyCommand } from './commands/key.js'
import { inspectCommand } from './commands/inspect.js'
import { sendCommand } from './commands/send.js'
import { statusCommand } from './commands/status.js'
import { revokeCommand } from './commands/revoke.js'
import { previewCommand } from './commands/preview.js'
import { verifyCommand } from './commands/verify.js'
import { exitCodeOf } from './chain/exitCodeOf.js'
import { ExitCode } from './ExitCode.js'
import type { Io } from './Io.js'
import { version } from './version.js'

/** A command of the program: it adds itself, and reports its exit code through `done`. */
export type AddCommand = (program: Command, io: Io, done: (code: ExitCode) => void) => void

const commands: readonly AddCommand[] = [
  initCommand,
  checkCommand,
  fmtCommand,
  explainCommand,
  compileCommand,
  previewCommand,
  decideCommand,
  verifyCommand,
  keyCommand,
  deployCommand,
  installCommand,
  grantCommand,
  statusCommand,
  sendCommand,
  inspectCommand,
  revokeCommand,
  demoCommand,
]

/** Runs one command line; resolves to its exit code and never rejects. */
export const run = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  let code: ExitCode = ExitCode.answered
  const program = new Command('writ')
    .description('Says in words what a session key may do, and proves that the chain agrees.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.color.out,
      getErrHasColors: () => io.color.err,
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what this command takes)')
    .addHelpText('after', exitCodes)
  for (const add of commands) add(program, io, (result) => (code = result))
  try {
    if (argv.length === 0) {
      io.out(program.helpInformation())
      io.out(exitCodes)
      return ExitCode.usage
    }
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return report(error, io)
  }
}

const exitCodes = `
Exit codes: 0 answered, 1 readings or files differ, 2 usage, 3 invalid input, 4 environment, 5 refused.

Start here:
  writ demo                 the whole story, on this machine alone
  writ init my.writ         a commented file to start from
  writ explain my.writ      what it allows, in sentences
`

const report = (error: unknown, io: Io): ExitCode => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.answered : ExitCode.usage
  if (error instanceof Reported) return error.exitCode
  if (error instanceof CliError) {
    io.err(`error: ${error.message}\n`)
    if (error.help !== undefined) io.err(`help: ${error.help}\n`)
    return error.exitCode
  }
  if (error instanceof ChainFault) {
    io.err(`error: ${error.shortMessage}\nhelp: ${error.help}\n`)
    return exitCodeOf(error.code)
  }
  io.err(`error: a fault of writ itself: ${error instanceof Error ? error.message : String(error)}\n`)
  io.err('help: please report it with the command line and the files\n')
  return ExitCode.environment
}
