import { Command, CommanderError } from 'commander'
import { CliError, Reported } from './CliError.js'
import { exitCodeOf } from './chain/exitCodeOf.js'
import { ExitCode } from './ExitCode.js'
import type { Io } from './Io.js'
import { version } from './version.js'

/** A command of the program: it adds itself, and reports its exit code through `done`. */
export type AddCommand = (program: Command, io: Io, done: (code: ExitCode) => void) => void

/** Every command by its name, in the order of the help. Only the one that is asked for is loaded: most of the time of a `writ check` was the others'. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  init: async () => (await import('./commands/init.js')).initCommand,
  check: async () => (await import('./commands/check.js')).checkCommand,
  fmt: async () => (await import('./commands/fmt.js')).fmtCommand,
  explain: async () => (await import('./commands/explain.js')).explainCommand,
  compile: async () => (await import('./commands/compile.js')).compileCommand,
  preview: async () => (await import('./commands/preview.js')).previewCommand,
  decide: async () => (await import('./commands/decide.js')).decideCommand,
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  key: async () => (await import('./commands/key.js')).keyCommand,
  deploy: async () => (await import('./commands/deploy.js')).deployCommand,
  install: async () => (await import('./commands/install.js')).installCommand,
  grant: async () => (await import('./commands/grant.js')).grantCommand,
  status: async () => (await import('./commands/status.js')).statusCommand,
  send: async () => (await import('./commands/send.js')).sendCommand,
  inspect: async () => (await import('./commands/inspect.js')).inspectCommand,
  revoke: async () => (await import('./commands/revoke.js')).revokeCommand,
  demo: async () => (await import('./commands/demo.js')).demoCommand,
}

/** The commands that a line may mean: all of them where it names none, for the help and for what a misspelt one is near to. */
const commandsFor = (argv: readonly string[]): Promise<AddCommand[]> => {
  const [name] = argv
  const named = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  return Promise.all((named === undefined ? Object.values(commands) : [named]).map((load) => load()))
}

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
  try {
    for (const add of await commandsFor(argv)) add(program, io, (result) => (code = result))
    if (argv.length === 0) {
      // Nothing was asked, so this is no answer.
      io.err(program.helpInformation())
      io.err(exitCodes)
      return ExitCode.usage
    }
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return await report(error, io, argv.includes('--json'))
  }
}

const exitCodes = `
Exit codes: 0 answered, 1 readings or files differ, 2 usage, 3 invalid input, 4 environment, 5 refused.

Start here:
  writ demo                 the whole story, on this machine alone
  writ init my.writ         a commented file to start from
  writ explain my.writ      what it allows, in sentences
`

/** What went wrong, on stderr for people; where JSON was asked for, on stdout for programs too. */
const report = async (error: unknown, io: Io, json: boolean): Promise<ExitCode> => {
  if (error instanceof Reported) return error.exitCode
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.answered
    // The library has told people already.
    const [message = '', help] = error.message.replace(/^error: /, '').split('\n')
    if (json) io.out(failure({ message, ...(help !== undefined && { help }), exitCode: ExitCode.usage }))
    return ExitCode.usage
  }
  const fault = await faultOf(error)
  io.err(`error: ${fault.message}\n`)
  if (fault.help !== undefined) io.err(`help: ${fault.help}\n`)
  if (json) io.out(failure(fault))
  return fault.exitCode
}

const failure = ({ message, ...facts }: Fault): string => `${JSON.stringify({ error: message, ...facts })}\n`

/** `code` is that of a ChainFault. */
type Fault = { readonly message: string; readonly help?: string; readonly code?: string; readonly exitCode: ExitCode }

const faultOf = async (error: unknown): Promise<Fault> => {
  if (error instanceof CliError) {
    const { message, help, exitCode } = error
    return { message, exitCode, ...(help !== undefined && { help }) }
  }
  // Of no use to most commands, and it stands on a large library.
  const { ChainFault } = await import('../account/ChainFault.js')
  if (error instanceof ChainFault)
    return { message: error.shortMessage, help: error.help, code: error.code, exitCode: exitCodeOf(error.code) }
  return {
    message: `a fault of writ itself: ${error instanceof Error ? error.message : String(error)}`,
    help: 'please report it with the command line and the files',
    exitCode: ExitCode.environment,
  }
}
