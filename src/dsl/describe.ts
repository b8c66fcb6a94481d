import type { IRecognitionException, IToken } from 'chevrotain'
import type { Diagnostic, Span } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import { EOF } from './chevrotain.js'
import { expectations, isExpectation } from './expected.js'
import { isActionEntry, isClause, isEffect, isFirstOnLine, isHeader, isWord } from './lines.js'
import { nearest } from './nearest.js'
import { Assign, CloseBrace, CloseBracket, CloseParen, Comma, Semicolon, spanOf, words } from './tokens.js'

/** What the parser missed, in the author's words. `previous` is the token before, in the same header line or rule. */
export const describeMiss = (text: string, error: IRecognitionException, previous: IToken | undefined): Diagnostic => {
  const { token } = error
  // Where a bracket should close, a comparison may have been meant.
  if (token.tokenType === Assign && (error.message === 'groupEnd' || error.message === 'listEnd'))
    return singleEquals(token)
  const { code, what, help } = missed(error.message)
  const behind = previous ? ` after ${quote(previous.image)}` : ''
  const ended = previous && (token.tokenType === EOF || isFirstOnLine(text, token))
  return {
    code,
    severity: 'error',
    message: ended ? `expected ${what}${behind}` : `expected ${what}${behind}, found ${found(token)}`,
    help,
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

const missed = (key: string): { code: string; what: string; help: string } => {
  if (!isExpectation(key))
    return { code: closing.has(key) ? 'W018' : 'W021', what: quote(key), help: `write ${quote(key)}` }
  const [code, what, help] = expectations[key]
  return { code, what, help }
}

const singleEquals = (token: IToken): Diagnostic => ({
  code: 'W020',
  severity: 'error',
  span: spanOf(token),
  message: '`=` does not compare',
  help: 'write `==` to compare; `=` stands only in `token`, `contract`, `let`, `budget` and `limit` lines of the header',
})

/** What is being read where a token begins nothing: the whole writ, a rule, or what stands in a block. */
export type Place = 'writ' | 'rule' | 'each' | 'action'

const begins: Readonly<
  Record<
    Place,
    { readonly code: string; readonly what: string; readonly help: string; readonly words: (token: IToken) => boolean }
  >
> = {
  writ: {
    code: 'W010',
    what: 'a header line or a rule',
    help: 'a rule begins with `allow` or `deny`: `allow transfer on USDC budget 100 USDC/day`',
    words: (token) => isHeader(token) || isEffect(token) || isClause(token),
  },
  rule: {
    code: 'W026',
    what: 'a clause or a new rule',
    help: 'a clause begins with `where`, `budget`, `limit`, `hours`, `from`, `until` or `ttl`, a rule with `allow` or `deny`',
    words: (token) => isClause(token) || isEffect(token),
  },
  each: { code: 'W010', what: '`allow` or `deny`', help: 'write a rule: `allow transfer on USDC`', words: isEffect },
  action: {
    code: 'W010',
    what: '`function`, `spends` or `requires`',
    help: 'write `function transfer(address to, uint256 amount)`',
    words: isActionEntry,
  },
}

/** A token that begins nothing at the place where something of `place` could begin. */
export const describeStray = (token: IToken, previous: IToken | undefined, place: Place): Diagnostic => {
  const at = { severity: 'error', span: spanOf(token) } as const
  const { tokenType, image } = token
  if (tokenType === Assign) return singleEquals(token)
  if (tokenType === Semicolon)
    return {
      code: 'W010',
      ...at,
      message: '`;` ends nothing here',
      help: 'leave it out: a line needs no mark at its end',
    }
  if (closing.has(tokenType.name))
    return { code: 'W018', ...at, message: `${quote(image)} closes nothing`, help: 'leave it out, or open it before' }
  const { code, what, help, words } = begins[place]
  const message =
    place === 'writ'
      ? `nothing in a writ begins with ${quote(image)}`
      : `expected ${what}${previous ? ` after ${quote(previous.image)}` : ''}, found ${quote(image)}`
  return { code, ...at, message, help: strayHelp(token, words) ?? help }
}

const strayHelp = (token: IToken, fits: (token: IToken) => boolean): string | undefined => {
  if (token.tokenType === Comma) return 'leave it out: clauses follow each other without commas'
  if (token.tokenType === words.per) return 'write `/`, as in `1 ETH/day`'
  if (!isWord(token)) return undefined
  const candidates = Object.entries(words).filter(([, tokenType]) => fits({ ...token, tokenType }))
  const meant = nearest(
    token.image,
    candidates.map(([word]) => word),
  )
  return meant === undefined ? undefined : `did you mean \`${meant}\`?`
}

/** A rule whose action is followed by neither `on` nor a clause. */
export const describeNoTarget = (text: string, head: Span, next: IToken): Diagnostic => {
  const action = quote(text.slice(head.start, head.end))
  const [code, , help] = expectations.on
  const ended = next.tokenType === EOF || isFirstOnLine(text, next) || isClause(next)
  return ended
    ? { code, severity: 'error', span: head, message: `${action} names no target`, help }
    : {
        code,
        severity: 'error',
        span: spanOf(next),
        message: `expected \`on\` and a target after ${action}, found ${quote(next.image)}`,
        help,
      }
}

/** A keyword that was read as a value, because a value was missing before it. */
export const describeNoValue = (keyword: IToken, previous: IToken): Diagnostic => {
  const [code, what, help] = expectations.value
  const message = `expected ${what} after ${quote(previous.image)}, found ${quote(keyword.image)}`
  return { code, severity: 'error', span: spanOf(keyword), message, help }
}
