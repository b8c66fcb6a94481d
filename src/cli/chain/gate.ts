import type { Binding } from '../../policy/Binding.js'
import type { Policy } from '../../policy/Policy.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import { progress } from '../progress.js'

/** Operations that are decided before a grant, as `writ verify` does. */
const cases = 2000

/** What the gate found; `skipped` where it was told not to look. */
export type Gate = { readonly cases: number; readonly seconds: number } | 'skipped'

/** Proves on this very policy that chain, evaluator and definition agree, or ends the command with the counterexample printed. */
export const gate = async (io: Io, policy: Policy, binding: Binding, wanted: boolean): Promise<Gate> => {
  if (!wanted) {
    io.err('warning: --no-verify: nobody has proved that the module does with this writ what it says\n')
    return 'skipped'
  }
  const { verify, reportText } = await import('../../verify/index.js')
  const bar = progress(io, 'cases verified')
  const report = await verify(policy, binding, { cases, onProgress: (done: number) => bar.show(done, cases) })
  bar.clear()
  if (report.disagreement === undefined) return { cases: report.cases, seconds: report.seconds }
  io.err(`${reportText(report)}\n`)
  throw new CliError(ExitCode.differs, 'the readings differ, nothing was granted', 'please report it with the writ')
}

/** What the gate found, in a line. */
export const gateText = (found: Gate): string =>
  found === 'skipped'
    ? 'gate    skipped\n'
    : `gate    ${found.cases} operations: chain, evaluator and definition agree (${found.seconds.toFixed(1)} s)\n`
