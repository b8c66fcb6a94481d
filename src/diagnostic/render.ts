import type { Diagnostic, Span } from './Diagnostic.js'
import { excerpt } from './excerpt.js'

/** The texts that diagnostics speak of, by file name. */
export type Sources = Readonly<Record<string, string>>

type Paint = (text: string) => string

/**
 * Draws diagnostics: message, place, source line with its span underlined, help.
 *
 *     error[W012]: expected a value after `==`
 *       --> swap.writ:4:12
 *        |
 *      4 |   where to ==
 *        |             ^
 *        = help: a value is …
 *
 * A diagnostic without `file` belongs to the only source, if there is one. No line break at the end; '' if there is nothing to say.
 */
export const render = (
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: { readonly color: boolean },
): string => {
  const lines = new Map(Object.entries(sources).map(([name, text]) => [name, { text, starts: lineStarts(text) }]))
  const [only] = lines.size === 1 ? lines.keys() : []
  const draw = ({ severity, code, message, help, span, file = only }: Diagnostic): string => {
    const source = file === undefined ? undefined : lines.get(file)
    const loud = severity === 'error' ? red : yellow
    const paint = (style: Paint, text: string) => (options.color ? style(text) : text)
    const head = `${paint(loud, `${severity}[${code}]`)}${paint(bold, `: ${message}`)}`
    if (file === undefined) return help === undefined ? head : `${head}\n  = ${paint(bold, 'help')}: ${help}`
    if (!source || !span) return [head, `  ${paint(blue, '-->')} ${file}`, ...helpLine(help, 1, paint)].join('\n')
    const { line, column, text } = locate(source.text, source.starts, span)
    const { shown, marked } = excerpt(text, column, span.end - span.start)
    const number = String(line + 1)
    const gutter = ' '.repeat(number.length + 1)
    return [
      head,
      `${gutter} ${paint(blue, '-->')} ${file}:${number}:${column + 1}`,
      `${gutter} ${paint(blue, '|')}`,
      ` ${paint(blue, `${number} |`)} ${shown}`.trimEnd(),
      `${gutter} ${paint(blue, '|')} ${marked.replace(/\^+/, (carets) => paint(loud, carets))}`,
      ...helpLine(help, number.length, paint),
    ].join('\n')
  }
  return diagnostics.map(draw).join('\n\n')
}

const ansi =
  (on: number, off: number): Paint =>
  (text) =>
    `\u001b[${on}m${text}\u001b[${off}m`
const bold = ansi(1, 22)
const red = ansi(31, 39)
const yellow = ansi(33, 39)
const blue = ansi(34, 39)

const helpLine = (help: string | undefined, width: number, paint: (style: Paint, text: string) => string): string[] =>
  help === undefined ? [] : [`${' '.repeat(width + 2)}${paint(blue, '=')} ${paint(bold, 'help')}: ${help}`]

/** Offsets at which lines begin; a line ends with `\n`, `\r\n` or `\r`. */
const lineStarts = (text: string): number[] => [
  0,
  ...[...text.matchAll(/\r\n|\n|\r/g)].map((m) => m.index + m[0].length),
]

const locate = (
  text: string,
  starts: readonly number[],
  span: Span,
): { line: number; column: number; text: string } => {
  const offset = Math.min(span.start, text.length)
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const start = starts[low] ?? 0
  return { line: low, column: offset - start, text: text.slice(start, starts[low + 1]).replace(/[\r\n]+$/, '') }
}
