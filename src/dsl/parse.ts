import type { IToken } from 'chevrotain'
import type { Diagnostic, Span } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import type {
  ActionDeclaration,
  ActionFunction,
  Clause,
  EachClause,
  HeaderLine,
  Requires,
  Rule,
  Spends,
  Writ,
} from './ast.js'
import { EOF } from './chevrotain.js'
import { describeMiss, describeNoTarget, describeNoValue, describeStray, type Place } from './describe.js'
import { Grammar } from './grammar.js'
import { isBad, lex } from './lex.js'
import { followsKeyword, isActionEntry, isBeginning, isClause, isEffect, isHeader } from './lines.js'
import { resume } from './resume.js'
import { Assign, CloseBrace, Comma, Semicolon, spanOf, words } from './tokens.js'

/** A text as far as it could be read, and every fault found in it, in the order of the text. */
export type Parsed = { readonly writ: Writ; readonly diagnostics: Diagnostic[] }

/** So many faults are shown in one run. */
export const mostFaults = 20

let shared: Grammar | undefined

/** Reads a text into its AST; the diagnostics are data, and what did not parse is left out. */
export const parse = (text: string): Parsed => {
  const { tokens, diagnostics, fatal } = lex(text)
  const span = { start: 0, end: text.length }
  const nothing: Writ = { kind: 'writ', header: [], rules: [], incomplete: true, span }
  if (fatal) return { writ: nothing, diagnostics: [...diagnostics] }
  if (tokens.length === 1)
    return {
      writ: nothing,
      diagnostics: [
        {
          code: 'W001',
          severity: 'error',
          span: { start: 0, end: 0 },
          message: 'this writ is empty',
          help: 'write a rule: `allow transfer on 0x… budget 1 ETH/day ttl 24h`',
        },
      ],
    }
  shared ??= new Grammar()
  return new Reader(shared, text, tokens, diagnostics).writ()
}

/** Puts the pieces of a writ together: header lines, heads of rules, clauses; behind a fault it goes on with the next piece. */
class Reader {
  private readonly header: HeaderLine[] = []
  private readonly faults: Diagnostic[]
  private incomplete: boolean
  /** Set when there are too many faults: everything ends then. */
  private stopped = false

  constructor(
    private readonly grammar: Grammar,
    private readonly text: string,
    private readonly tokens: IToken[],
    lexical: readonly Diagnostic[],
  ) {
    this.faults = [...lexical]
    this.incomplete = lexical.length > 0
    grammar.text = text
    grammar.faults = this.faults
    grammar.input = tokens
    this.bound()
  }

  writ(): Parsed {
    const rules: Rule[] = []
    while (!this.ended()) {
      const token = this.next()
      if (isEffect(token)) rules.push(...this.rule(false))
      else if (isHeader(token)) this.headerLine()
      else if (isClause(token)) this.orphan(token)
      else this.stray('writ')
    }
    const span = { start: 0, end: this.text.length }
    const { header, incomplete } = this
    return { writ: { kind: 'writ', header, rules, incomplete, span }, diagnostics: this.report() }
  }

  private report(): Diagnostic[] {
    const ordered = this.faults.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
    if (ordered.length <= mostFaults) return ordered
    const shown = ordered.slice(0, mostFaults)
    const span = ordered[mostFaults]?.span
    const more = {
      code: 'W029',
      severity: 'error',
      message: 'there are more faults',
      help: 'mend the first ones and look again',
    } as const
    return [...shown, { ...more, ...(span ? { span } : {}) }]
  }

  // ------------------------------------------------------------------------------------------------------- pieces

  private headerLine(): void {
    const line = this.next().tokenType === words.action ? this.action() : this.piece(() => this.grammar.headerLine())
    if (line) this.header.push(line)
  }

  private orphan(token: IToken): void {
    this.fault(
      'W010',
      token,
      `${quote(token.image)} belongs to a rule, and there is none before it`,
      'begin a rule with `allow` or `deny`',
    )
    if (token.tokenType === words.each) this.each()
    else this.piece(() => this.grammar.clause())
  }

  /** The rule that begins here; none if its head did not parse. */
  private rule(nested: boolean): Rule[] {
    const outer = this.incomplete
    this.incomplete = false
    const head = this.piece(() => this.grammar.ruleHead())
    if (head && head.targets.length === 0 && !nested) this.noTarget(head.span)
    const clauses: Clause[] = []
    while (!this.ended() && !isEffect(this.next())) {
      const token = this.next()
      if (this.beginsHeaderLine()) this.misplaced(token)
      else if (token.tokenType === words.each) clauses.push(...this.each())
      else if (isClause(token)) clauses.push(...this.some(this.piece(() => this.grammar.clause())))
      else if (nested && token.tokenType === CloseBrace) break
      else this.stray('rule')
    }
    const { incomplete } = this
    this.incomplete ||= outer
    if (!head) return []
    const end = clauses.at(-1)?.span.end ?? head.span.end
    return [{ kind: 'rule', ...head, clauses, incomplete, span: { start: head.span.start, end } }]
  }

  private each(): EachClause[] {
    const head = this.piece(() => this.grammar.eachHead())
    if (!head) return []
    const rules: Rule[] = []
    while (!this.ended() && this.next().tokenType !== CloseBrace) {
      if (isEffect(this.next())) rules.push(...this.rule(true))
      else this.stray('each')
    }
    const end = this.close(head.span.end)
    return [{ kind: 'each', ...head, rules, span: { start: head.span.start, end } }]
  }

  private action(): ActionDeclaration | undefined {
    const head = this.piece(() => this.grammar.actionHead())
    if (!head) return undefined
    const functions: (ActionFunction & { spends: Spends[]; requires: Requires[] })[] = []
    while (!this.ended() && this.next().tokenType !== CloseBrace) {
      const token = this.next()
      if (!isActionEntry(token)) {
        this.stray('action')
        continue
      }
      const entry = this.piece(() => this.grammar.actionEntry())
      const last = functions.at(-1)
      if (entry?.kind === 'action function') functions.push({ ...entry, spends: [], requires: [] })
      else if (entry && !last)
        this.fault(
          'W027',
          token,
          `${quote(token.image)} has no function before it`,
          'begin with `function transfer(address to, uint256 amount)`',
        )
      else if (entry?.kind === 'spends') last?.spends.push(entry)
      else if (entry) last?.requires.push(entry)
    }
    const end = this.close(head.name.span.end)
    if (functions.length === 0 && !this.incomplete)
      this.report1(
        'W027',
        head.name.span,
        `action ${quote(head.name.text)} has no function`,
        'write `function transfer(address to, uint256 amount)`',
      )
    return { kind: 'action', name: head.name, functions: functions.map(whole), span: { start: head.start, end } }
  }

  // ------------------------------------------------------------------------------------------------------- faults

  private noTarget(head: Span): void {
    const next = this.next()
    this.add(describeNoTarget(this.text, head, next))
    if (!isBeginning(next) && next.tokenType !== EOF) this.move(this.indexOf(next), this.indexOf(next))
  }

  private misplaced(token: IToken): void {
    this.fault(
      'W011',
      token,
      `the ${quote(token.image)} line stands behind a rule`,
      'header lines come before the first rule: move it up',
    )
    this.headerLine()
  }

  /** Reports a token that begins nothing, and moves to where the next piece can begin. */
  private stray(place: Place): void {
    const token = this.next()
    const index = this.indexOf(token)
    const [previous, keyword] = [this.tokens[index - 2], this.tokens[index - 1]]
    if (isBad(token)) this.incomplete = true
    else if (place === 'rule' && previous && keyword && isClause(keyword) && followsKeyword(token)) {
      // As in `where to == budget 1 ETH/day`: the clause is read again.
      this.add(describeNoValue(keyword, previous))
      this.grammar.input = this.tokens.slice(index - 1)
      return
    } else {
      const targets = place === 'rule' ? this.bareTargets(index) : undefined
      const fault = describeStray(token, keyword, place)
      this.add(targets === undefined ? fault : { ...fault, help: `a list of targets stands in brackets: ${targets}` })
    }
    this.move(index, index)
  }

  /** `on A, B` as it should be, in backticks, where the comma at that token is such a one. */
  private bareTargets(comma: number): string | undefined {
    if (this.tokens[comma - 2]?.tokenType !== words.on) return undefined
    const names = [this.tokens[comma - 1]]
    for (let at = comma; this.tokens[at]?.tokenType === Comma; at += 2) names.push(this.tokens[at + 1])
    const known = names.filter((name) => name !== undefined && !isBeginning(name) && name.tokenType !== EOF)
    return `\`on [${known.map((name) => name?.image).join(', ')}]\``
  }

  /** Reads one piece; if it fails, reports why and moves to where the next piece can begin. */
  private piece<T>(read: () => T | undefined): T | undefined {
    const start = this.next()
    const count = this.faults.length
    const made = read()
    if (this.faults.length > count) {
      this.incomplete = true
      this.bound()
    }
    if (made !== undefined) return made
    const [error] = this.grammar.errors
    if (!error) return undefined
    this.incomplete = true
    const [from, to] = [this.indexOf(start), this.indexOf(error.token)]
    if (!isBad(error.token)) this.add(describeMiss(this.text, error, to > from ? this.tokens[to - 1] : undefined))
    this.move(from, to)
    return undefined
  }

  private close(end: number): number {
    const brace = this.next()
    if (brace.tokenType !== CloseBrace) {
      const at = { start: end - 1, end }
      if (!this.stopped) this.report1('W018', at, '`{` is not closed', 'close it with `}`')
      return end
    }
    this.move(this.indexOf(brace), this.indexOf(brace), true)
    while (this.next().tokenType === Semicolon) this.move(this.indexOf(this.next()), this.indexOf(this.next()), true)
    return spanOf(brace).end
  }

  private fault(code: string, token: IToken, message: string, help: string): void {
    this.report1(code, spanOf(token), message, help)
  }
  private report1(code: string, span: Diagnostic['span'], message: string, help: string): void {
    this.add({ code, severity: 'error', ...(span ? { span } : {}), message, help })
  }
  private add(fault: Diagnostic): void {
    this.incomplete = true
    this.faults.push(fault)
    this.bound()
  }
  private bound(): void {
    if (this.faults.length > 4 * mostFaults) this.stopped = true
  }

  // ------------------------------------------------------------------------------------------------------- tokens

  private next(): IToken {
    return this.grammar.peek(1)
  }
  private ended(): boolean {
    return this.stopped || this.next().tokenType === EOF
  }
  private some<T>(value: T | undefined): T[] {
    return value === undefined ? [] : [value]
  }
  /** A header line cannot be mistaken for a clause: `budget x = …` and `limit x = …` declare. */
  private beginsHeaderLine(): boolean {
    const token = this.next()
    return isHeader(token) && (!isClause(token) || this.grammar.peek(3).tokenType === Assign)
  }
  private indexOf(token: IToken): number {
    let [low, high] = [0, this.tokens.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.tokens[middle]?.startOffset ?? 0) < token.startOffset) low = middle + 1
      else high = middle
    }
    return low
  }
  /** Goes on where the next piece can begin, or directly behind the token at `to`. */
  private move(from: number, to: number, directly = false): void {
    const index = directly ? to + 1 : resume(this.text, this.tokens, Math.max(to, from + 1))
    this.grammar.input = this.tokens.slice(index)
  }
}

const whole = (part: ActionFunction): ActionFunction => {
  const ends = [...part.spends, ...part.requires].map(({ span }) => span.end)
  return { ...part, span: { start: part.span.start, end: Math.max(part.span.end, ...ends) } }
}
