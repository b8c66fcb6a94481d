import type { Diagnostic } from '../diagnostic/Diagnostic.js'
import type { Address } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { assemble } from './assemble.js'
import { checks } from './checks/index.js'
import { periodEthMeters } from './checks/feesAreBound.js'
import type { Subject } from './checks/Check.js'
import type { Library } from './library.js'
import { parse } from './parse.js'
import type { Context, HeaderField } from './resolve/Context.js'
import { withNested } from './resolve/Draft.js'
import { withDeclared } from './resolve/actions.js'
import { writEnd } from './resolve/end.js'
import { resolveFees, type DraftFees } from './resolve/fees.js'
import { resolveHeader, standIns, type HeaderOptions } from './resolve/header.js'
import { letValue } from './resolve/let.js'
import { readImports, type ImportedText } from './resolve/imports.js'
import { readNames } from './resolve/names.js'
import { firstFaults } from './firstFaults.js'
import { collector } from './resolve/Report.js'
import { resolveRule } from './resolve/rule.js'
import type { ReadFile, Source } from './resolve/Source.js'

export type { HeaderField } from './resolve/Context.js'

/** What a check is told from outside. */
export type CheckOptions = {
  /** The name of the source in diagnostics. */
  readonly file?: string
  /** Header values that the text leaves out, or says alike. */
  readonly header?: HeaderOptions
  /** The text of a file that the writ names, by its path from the writ's folder (as written, or put together where an imported file names it); undefined if it cannot be read. */
  readonly readFile?: ReadFile
  /** The module's address where it is known: no target either. */
  readonly module?: Address
}

/** The policy, if no diagnostic is an error. Where a header field is `open`, the policy holds a stand-in. */
export type CheckResult = {
  readonly policy?: Policy
  readonly open: readonly HeaderField[]
  /** The files that the writ imports, as far as they could be read: diagnostics may speak of them. */
  readonly imported: readonly ImportedText[]
  readonly diagnostics: Diagnostic[]
}

/** What a writ means, or what is wrong with it. It never reads the clock. */
export function check(text: string, options: CheckOptions, library: Library): CheckResult {
  const { writ, diagnostics: parsed } = parse(text)
  const { report, diagnostics } = collector(options.file)
  for (const diagnostic of parsed) report(diagnostic)
  const source: Source = { text, report, readFile: options.readFile ?? (() => undefined), imported: false }
  const { lines, imported } = readImports(writ, source, options.file)
  const names = readNames(lines)
  const blank: Context = {
    source: text,
    report,
    names,
    library,
    facts: standIns,
    spans: new Map(),
    domains: new Map(),
    budgets: new Map(),
    ...(options.module && { module: `0x${options.module.slice(2).toLowerCase()}` as const }),
  }
  const facts = resolveHeader(blank, writ.header, options.header ?? {})
  const known: Context = { ...blank, facts }
  const context: Context = { ...known, library: withDeclared(lines, known) }
  for (const entity of names.entities.values()) if (entity.kind === 'let') letValue(context, entity)
  const top = writ.rules.flatMap((rule) => resolveRule(rule, context))
  const line = writ.header.find((line) => line.kind === 'fees')
  const fees = line && resolveFees(line, context)
  const understood = isSound(diagnostics)
  const subject: Subject = { writ, context, top, drafts: withNested(top), fees, understood }
  for (const law of checks) law(subject)
  const until = writEnd(writ.rules, context)
  const paid = fees ?? (line ? undefined : sharedFees(subject))
  const shown = firstFaults(diagnostics, [options.file, ...imported.map(({ file }) => file)])
  const told = { open: facts.open, imported, diagnostics: shown }
  if (!isSound(diagnostics)) return told
  if (until === undefined || paid === undefined)
    throw new Error('a writ without an end or a bound of fees passed its checks')
  return { policy: assemble(top, paid, until, context), ...told }
}

const isSound = (diagnostics: readonly Diagnostic[]): boolean =>
  !diagnostics.some(({ severity }) => severity === 'error')

/** Without a fees line, fees count against the only ETH budget per period. */
function sharedFees({ drafts }: Subject): DraftFees | undefined {
  const [meter] = periodEthMeters(drafts)
  return meter && { paidBy: { kind: 'budget', meter }, where: [] }
}
