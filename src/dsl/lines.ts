import type { IToken, TokenType } from 'chevrotain'
import * as t from './tokens.js'

const has = (token: IToken, category: TokenType): boolean => token.tokenType.CATEGORIES?.includes(category) ?? false

/** Whether a token is a word, keyword or not. */
export const isWord = (token: IToken): boolean => has(token, t.Word)
/** Whether a token is `allow` or `deny`. */
export const isEffect = (token: IToken): boolean => has(token, t.EffectWord)
/** Whether a token may begin a header line. */
export const isHeader = (token: IToken): boolean => has(token, t.HeaderWord)
/** Whether a token may begin a clause of a rule. */
export const isClause = (token: IToken): boolean => has(token, t.ClauseWord)
/** Whether a token may begin an entry in an action's block. */
export const isActionEntry = (token: IToken): boolean => has(token, t.ActionWord)
/** Whether a token may begin anything of these. */
export const isBeginning = (token: IToken): boolean =>
  isEffect(token) || isHeader(token) || isClause(token) || isActionEntry(token)

/** Whether only blanks stand before a token on its line. */
export const isFirstOnLine = (text: string, { startOffset }: IToken): boolean => {
  for (let i = startOffset - 1; i >= 0; i--) {
    const c = text.charCodeAt(i)
    if (c === 0x0a || c === 0x0d) return true
    if (c !== 0x20 && c !== 0x09) return false
  }
  return true
}

/** Whether a token is the very first of its line and begins no continuation, as `and` does. */
export const isAtMargin = (text: string, { startOffset, tokenType }: IToken): boolean =>
  (startOffset === 0 || text[startOffset - 1] === '\n') && !infixWords.has(tokenType)

const literals: ReadonlySet<TokenType> = new Set([
  t.NumberText,
  t.BadNumber,
  t.OpenString,
  t.HexText,
  t.DateText,
  t.ClockText,
  t.DurationText,
  t.StringText,
])
const { and, or, not, in: isIn, starts, at, sold, of, per, counting, on, when, unless } = t.words
const infixWords: ReadonlySet<TokenType> = new Set([
  and,
  or,
  not,
  isIn,
  starts,
  at,
  sold,
  of,
  per,
  counting,
  on,
  when,
  unless,
])

/** Whether a token can follow a keyword but not a complete value, so that the word before it is a keyword. */
export const followsKeyword = (token: IToken): boolean =>
  literals.has(token.tokenType) || token.tokenType === t.Assign || (isWord(token) && !infixWords.has(token.tokenType))

/** Whether a token can be the last of a value, so that a keyword behind it begins something new. */
export const endsValue = (token: IToken): boolean =>
  literals.has(token.tokenType) ||
  token.tokenType === t.CloseParen ||
  token.tokenType === t.CloseBracket ||
  (isWord(token) && !infixWords.has(token.tokenType))
