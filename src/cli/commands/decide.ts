import { bindingOf, bindingOptions, type BindingFlags } from '../bindingOptions.js'
import { CliError } from '../CliError.js'
import { denialLines } from '../denialLines.js'
import { printDiagnostics } from '../diagnostics.js'
import { executeCalldata } from '../../evm/accountCalldata.js'
import { url } from '../chain/chainOptions.js'
import type { Answer, Engine } from '../engines.js'
import { type DecidedBy, engineNames } from '../engineNames.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import { headerOptions, type HeaderFlags } from '../headerOptions.js'
import { loadPolicy } from '../loadPolicy.js'
import { mergeHeader } from '../mergeHeader.js'
import { readOperations, type OperationsFile } from '../operationsFile.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'
import type { Binding } from '../../policy/Binding.js'
import type { Policy } from '../../policy/Policy.js'
import { Option } from 'commander'

type Flags = HeaderFlags & BindingFlags & { ops: string; engine: DecidedBy | 'all'; rpc?: string; json?: true }

const help = `
The operations file is JSON:
  { "account"?, "key"?, "chainId"?, "granted"?: unix seconds, "ttlSeconds"?,
    "steps": [{ "at": unix seconds,
                "calls": [{ "to": address, "value": "wei", "data": "0x…" }],
                "fees"?: { "callGasLimit", "verificationGasLimit", "preVerificationGas",
                           "maxFeePerGas", "maxPriorityFeePerGas", "paymaster": address or null } }] }
One call is an execute, several are an executeBatch. Steps are decided in order and meters carry forward;
a denied step changes nothing. A step without fees has zero gas fields and no paymaster.

--engine all asks the three readings that need nothing. --engine chain asks the module on a development node (anvil) at --rpc:
the node must be of the writ's chain, and its time before the first step. It is left as it was found.

Exit codes: 0 answered (a denial is an answer), 1 the engines differ, 2 usage, 3 invalid input, 4 environment.

Examples:
  writ decide my.writ --ops ops.json
  writ decide my.writ --ops ops.json --engine all --json | jq .outcome
  writ decide my.writ --ops ops.json --engine chain --rpc http://127.0.0.1:8545`

/** `writ decide`: what would be allowed? */
export const decideCommand: AddCommand = (program, io, done) => {
  const command = program
    .command('decide')
    .summary('decides operations against a writ, step by step')
    .description(
      'Decides the steps of an operations file against FILE, a writ or an artifact, and says why where it denies.',
    )
    .argument('<file>', 'a writ, or an artifact made by `writ compile`')
    .requiredOption('--ops <path>', 'the operations file; - reads standard input')
    .addOption(
      new Option('--engine <name>', 'who decides').choices([...engineNames, 'chain', 'all']).default('evaluator'),
    )
    .option('--rpc <url>', 'with --engine chain: the development node (default: WRIT_RPC)', url)
    .option('--json', 'JSON Lines, one object for each step: {"outcome","denials",…}')
    .addHelpText('after', help)
  bindingOptions(headerOptions(command)).action(async (file: string, flags: Flags) => {
    const operations = readOperations(readText(io, flags.ops), flags.ops)
    const loaded = loadPolicy(io, file, mergeHeader(flags, operations), flags.json === true, true)
    if (!flags.json) printDiagnostics(io, loaded.diagnostics, loaded.sources)
    const engines = await open(io, flags, loaded.policy, bindingOf(flags, loaded.binding), operations)
    let differing = 0
    try {
      for (const [index, step] of operations.steps.entries()) {
        const operation = { callData: executeCalldata(step.calls), fees: step.fees }
        const answers: Answer[] = []
        for (const engine of engines) answers.push(await engine.decide(operation, step.at))
        const [first] = answers
        if (first === undefined) throw new CliError(ExitCode.usage, 'no engine was named')
        const agree = answers.every((answer) => answer.outcome === first.outcome)
        if (!agree) differing += 1
        io.out(
          flags.json
            ? jsonLine(first, answers, agree)
            : textLine(loaded.policy, index, step.at, first, agree ? undefined : answers),
        )
      }
    } finally {
      for (const engine of engines) await engine.close?.()
    }
    if (differing > 0) done(ExitCode.differs)
  })
}

const open = async (
  io: Io,
  flags: Flags,
  policy: Policy,
  binding: Binding,
  { steps }: OperationsFile,
): Promise<readonly Engine[]> => {
  if (flags.engine === 'chain') {
    const { openChainEngine } = await import('../chainEngine.js')
    return [await openChainEngine(io, flags.rpc, policy, binding, steps[0]?.at)]
  }
  if (flags.rpc !== undefined) throw new CliError(ExitCode.usage, '--rpc goes with --engine chain')
  const { openEngines } = await import('../engines.js')
  return openEngines(flags.engine === 'all' ? engineNames : [flags.engine], policy, binding)
}

const byEngine = (answers: readonly Answer[]) =>
  Object.fromEntries(answers.map((answer) => [answer.engine, answer.outcome]))

const jsonLine = (first: Answer, answers: readonly Answer[], agree: boolean): string => {
  return `${JSON.stringify({ outcome: first.outcome, denials: first.denials, ...(agree ? {} : { engines: byEngine(answers) }) })}\n`
}

const textLine = (
  policy: Policy,
  index: number,
  at: number,
  { outcome, denials }: Answer,
  differing: readonly Answer[] | undefined,
): string => {
  const time = new Date(at * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC')
  if (differing) return `step ${index} at ${time}: THE ENGINES DIFFER: ${JSON.stringify(byEngine(differing))}\n`
  return `step ${index} at ${time}: ${outcome}\n${denialLines(policy, denials)}`
}
