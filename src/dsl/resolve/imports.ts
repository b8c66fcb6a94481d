import { quote } from '../../diagnostic/quote.js'
import type { HeaderLine, ImportLine, Writ } from '../ast.js'
import { parse } from '../parse.js'
import { besides, normalizePath } from '../units/path.js'
import { checkVersion } from './header.js'
import type { Report } from './Report.js'
import type { ReadFile, Source, SourceLine } from './Source.js'

/** A file that a writ imports, in the order of reading; `file` is its name in diagnostics. */
export type ImportedText = { readonly file: string; readonly text: string }

/** Files that one writ may import, itself and by what it imports. */
const mostFiles = 256

/** What an imported file may hold: it declares names, and says nothing about the writ. */
const declares: ReadonlySet<HeaderLine['kind']> = new Set([
  'version',
  'token',
  'contract',
  'let',
  'budget line',
  'limit line',
  'import',
  'action',
])

/** The lines of a writ's header and those of every file that it imports, each file once; what cannot be imported is reported. */
export function readImports(
  writ: Writ,
  source: Source,
  file: string | undefined,
): { readonly lines: readonly SourceLine[]; readonly imported: readonly ImportedText[] } {
  const reader = new Reader(source, file)
  reader.read(writ.header, source, file === undefined ? undefined : nameOf(file), [])
  return reader
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

class Reader {
  readonly lines: SourceLine[] = []
  readonly imported: ImportedText[] = []
  private readonly known = new Set<string>()

  constructor(
    private readonly main: Source,
    private readonly file: string | undefined,
  ) {}

  /** `path` is that of the text from the folder of the writ; `around` are the files by which it was reached, itself included. */
  read(header: readonly HeaderLine[], source: Source, path: string | undefined, around: readonly string[]): void {
    const here = path === undefined ? around : [...around, path]
    const named = new Set<string>()
    for (const line of header) {
      this.lines.push({ line, source })
      if (line.kind !== 'import') continue
      const target = path === undefined ? normalizePath(line.path.value) : besides(path, line.path.value)
      if (named.has(target))
        refuse(source, line, 'W033', `${quote(line.path.value)} is imported twice`, 'keep one of the two lines')
      else this.open(line, target, source, here)
      named.add(target)
    }
  }

  private open(line: ImportLine, path: string, source: Source, around: readonly string[]): void {
    const written = quote(line.path.value)
    if (around.includes(path))
      return refuse(
        source,
        line,
        'W148',
        `${[...around.slice(around.indexOf(path)), path].map(quote).join(' imports ')}`,
        'let one file declare what the others need, and import that one',
      )
    if (this.known.has(path)) return
    this.known.add(path)
    if (this.known.size > mostFiles)
      return refuse(source, line, 'W148', `more than ${mostFiles} files are imported`, 'put names into fewer files')
    const text = source.readFile(line.path.value)
    if (text === undefined)
      return refuse(
        source,
        line,
        'W147',
        `the file ${written} cannot be read`,
        'the path counts from the folder of the file that imports it: `import "./tokens.writ"`',
      )
    const file = this.file === undefined || this.file === '-' ? path : besides(this.file, path)
    const inner: Source = {
      text,
      report: inFile(this.main.report, file),
      readFile: relativeTo(this.main.readFile, path),
      imported: true,
    }
    this.imported.push({ file, text })
    const { writ, diagnostics } = parse(text)
    for (const diagnostic of diagnostics) inner.report(diagnostic)
    refuseMore(writ, inner)
    for (const line of writ.header) if (line.kind === 'version') checkVersion(line, inner.report)
    this.read(
      writ.header.filter(({ kind }) => declares.has(kind)),
      inner,
      path,
      around,
    )
  }
}

const inFile =
  (report: Report, file: string): Report =>
  (diagnostic) =>
    report({ ...diagnostic, file: diagnostic.file ?? file })

const relativeTo =
  (readFile: ReadFile, file: string): ReadFile =>
  (path) =>
    readFile(besides(file, path))

/** Rules and values of the header are the writ's own: what a file says must not reach further than its reader sees. */
function refuseMore({ header, rules }: Writ, { report }: Source): void {
  const line = header.find(({ kind }) => !declares.has(kind))
  const [rule] = rules
  for (const [node, what] of [
    [line, 'says something of the writ itself'],
    [rule, 'has a rule'],
  ] as const)
    if (node)
      report({
        code: 'W149',
        severity: 'error',
        span: node.kind === 'rule' ? node.action.span : node.span,
        message: `an imported file declares names, and this one ${what}`,
        help: 'move it into the writ; `token`, `contract`, `let`, `budget`, `limit`, `action` and `import` may stay',
      })
}

function refuse({ report }: Source, line: ImportLine, code: string, message: string, help: string): void {
  report({ code, severity: 'error', span: line.path.span, message, help })
}
