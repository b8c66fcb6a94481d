import type { IToken, TokenType } from 'chevrotain'
import type { Span } from '../diagnostic/Diagnostic.js'
import { createToken, Lexer } from './chevrotain.js'

/** Any word: keywords are contextual, so each of them is a Word too. */
export const Word = createToken({ name: 'Word', pattern: Lexer.NA })

/** A word that is no keyword; only such a word can be a unit or be declared. */
export const PlainWord = createToken({ name: 'PlainWord', pattern: /[A-Za-z_$][A-Za-z0-9_$]*/, categories: Word })

const keyword = (text: string, ...categories: TokenType[]) =>
  createToken({ name: text, pattern: text, longer_alt: PlainWord, categories: [Word, ...categories] })

/** A word that may begin a header line. */
export const HeaderWord = createToken({ name: 'HeaderWord', pattern: Lexer.NA })
/** A word that may begin a clause of a rule. */
export const ClauseWord = createToken({ name: 'ClauseWord', pattern: Lexer.NA })
/** `allow` or `deny`. */
export const EffectWord = createToken({ name: 'EffectWord', pattern: Lexer.NA })
/** A word that may begin an entry of an action's block. */
export const ActionWord = createToken({ name: 'ActionWord', pattern: Lexer.NA })

/** The words of the language, each a token type. */
export const words = {
  writ: keyword('writ', HeaderWord),
  account: keyword('account', HeaderWord),
  key: keyword('key', HeaderWord),
  chain: keyword('chain', HeaderWord),
  from: keyword('from', HeaderWord, ClauseWord),
  until: keyword('until', HeaderWord, ClauseWord),
  ttl: keyword('ttl', HeaderWord, ClauseWord),
  fees: keyword('fees', HeaderWord),
  token: keyword('token', HeaderWord),
  contract: keyword('contract', HeaderWord),
  let: keyword('let', HeaderWord),
  budget: keyword('budget', HeaderWord, ClauseWord),
  limit: keyword('limit', HeaderWord, ClauseWord),
  import: keyword('import', HeaderWord),
  action: keyword('action', HeaderWord),
  allow: keyword('allow', EffectWord),
  deny: keyword('deny', EffectWord),
  on: keyword('on'),
  where: keyword('where', ClauseWord),
  hours: keyword('hours', ClauseWord),
  each: keyword('each', ClauseWord),
  counting: keyword('counting'),
  unlimited: keyword('unlimited'),
  sponsored: keyword('sponsored'),
  by: keyword('by'),
  total: keyword('total'),
  rolling: keyword('rolling'),
  decimals: keyword('decimals'),
  base: keyword('base'),
  abi: keyword('abi'),
  function: keyword('function', ActionWord),
  spends: keyword('spends', ActionWord),
  requires: keyword('requires', ActionWord),
  when: keyword('when'),
  unless: keyword('unless'),
  and: keyword('and'),
  or: keyword('or'),
  not: keyword('not'),
  in: keyword('in'),
  starts: keyword('starts'),
  with: keyword('with'),
  at: keyword('at'),
  sold: keyword('sold'),
  per: keyword('per'),
  of: keyword('of'),
  every: keyword('every'),
  any: keyword('any'),
  true: keyword('true'),
  false: keyword('false'),
} as const

/** Whether `text` is a word of the language and so cannot be declared as a name. */
export const isKeyword = (text: string): boolean => Object.hasOwn(words, text)

/** `2026-11-22`, `2026-11-22 13:00`, `2026-11-22T13:00:00Z`; whether the date exists is seen later. */
export const DateText = createToken({
  name: 'DateText',
  pattern: /\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?Z?)?(?![\w:])/,
})
/** `09:00`; inside brackets `0:20` is a slice, and lex.ts takes it apart. */
export const ClockText = createToken({ name: 'ClockText', pattern: /\d{1,2}:\d{2}(?![\w:])/ })
export const HexText = createToken({ name: 'HexText', pattern: /0x[0-9a-fA-F]*(?!\w)/ })
export const DurationText = createToken({ name: 'DurationText', pattern: /\d+[smhdw](?!\w)/ })
export const PercentText = createToken({ name: 'PercentText', pattern: /\d[\d_]*(?:\.\d+)?%/ })
export const NumberText = createToken({ name: 'NumberText', pattern: /\d(?:[\d_]*\d)?(?:\.\d+)?(?:e\d+)?(?!\w|\.\d)/ })
export const StringText = createToken({ name: 'StringText', pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/ })

const symbol = (name: string, pattern: string) => createToken({ name, pattern })
export const Equals = symbol('==', '==')
export const Differs = symbol('!=', '!=')
export const AtMost = symbol('<=', '<=')
export const AtLeast = symbol('>=', '>=')
export const Below = symbol('<', '<')
export const Above = symbol('>', '>')
export const Assign = symbol('=', '=')
export const Plus = symbol('+', '+')
export const Minus = symbol('-', '-')
export const Times = symbol('*', '*')
export const Slash = symbol('/', '/')
export const Ampersand = symbol('&', '&')
export const Dots = symbol('..', '..')
export const Dot = symbol('.', '.')
export const Comma = symbol(',', ',')
export const Colon = symbol(':', ':')
export const Semicolon = symbol(';', ';')
export const OpenParen = symbol('(', '(')
export const CloseParen = symbol(')', ')')
export const OpenBracket = symbol('[', '[')
export const CloseBracket = symbol(']', ']')
export const OpenBrace = symbol('{', '{')
export const CloseBrace = symbol('}', '}')

// What is no token, each kind with a diagnostic of its own (lex.ts). They stay in the token list, so that parsing goes on behind them.
export const ForeignOperator = createToken({
  name: 'ForeignOperator',
  pattern: /&&|\|\|?|!(?!=)|\/\/[^\n\r]*|\/\*|===/,
})
export const OpenString = createToken({ name: 'OpenString', pattern: /"[^\n\r]*/ })
export const BadNumber = createToken({ name: 'BadNumber', pattern: /\d[\w.]*\w|\d/ })
export const Unknown = createToken({ name: 'Unknown', pattern: /[\u0080-\uffff]+|[%'?@\\^`~]/ })
export const Comment = createToken({ name: 'Comment', pattern: /#[^\n\r]*/, group: 'comments' })
const Blank = createToken({ name: 'Blank', pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED, line_breaks: true })

/** Every token type, in the order in which the lexer tries them. */
export const tokenTypes: TokenType[] = [
  Blank,
  Comment,
  DateText,
  ClockText,
  HexText,
  PercentText,
  DurationText,
  NumberText,
  BadNumber,
  ...Object.values(words),
  PlainWord,
  StringText,
  OpenString,
  ForeignOperator,
  Equals,
  Differs,
  AtMost,
  AtLeast,
  Below,
  Above,
  Assign,
  Plus,
  Minus,
  Times,
  Slash,
  Ampersand,
  Dots,
  Dot,
  Comma,
  Colon,
  Semicolon,
  OpenParen,
  CloseParen,
  OpenBracket,
  CloseBracket,
  OpenBrace,
  CloseBrace,
  Unknown,
  Word,
  HeaderWord,
  ClauseWord,
  EffectWord,
  ActionWord,
]

/** Where a token stands. */
export const spanOf = (token: IToken): Span => ({
  start: token.startOffset,
  end: token.startOffset + token.image.length,
})
