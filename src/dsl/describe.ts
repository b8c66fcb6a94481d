import type { IRecognitionException, IToken } from 'chevrotain'
import type { Diagnostic, Span } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import { EOF } from './chevrotain.js'
import { expectations, isExpectation } from './expected.js'
import { isFirstOnLine, isWord } from './lines.js'
import { nearest } from './nearest.js'
import { Assign, CloseBrace, CloseBracket, CloseParen, Semicolon, spanOf, words } from './tokens.js'

/** What the parser missed, in the author's words. `previous` is the token before, in the same header line or rule. */
export const describeMiss = (text: string, error: IRecognitionException, previous: IToken | undefined): Diagnostic => {
  const { token } = error
  if (token.tokenType === Assign) return singleEquals(token)
  const { code, what, help } = missed(error.message)
  const behind = previous ? ` after ${quote(previous.image)}` : ''
  const ended = previous && (token.tokenType === EOF || isFirstOnLine(text, token))
  return {
    code,
    severity: 'error',
    message: ended ? `expected ${what}${behind}` : `expected ${what}${behind}, found ${found(token)}`,
    ...(help === undefined ? {} : { help }),
    span: ended ? after(previous) : spanOf(token),
  }
}

const found = (token: IToken): string => (token.tokenType === EOF ? 'the end of the text' : quote(token.image))

/** One character behind a token: where the missing thing would stand. */
const after = (token: IToken): Span => {
  const { end } = spanOf(token)
  return { start: end, end: end + 1 }
}

const closing: ReadonlySet<string> = new Set([CloseParen, CloseBracket, CloseBrace].map(({ name }) => name))

const missed = (key: string): { code: string; what: string; help?: string } => {
  if (!isExpectation(key))
    return { code: closing.has(key) ? 'W018' : 'W021', what: quote(key), help: `write ${quote(key)}` }
  const [code, what, help] = expectations[key]
  return help === undefined ? { code, what } : { code, what, help }
}

const singleEquals = (token: IToken): Diagnostic => ({
  code: 'W020',
  severity: 'error',
  span: spanOf(token),
  message: '`=` does not compare',
  help: 'write `==` to compare; `=` stands only in `token`, `contract`, `let`, `budget` and `limit` lines of the header',
})

/** A token that begins nothing, at the place where a header line, a rule or (inside a rule) a clause could begin. */
export const describeStray = (token: IToken, previous: IToken | undefined, inRule: boolean): Diagnostic => {
  const at = { severity: 'error', span: spanOf(token) } as const
  if (token.tokenType === Assign) return singleEquals(token)
  if (token.tokenType === Semicolon)
    return {
      code: 'W010',
      ...at,
      message: '`;` ends nothing here',
      help: 'leave it out: a line needs no mark at its end',
    }
  if ([CloseParen, CloseBracket, CloseBrace].includes(token.tokenType))
    return {
      code: 'W018',
      ...at,
      message: `${quote(token.image)} closes nothing`,
      help: 'leave it out, or open it before',
    }
  const meant = isWord(token) ? nearest(token.image, Object.keys(words)) : undefined
  const help = meant === undefined ? undefined : `did you mean \`${meant}\`?`
  if (previous && inRule)
    return {
      code: 'W026',
      ...at,
      message: `expected a clause or a new rule after ${quote(previous.image)}, found ${quote(token.image)}`,
      help:
        help ??
        'a clause begins with `where`, `budget`, `limit`, `hours`, `from`, `until` or `ttl`, a rule with `allow` or `deny`',
    }
  return {
    code: 'W010',
    ...at,
    message: `nothing in a writ begins with ${quote(token.image)}`,
    help: help ?? 'a rule begins with `allow` or `deny`: `allow transfer on USDC budget 100 USDC/day`',
  }
}
