import type { IToken, TokenType } from 'chevrotain'
import type { Diagnostic } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import { EOF, Lexer } from './chevrotain.js'
import { scan } from './scan.js'
import * as t from './tokens.js'

/** A text as tokens. What is no token has a diagnostic and stays in the list; `fatal`: the text is not worth parsing. */
export type Lexed = {
  readonly tokens: IToken[]
  readonly comments: readonly IToken[]
  readonly diagnostics: readonly Diagnostic[]
  readonly fatal: boolean
}

let lexer: ReturnType<typeof newLexer> | undefined
const newLexer = () =>
  new Lexer(
    t.tokenTypes.filter((type) => type.PATTERN !== Lexer.NA),
    { positionTracking: 'onlyOffset', ensureOptimizations: true, skipValidations: true },
  )

/** More faults than are ever shown; a text of nothing but faults should cost no more than another. */
const mostDescribed = 100

/** Splits a text into tokens, the last of which is EOF at the end of the text; comments are kept apart. */
export const lex = (text: string): Lexed => {
  const fault = scan(text)
  if (fault) return { tokens: [endOf(text)], comments: [], diagnostics: [fault], fatal: true }
  // Not at import: a program may import the language and only decide.
  lexer ??= newLexer()
  // A byte order mark is no part of the text; a blank keeps the offsets.
  const { tokens: found, groups } = lexer.tokenize(text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text)
  const tokens = found.some(({ tokenType }) => tokenType === t.ClockText) ? withSlices(found) : found
  const diagnostics = tokens.filter(isBad).slice(0, mostDescribed).map(describe)
  tokens.push(endOf(text))
  return { tokens, comments: groups['comments'] ?? [], diagnostics, fatal: false }
}

/** Makes `0:20` inside square brackets, which looks like a time of the day, three tokens. */
const withSlices = (tokens: readonly IToken[]): IToken[] => {
  let depth = 0
  return tokens.flatMap((token) => {
    if (token.tokenType === t.OpenBracket) depth++
    else if (token.tokenType === t.CloseBracket) depth--
    if (token.tokenType !== t.ClockText || depth <= 0) return [token]
    const colon = token.image.indexOf(':')
    const part = (tokenType: TokenType, from: number, to?: number): IToken => ({
      image: token.image.slice(from, to),
      startOffset: token.startOffset + from,
      tokenType,
      tokenTypeIdx: tokenType.tokenTypeIdx ?? 0,
    })
    return [part(t.NumberText, 0, colon), part(t.Colon, colon, colon + 1), part(t.NumberText, colon + 1)]
  })
}

const bad: ReadonlySet<TokenType> = new Set([t.ForeignOperator, t.OpenString, t.BadNumber, t.Unknown])

/** Whether a token is none of the language's; it has been reported then. */
export const isBad = (token: IToken): boolean => bad.has(token.tokenType)

const endOf = (text: string): IToken => ({
  image: '',
  startOffset: text.length,
  tokenType: EOF,
  tokenTypeIdx: EOF.tokenTypeIdx ?? 1,
})

const describe = (token: IToken): Diagnostic => {
  const { image } = token
  const at = { severity: 'error', span: t.spanOf(token) } as const
  switch (token.tokenType) {
    case t.OpenString:
      return {
        code: 'W004',
        ...at,
        message: `string ${quote(image)} is not closed on its line`,
        help: 'end it with `"`',
      }
    case t.BadNumber:
      return { code: 'W006', ...at, message: `${quote(image)} is no number`, ...numberHelp(image) }
    case t.ForeignOperator:
      return { code: 'W003', ...at, message: `${quote(image)} is no part of the language`, ...foreignHelp(image) }
    default:
      return { code: 'W003', ...at, message: `${describeUnknown(image)} cannot stand here`, ...unknownHelp(image) }
  }
}

const numberHelp = (image: string): { help?: string } => {
  const joined = /^(\d[\d_]*(?:\.\d+)?)([A-Za-z]\w*)$/.exec(image)
  if (/^0x/.test(image)) return { help: 'after `0x` only the digits 0 to 9 and a to f may stand' }
  if (joined) return { help: joinedHelp(joined[1] ?? '', joined[2] ?? '') }
  return { help: 'write an integer, `0.5`, `5e18`, `0xff` or `1_000`' }
}

const joinedHelp = (number: string, unit: string): string => {
  const period = /^(s|m|h|d|w)(ec|in|our|ay|eek)?(ond|ute|r)?s?$/i.exec(unit)?.[1]
  if (period !== undefined) return `a duration has one letter: \`${number}${period.toLowerCase()}\``
  const known = ['ETH', 'gwei', 'wei'].find((name) => name.toLowerCase() === unit.toLowerCase())
  return `put a blank between number and unit: \`${number} ${known ?? unit}\``
}

const foreign: Readonly<Record<string, string>> = {
  '&&': 'write `and`',
  '||': 'write `or`',
  '|': 'write `or`',
  '!': 'write `not`',
  '===': 'write `==`',
  '/*': 'a comment begins with `#` and ends with its line',
}
const foreignHelp = (image: string): { help?: string } => {
  const help = image.startsWith('//') ? 'a comment begins with `#`' : foreign[image]
  return help === undefined ? {} : { help }
}

const lookalikes: Readonly<Record<string, string>> = {
  '\u2264': '<=',
  '\u2265': '>=',
  '\u2260': '!=',
  '\u00d7': '*',
  '\u2212': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u201c': '"',
  '\u201d': '"',
  '\u2026': '..',
  "'": '"',
}
const unknownHelp = (image: string): { help?: string } => {
  const plain = lookalikes[image.charAt(0)]
  if (plain !== undefined) return { help: `write \`${plain}\`` }
  if (image.charCodeAt(0) === 0xa0) return { help: 'it looks like a blank: write a blank' }
  if (image.charCodeAt(0) > 0x7e)
    return { help: 'names and numbers are ASCII; other characters may stand in comments and strings' }
  return {}
}

const describeUnknown = (image: string): string => {
  const point = image.codePointAt(0) ?? 0
  return point > 0x7e && image.length <= 2
    ? `character ${quote(image)} (U+${point.toString(16).toUpperCase().padStart(4, '0')})`
    : quote(image)
}
