import type { Diagnostic } from '../../diagnostic/Diagnostic.js'

/** Takes one diagnostic. */
export type Report = (diagnostic: Diagnostic) => void

/** Collects diagnostics, each once: a rule that stands for several functions is looked at several times. They are of `file` unless they say another one. */
export function collector(file: string | undefined): { readonly report: Report; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const seen = new Set<string>()
  const report: Report = (diagnostic) => {
    const key = `${diagnostic.file ?? ''} ${diagnostic.code} ${diagnostic.span?.start} ${diagnostic.span?.end} ${diagnostic.message}`
    if (seen.has(key)) return
    seen.add(key)
    diagnostics.push(file === undefined || diagnostic.file !== undefined ? diagnostic : { ...diagnostic, file })
  }
  return { report, diagnostics }
}
