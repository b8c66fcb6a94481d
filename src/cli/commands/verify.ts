import { InvalidArgumentError } from 'commander'
import type { Hex } from '../../policy/Hex.js'
import { bindingOf, bindingOptions, type BindingFlags } from '../bindingOptions.js'
import { CliError } from '../CliError.js'
import { printDiagnostics } from '../diagnostics.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import { headerOptions, type HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { loadPolicy } from '../loadPolicy.js'
import { progress } from '../progress.js'
import type { AddCommand } from '../run.js'

type Flags = HeaderFlags & Omit<BindingFlags, 'module'> & { cases: number; seed?: number; module?: string; json?: true }

/** `writ verify`: the gate. */
export const verifyCommand: AddCommand = (program, io, done) => {
  const command = program
    .command('verify')
    .summary('proves on this very writ that chain, evaluator and definition agree')
    .description(
      "Generates operations for FILE (allowed ones, and ones that miss by one unit, one second, one bit), decides each by the definition,\nby the evaluator and by the module's bytecode in an embedded EVM, and fails with the smallest counterexample at the first difference.\nIt also fails nobody silently: what it could not reach is named.",
    )
    .argument('<file>', 'a writ, or an artifact made by `writ compile`')
    .option('--cases <n>', 'how many operations, at least one', atLeastOne, 2000)
    .option('--seed <n>', 'repeat the run that printed this seed', count)
    .option('--module <file>', 'check against this runtime bytecode: 0x-hex text, or JSON with deployedBytecode')
    .option('--json', 'print the report as one JSON object')
    .addHelpText('after', '\nExit codes: 0 all agree, 1 a disagreement, 2 usage, 3 invalid input, 4 environment.')
  bindingOptions(headerOptions(command), false).action(async (file: string, flags: Flags) => {
    const loaded = loadPolicy(io, file, flags, flags.json === true, true)
    if (!flags.json) printDiagnostics(io, loaded.diagnostics, loaded.sources)
    const moduleCode = flags.module === undefined ? undefined : readCode(io, flags.module)
    const { verify, reportText } = await import('../../verify/index.js')
    const bar = progress(io, 'cases')
    const report = await verify(loaded.policy, bindingOf({ entity: flags.entity, tag: flags.tag }, loaded.binding), {
      cases: flags.cases,
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
      ...(moduleCode === undefined ? {} : { moduleCode }),
      onProgress: (cases: number) => bar.show(cases, flags.cases),
    })
    bar.clear()
    io.out(flags.json ? `${JSON.stringify(report, bigintText)}\n` : reportText(report))
    if (report.disagreement !== undefined) done(ExitCode.differs)
  })
}

const bigintText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

const count = (text: string): number => {
  if (!/^[0-9]{1,10}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.')
  return Number(text)
}

/** A gate that has tried nothing has proved nothing. */
const atLeastOne = (text: string): number => {
  const cases = count(text)
  if (cases === 0) throw new InvalidArgumentError('With no operation nothing is proved.')
  return cases
}

/** Runtime bytecode from a file: hex text, or an artifact of a Solidity build with `deployedBytecode` (a text, or an object with `object`). */
const readCode = (io: Io, file: string): Hex => {
  const text = readText(io, file).trim()
  const fail = (what: string): never => {
    throw new CliError(
      ExitCode.invalid,
      `\`${file}\` ${what}`,
      'give 0x-hex runtime bytecode, or JSON with `deployedBytecode`',
    )
  }
  let code: unknown = text
  if (text.startsWith('{')) {
    try {
      code = (JSON.parse(text) as { deployedBytecode?: unknown }).deployedBytecode
    } catch {
      return fail('is not whole JSON')
    }
    if (typeof code === 'object' && code !== null && 'object' in code) code = code.object
  }
  if (typeof code !== 'string' || !/^(0x)?(?:[0-9a-fA-F]{2})+$/.test(code)) return fail('holds no runtime bytecode')
  return (code.startsWith('0x') ? code.toLowerCase() : `0x${code.toLowerCase()}`) as Hex
}
