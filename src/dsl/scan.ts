import type { Diagnostic } from '../diagnostic/Diagnostic.js'

/** Brackets may stand this deep in one another; everything that walks the tree relies on it. */
export const deepest = 64

/**
 * One pass before the lexer: refuses what is no text (control characters, broken UTF-8), what hides (characters that turn the
 * direction of text or have no width) and brackets nested deeper than `deepest`. It ends at the first such fault.
 */
export const scan = (text: string): Diagnostic | undefined => {
  let depth = 0
  let escaped = false
  let inside: 'code' | 'comment' | 'string' = 'code'
  for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x20 ? c !== 0x0a && c !== 0x0d && c !== 0x09 : c >= 0x7f && isHidden(c)) return notText(i, c)
    if (c === 0x0a || c === 0x0d) inside = 'code'
    else if (inside === 'string') {
      if (c === 0x22 && !escaped) inside = 'code'
      escaped = c === 0x5c && !escaped
    } else if (inside === 'code') {
      if (c === 0x23) inside = 'comment'
      else if (c === 0x22) inside = 'string'
      else if (c === 0x28 || c === 0x5b || c === 0x7b) {
        if (++depth > deepest) return tooDeep(i)
      } else if ((c === 0x29 || c === 0x5d || c === 0x7d) && depth > 0) depth--
    }
  }
  return undefined
}

/** Delete and C1 controls, zero-width and direction marks, line and paragraph separators, a byte order mark inside, U+FFFD. */
const isHidden = (c: number): boolean =>
  c <= 0x9f ||
  (c >= 0x200b && c <= 0x200f) ||
  (c >= 0x2028 && c <= 0x202e) ||
  (c >= 0x2060 && c <= 0x206f) ||
  c === 0xfeff ||
  c === 0xfffd

const notText = (i: number, c: number): Diagnostic => {
  const name = `U+${c.toString(16).toUpperCase().padStart(4, '0')}`
  return {
    code: 'W002',
    severity: 'error',
    span: { start: i, end: i + 1 },
    message:
      c === 0xfffd ? 'this is no UTF-8 text' : `the character ${name} cannot be seen and may not stand in a writ`,
    help: 'a writ is a plain text file, encoded as UTF-8',
  }
}

const tooDeep = (i: number): Diagnostic => ({
  code: 'W009',
  severity: 'error',
  span: { start: i, end: i + 1 },
  message: `brackets stand more than ${deepest} deep in one another`,
  help: 'close what is open, or name a part of it with `let`',
})
