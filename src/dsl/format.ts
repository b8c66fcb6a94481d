import type { IToken } from 'chevrotain'
import { layoutOf, type Layout } from './layout.js'
import { lex } from './lex.js'
import { isFirstOnLine } from './lines.js'
import { parse } from './parse.js'
import * as t from './tokens.js'

/** A rule is broken before its clauses, and then before the conjuncts of its `where`, when one of its lines is wider. */
const widest = 120

/**
 * A text in the standard layout. Tokens, comments and (between lines) single blank lines stay, and so do the author's line breaks
 * before clauses, `and` and `or`, and inside brackets; every other line break and all spacing is the layout's. Idempotent. A text
 * with faults comes back as it is.
 */
export const format = (text: string): string => {
  const { writ, diagnostics } = parse(text)
  if (diagnostics.some(({ severity }) => severity === 'error')) return text
  const layout = layoutOf(writ)
  const pieces = piecesOf(text)
  const breaks = new Set(layout.blocks)
  let lines = arrange(text, pieces, layout, breaks)
  // Twice: clauses first, and where that was not enough conjuncts too.
  for (const places of ['clauses', 'conjuncts'] as const) {
    const wide = lines.filter(({ width }) => width > widest)
    for (const rule of layout.rules)
      if (wide.some(({ start }) => start >= rule.start && start < rule.end))
        for (const place of rule[places]) breaks.add(place)
    if (wide.length > 0) lines = arrange(text, pieces, layout, breaks)
  }
  return lines.map((line) => `${line.text}\n`).join('')
}

/** A token or a comment, and what stands before it. */
type Piece = { readonly token: IToken; readonly comment: boolean; readonly first: boolean; readonly blankLine: boolean }
type Line = { readonly text: string; readonly start: number; readonly width: number }

const piecesOf = (text: string): Piece[] => {
  const { tokens, comments } = lex(text)
  const ends = new Set(comments)
  const merged = [...tokens.slice(0, -1), ...comments].sort((a, b) => a.startOffset - b.startOffset)
  return merged.map((token, i) => {
    const before = merged[i - 1]
    const gap = before ? text.slice(before.startOffset + before.image.length, token.startOffset) : ''
    const blankLine = (gap.match(/\r\n|\n|\r/g)?.length ?? 0) > 1
    return { token, comment: ends.has(token), first: isFirstOnLine(text, token), blankLine }
  })
}

const arrange = (text: string, pieces: readonly Piece[], layout: Layout, breaks: ReadonlySet<number>): Line[] => {
  const lines: Line[] = []
  let current = ''
  let start = 0
  let indent = 0
  // The indentation of the lines on which the brackets now open were opened.
  const opened: number[] = []
  let statement = 0
  let previous: IToken | undefined
  const end = () => {
    if (current.trim() !== '')
      lines.push({ text: current.trimEnd(), start, width: current.replace(/ +#.*$/, '').length })
    current = ''
  }
  const begin = (columns: number, at: number) => {
    end()
    indent = columns
    current = ' '.repeat(columns)
    start = at
  }
  const place = new Marks(layout, breaks, pieces)

  pieces.forEach((piece, index) => {
    const { token, comment, first, blankLine } = piece
    const at = token.startOffset
    const before = pieces[index - 1]
    if (comment) {
      if (before && !first) {
        const column = text.slice(text.lastIndexOf('\n', at - 1) + 1, at).length
        current = `${current.trimEnd()}  `.padEnd(column)
        current += token.image.trimEnd()
        return
      }
      begin(place.indentOfNext(index) ?? (opened.at(-1) ?? statement) + 2, at)
      if (blankLine && lines.length > 0) lines.push({ text: '', start: at, width: 0 })
      current += token.image.trimEnd()
      return
    }
    const line = layout.lines.get(at)
    const clause = layout.clauses.get(at)
    const closing = token.tokenType === t.CloseBrace ? layout.closings.get(at + 1) : undefined
    const closes = token.tokenType === t.CloseParen || token.tokenType === t.CloseBracket
    const base = closes ? opened.pop() : undefined
    if (line !== undefined || closing !== undefined) {
      begin(line ?? closing ?? 0, at)
      if (blankLine && lines.length > 0 && line !== undefined && previous?.tokenType !== t.OpenBrace)
        lines.push({ text: '', start: at, width: 0 })
      statement = indent
    } else if (clause !== undefined && (first || before?.comment || breaks.has(at))) {
      begin(clause, at)
      statement = clause
    } else if (before?.comment || place.breaksBefore(index, previous, closes || opened.length > 0)) {
      begin(closes ? (base ?? statement) : (opened.at(-1) ?? statement) + 2, at)
    } else {
      if (clause !== undefined) statement = clause
      if (previous && !place.joined(token, previous)) current += ' '
    }
    current += token.image
    if (token.tokenType === t.OpenParen || token.tokenType === t.OpenBracket) opened.push(indent)
    previous = token
  })
  end()
  return lines
}

const noBlankBefore = new Set([t.Comma, t.CloseParen, t.CloseBracket, t.Dot, t.Dots, t.Colon, t.Semicolon])
const noBlankAfter = new Set([t.OpenParen, t.OpenBracket, t.Dot, t.Dots, t.Colon])

/** The layout's places as questions about tokens. */
class Marks {
  private readonly tight = new Set<number>()
  private readonly signs = new Set<number>()
  private readonly compact = new Set<number>()
  private readonly broken = new Set<number>()
  private readonly feeWheres = new Set<number>()

  constructor(
    private readonly layout: Layout,
    breaks: ReadonlySet<number>,
    private readonly pieces: readonly Piece[],
  ) {
    const tokens = pieces.filter(({ comment }) => !comment).map(({ token }) => token)
    const indexAt = (offset: number): number => {
      let [low, high] = [0, tokens.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((tokens[middle]?.startOffset ?? Infinity) < offset) low = middle + 1
        else high = middle
      }
      return low
    }
    const offsetOf = (index: number): number => tokens[index]?.startOffset ?? -1
    for (const offset of layout.tight) this.tight.add(offsetOf(indexAt(offset)))
    for (const offset of layout.signs) this.signs.add(offsetOf(indexAt(offset) - 1))
    for (const { start, end } of layout.compact)
      for (let i = indexAt(start); offsetOf(i) >= 0 && offsetOf(i) < end; i++) this.compact.add(offsetOf(i))
    for (const offset of layout.feeConditions) this.feeWheres.add(offsetOf(indexAt(offset) - 1))
    // A conjunct's `and` stands right before it.
    for (const offset of breaks) this.broken.add(layout.clauses.has(offset) ? offset : offsetOf(indexAt(offset) - 1))
  }

  /** Whether no blank stands between two tokens on one line. */
  joined(token: IToken, previous: IToken): boolean {
    const [type, last] = [token.tokenType, previous.tokenType]
    if (noBlankBefore.has(type) || noBlankAfter.has(last)) return true
    if (this.tight.has(token.startOffset) || this.signs.has(previous.startOffset)) return true
    const isCompact = ({ tokenType, startOffset }: IToken) =>
      this.compact.has(startOffset) && (tokenType === t.Minus || tokenType === t.Slash || tokenType === t.Comma)
    return isCompact(token) || isCompact(previous)
  }

  /** Whether the author, or the width of the rule, breaks the line before a token that begins neither a line nor a clause. */
  breaksBefore(index: number, previous: IToken | undefined, inBrackets: boolean): boolean {
    const piece = this.pieces[index]
    if (!piece) return false
    const { tokenType, startOffset } = piece.token
    if (this.broken.has(startOffset)) return true
    // Behind a dot it is a member's name.
    const junction = (tokenType === t.words.and || tokenType === t.words.or) && previous?.tokenType !== t.Dot
    if (junction && this.pieces[index + 1]?.first) return true
    if (!piece.first) return false
    if (junction || this.feeWheres.has(startOffset)) return true
    const last = previous?.tokenType
    return (
      inBrackets &&
      (last === t.Comma ||
        last === t.OpenParen ||
        last === t.OpenBracket ||
        tokenType === t.CloseParen ||
        tokenType === t.CloseBracket)
    )
  }

  /** The indentation of the line or clause that begins behind a comment, if one does. */
  indentOfNext(index: number): number | undefined {
    let ahead = index + 1
    while (this.pieces[ahead]?.comment) ahead++
    const next = this.pieces[ahead]
    if (!next) return 0
    const at = next.token.startOffset
    if (next.token.tokenType === t.CloseBrace) return (this.layout.closings.get(at + 1) ?? 0) + 2
    return this.layout.lines.get(at) ?? this.layout.clauses.get(at)
  }
}
