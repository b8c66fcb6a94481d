import type { HeaderLine } from '../ast.js'
import type { Context } from './Context.js'
import type { Report } from './Report.js'

/** The text of a file that the writ names; undefined if it cannot be read. */
export type ReadFile = (path: string) => string | undefined

/** A text that declares names: the writ itself, or a file that it imports. Spans of its nodes are places in it. */
export type Source = {
  readonly text: string
  /** Reports of this text. */
  readonly report: Report
  /** By a path as this text writes it: it counts from the folder of the text. */
  readonly readFile: ReadFile
  readonly imported: boolean
}

/** A line of a header, and the text that it stands in. */
export type SourceLine = { readonly line: HeaderLine; readonly source: Source }

/** The same context for nodes of another text. */
export function inSource(context: Context, { text, report }: Source): Context {
  return context.source === text && context.report === report ? context : { ...context, source: text, report }
}
