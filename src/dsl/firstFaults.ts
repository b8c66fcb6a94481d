import type { Diagnostic } from '../diagnostic/Diagnostic.js'

/** So many faults are shown in one run. */
const mostFaults = 20

/** Diagnostics in the order of the text, text by text; of very many the first, errors before warnings. */
export function firstFaults(diagnostics: readonly Diagnostic[], files: readonly (string | undefined)[]): Diagnostic[] {
  const order = new Map(files.map((file, index) => [file, index]))
  const place = ({ file }: Diagnostic) => order.get(file) ?? 0
  const inOrder = (list: readonly Diagnostic[]) =>
    [...list].sort((a, b) => place(a) - place(b) || (a.span?.start ?? -1) - (b.span?.start ?? -1))
  if (diagnostics.length <= mostFaults) return inOrder(diagnostics)
  const errors = inOrder(diagnostics.filter(({ severity }) => severity === 'error'))
  const warnings = inOrder(diagnostics.filter(({ severity }) => severity === 'warning'))
  const ranked = [...errors, ...warnings]
  const next = ranked[mostFaults]
  const more: Diagnostic = {
    code: 'W029',
    severity: next?.severity ?? 'error',
    message: 'there are more faults',
    help: 'mend the first ones and look again',
    ...(next?.span && { span: next.span }),
    ...(next?.file !== undefined && { file: next.file }),
  }
  return [...inOrder(ranked.slice(0, mostFaults).filter(({ code }) => code !== 'W029')), more]
}
