import type { IOrAlt, IToken, ParserMethod, TokenType } from 'chevrotain'
import type { Diagnostic, Span } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import type * as Ast from './ast.js'
import { EmbeddedActionsParser } from './chevrotain.js'
import { expect, type Expectation } from './expected.js'
import { followsKeyword, isBeginning, isFirstOnLine, isWord } from './lines.js'
import * as leaf from './toAst.js'
import * as t from './tokens.js'
import { words as w } from './tokens.js'

/** Words that can stand behind a value, and so never are the name of an element. */
const joining: ReadonlySet<TokenType> = new Set([w.and, w.or, w.not, w.in])

/** A rule of the grammar that makes a T (and `undefined`, with an error left in the parser, where the text does not fit). */
export type Rule<T> = ParserMethod<[], T>

/** What every part of the grammar uses: how faults are kept, how leaves are made, and where a keyword begins something new. */
export class BaseGrammar extends EmbeddedActionsParser {
  /** What the pieces parsed so far are reproached with, other than not fitting the grammar. */
  faults: Diagnostic[] = []
  /** The text that the tokens came from. */
  text = ''

  constructor(skipValidations = true) {
    super(t.tokenTypes, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => expected.name,
        buildNotAllInputParsedMessage: () => '',
        buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? '',
        buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? '',
      },
    })
  }

  // The library pads the tokens with end marks and reports what a rule leaves over; parse.ts has put an end mark there and goes on.
  onBeforeParse(): void {
    return
  }
  onAfterParse(): void {
    return
  }

  /** The token `ahead` tokens ahead; 1 is the next one, 0 the one before. */
  peek(ahead: number): IToken {
    return this.LA(ahead)
  }

  readonly report = (fault: Diagnostic): void => {
    this.faults.push(fault)
  }
  protected error(code: string, span: Span, message: string, help: string): void {
    this.report({ code, severity: 'error', span, message, help })
  }

  protected rule<T>(name: string, body: () => T): Rule<T> {
    // Words of the language are token types of the same names.
    return this.RULE(`${name}Rule`, body)
  }

  /** A rule that is a choice. Where words of the language stand beside plain words, the first alternative that fits is taken. */
  protected oneOf<T>(name: string, missing: Expectation | undefined, alternatives: IOrAlt<NoInfer<T>>[]): Rule<T> {
    // Made once: a rule runs for nearly every token.
    const choice = { ...(missing ? expect(missing) : {}), DEF: alternatives, IGNORE_AMBIGUITIES: true }
    return this.rule(name, () => this.OR<T>(choice))
  }

  protected from(start: number): Span {
    const last = this.LA(0)
    return { start, end: last.startOffset + last.image.length }
  }

  /** `every x in`. In `every not in 1..5` and `any and in == 1` a word that joins follows: `every` and `any` are arguments there. */
  protected beginsQuantifier(): boolean {
    const [first, element, behind] = [this.LA(1), this.LA(2), this.LA(3)]
    return (
      (first.tokenType === w.every || first.tokenType === w.any) &&
      isWord(element) &&
      !joining.has(element.tokenType) &&
      behind.tokenType === w.in
    )
  }

  /** `allow on X` has no action, though a function may be called `on`. */
  protected namesAction(): boolean {
    return this.continues() && (this.LA(1).tokenType !== w.on || this.LA(2).tokenType === w.on)
  }

  /** Whether the next word belongs to what is being read; not if its line reads like a new clause, rule or header line. */
  protected continues(): boolean {
    const [token, after] = [this.LA(1), this.LA(2)]
    return !(
      isBeginning(token) &&
      isFirstOnLine(this.text, token) &&
      !isFirstOnLine(this.text, after) &&
      followsKeyword(after)
    )
  }

  protected leafOf<T>(token: IToken, make: (token: IToken, report: leaf.Report) => T): T {
    return this.ACTION(() => make(token, this.report))
  }
  protected numeral(token: IToken): Ast.NumberLiteral {
    return this.leafOf(token, leaf.number)
  }
  protected boolean(token: IToken): Ast.BooleanLiteral {
    return { kind: 'boolean', value: token.tokenType === w.true, span: t.spanOf(token) }
  }
  /** Requires that a word is `text`, which is no keyword. */
  protected word(text: string, token: IToken, code = 'W021', help = `write ${quote(text)}`): void {
    if (token.image !== text && !this.RECORDING_PHASE)
      this.error(code, t.spanOf(token), `expected ${quote(text)}, found ${quote(token.image)}`, help)
  }
}
