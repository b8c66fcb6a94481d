const widest = 120

/**
 * A source line as it can be shown, and a line of carets below it. Tabs become two blanks, what cannot be printed a `·`; of a line
 * wider than 120 characters only the part about the span is shown. A span that is empty or goes on behind the line has one caret or ends with it.
 */
export const excerpt = (line: string, column: number, length: number): { shown: string; marked: string } => {
  const cell = (character: string): string =>
    character === '\t'
      ? '  '
      : /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(character)
        ? '·'
        : character
  const wide = line.length > 4 * widest
  // A line of a megabyte is cut before anything else is done with it.
  const from = wide ? Math.max(0, column - widest) : 0
  const near = line.slice(from, wide ? column + 2 * widest : undefined)
  const at = column - from
  const before = [...near.slice(0, at)].map(cell).join('')
  const marked = [...near.slice(at, at + length)].map(cell).join('')
  const behind = [...near.slice(at + length)].map(cell).join('')
  const carets = Math.max(1, Math.min(marked.length, widest))
  if (before.length + marked.length + behind.length <= widest && !wide)
    return { shown: before + marked + behind, marked: ' '.repeat(before.length) + '^'.repeat(carets) }
  const margin = Math.max(10, Math.floor((widest - carets) / 2))
  const left = before.length > margin ? `…${before.slice(-margin)}` : (from > 0 ? '…' : '') + before
  const rest = (marked + behind).slice(0, Math.max(carets, widest - left.length))
  const cut = rest.length < marked.length + behind.length || (wide && from + near.length < line.length)
  return { shown: `${left}${rest}${cut ? '…' : ''}`, marked: ' '.repeat(left.length) + '^'.repeat(carets) }
}
