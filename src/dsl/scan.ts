import type { Diagnostic } from '../diagnostic/Diagnostic.js'

/** Brackets may stand this deep in one another; everything that walks the tree relies on it. */
export const deepest = 64

/** Controls but for tab and line ends, zero-width and direction marks, line and paragraph separators, a byte order mark inside, U+FFFD. */
const hidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]/g

const marks = /["#()[\]{}]/g
const string = /"(?:[^"\\\n\r]|\\[^\n\r])*/y
const lineEnd = /[\n\r]|$/g

/**
 * What comes before the lexer: refuses what is no text (control characters, broken UTF-8), what hides (characters that turn the
 * direction of text or have no width) and brackets nested deeper than `deepest`.
 */
export const scan = (text: string): Diagnostic | undefined => {
  hidden.lastIndex = text.startsWith('\ufeff') ? 1 : 0
  const found = hidden.exec(text)
  if (found) return notText(found.index, found[0])
  let depth = 0
  marks.lastIndex = 0
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const { index } = mark
    switch (mark[0]) {
      case '"':
        marks.lastIndex = behind(string, text, index) + 1
        break
      case '#':
        marks.lastIndex = behind(lineEnd, text, index)
        break
      case '(':
      case '[':
      case '{':
        if (++depth > deepest) return tooDeep(index)
        break
      default:
        if (depth > 0) depth--
    }
  }
  return undefined
}

/** Where a pattern that is looked for from `from` on ends. */
const behind = (pattern: RegExp, text: string, from: number): number => {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : text.length
}

const notText = (start: number, character: string): Diagnostic => {
  const name = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  return {
    code: 'W002',
    severity: 'error',
    span: { start, end: start + 1 },
    message:
      name === 'U+FFFD' ? 'this is no UTF-8 text' : `the character ${name} cannot be seen and may not stand in a writ`,
    help: 'a writ is a plain text file, encoded as UTF-8',
  }
}

const tooDeep = (start: number): Diagnostic => ({
  code: 'W009',
  severity: 'error',
  span: { start, end: start + 1 },
  message: `brackets stand more than ${deepest} deep in one another`,
  help: 'close what is open, or name a part of it with `let`',
})
