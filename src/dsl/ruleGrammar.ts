import type { IToken } from 'chevrotain'
import type * as Ast from './ast.js'
import type { Rule } from './baseGrammar.js'
import { expect, expectations } from './expected.js'
import { ExpressionGrammar } from './expressionGrammar.js'
import * as leaf from './toAst.js'
import * as t from './tokens.js'
import { words as w } from './tokens.js'

/** A type may be an array of so many dimensions. */
const mostBrackets = 16

/** Rules and their clauses (grammar.ts has the EBNF). */
export class RuleGrammar extends ExpressionGrammar {
  protected readonly time: Rule<Ast.FromClause | Ast.UntilClause | Ast.TtlClause> = this.oneOf('time', undefined, [
    {
      ALT: () => {
        const start = this.CONSUME(w.from).startOffset
        const date = this.SUBRULE(this.date)
        return { kind: 'from', date, span: this.from(start) }
      },
    },
    {
      ALT: () => {
        const start = this.CONSUME(w.until).startOffset
        const date = this.SUBRULE2(this.date)
        return { kind: 'until', date, span: this.from(start) }
      },
    },
    {
      ALT: () => {
        const start = this.CONSUME(w.ttl).startOffset
        const duration = this.leafOf(this.CONSUME(t.DurationText, expect('duration')), leaf.duration)
        return { kind: 'ttl', duration, span: this.from(start) }
      },
    },
  ])
  readonly ruleHead: Rule<Pick<Ast.Rule, 'effect' | 'action' | 'targets' | 'span'>> = this.rule('ruleHead', () => {
    const first = this.CONSUME(t.EffectWord)
    const action = this.SUBRULE(this.what)
    const targets = this.OPTION(() => {
      this.CONSUME(w.on)
      return this.SUBRULE(this.targets)
    })
    return {
      effect: first.tokenType === w.allow ? 'allow' : 'deny',
      action,
      targets: targets ?? [],
      span: this.from(first.startOffset),
    }
  })
  private readonly what: Rule<Ast.Action> = this.oneOf('what', 'action', [
    { GATE: () => this.LA(2).tokenType === t.OpenParen, ALT: () => this.SUBRULE(this.command) },
    { GATE: () => this.LA(2).tokenType === t.OpenParen, ALT: () => this.SUBRULE(this.signature) },
    { GATE: () => this.namesAction(), ALT: () => this.SUBRULE(this.bareAction) },
  ])
  private readonly command: Rule<Ast.CommandAction> = this.rule('command', () => {
    const { text, span } = leaf.hex(this.CONSUME(t.HexText))
    const inputs = this.SUBRULE(this.parameters)
    return { kind: 'command', command: { kind: 'hex', text, span }, inputs, span: this.from(span.start) }
  })
  protected readonly bareAction: Rule<Ast.Action> = this.rule('bareAction', () => {
    const name = leaf.name(this.CONSUME(t.Word))
    if (name.text === 'send') return { kind: 'send', span: name.span }
    if (name.text === 'any') return { kind: 'any', span: name.span }
    return { kind: 'named', name, span: name.span }
  })
  private readonly targets: Rule<Ast.Place[]> = this.oneOf('targets', 'place', [
    { ALT: () => this.SUBRULE(this.targetList) },
    { ALT: () => [this.SUBRULE(this.place)] },
  ])
  private readonly targetList: Rule<Ast.Place[]> = this.rule('targetList', () => {
    const places: Ast.Place[] = []
    this.CONSUME(t.OpenBracket)
    this.AT_LEAST_ONE_SEP({ ...expect('place'), SEP: t.Comma, DEF: () => places.push(this.SUBRULE(this.place)) })
    this.CONSUME(t.CloseBracket, expect('listEnd'))
    return places
  })
  protected readonly place: Rule<Ast.Place> = this.oneOf('place', 'place', [
    { ALT: () => this.leafOf(this.CONSUME(t.HexText), leaf.address) },
    { GATE: () => this.continues(), ALT: () => leaf.name(this.CONSUME(t.Word)) },
  ])

  protected readonly signature: Rule<Ast.Signature> = this.rule('signature', () => {
    const name = leaf.name(this.CONSUME(t.Word, expect('action')))
    const inputs = this.SUBRULE(this.parameters)
    return { kind: 'signature', name, inputs, span: this.from(name.span.start) }
  })
  protected readonly parameters: Rule<Ast.ParameterNode[]> = this.rule('parameters', () => {
    const inputs: Ast.ParameterNode[] = []
    this.CONSUME(t.OpenParen)
    this.MANY_SEP({ SEP: t.Comma, DEF: () => inputs.push(this.SUBRULE(this.parameter)) })
    this.CONSUME(t.CloseParen, expect('parameterEnd'))
    return inputs
  })
  protected readonly parameter: Rule<Ast.ParameterNode> = this.rule('parameter', () => {
    const start = this.LA(1).startOffset
    let type = this.SUBRULE(this.plainType)
    let brackets = 0
    this.MANY(() => {
      this.CONSUME(t.OpenBracket)
      const length = this.OPTION(() => this.numeral(this.CONSUME(t.NumberText)))
      this.CONSUME(t.CloseBracket)
      const span = this.from(start)
      if (++brackets === mostBrackets + 1)
        this.error('W009', span, 'this type is too deep', 'write a type that a contract has')
      if (brackets <= mostBrackets) type = { kind: 'array', element: type, ...(length ? { length } : {}), span }
    })
    const name = this.OPTION2(() => leaf.name(this.CONSUME2(t.Word)))
    return { kind: 'parameter', type, ...(name ? { name } : {}), span: this.from(start) }
  })

  private readonly plainType: Rule<Ast.TypeNode> = this.oneOf('plainType', 'type', [
    {
      ALT: () => {
        const start = this.LA(1).startOffset
        const components = this.SUBRULE(this.parameters)
        return { kind: 'tuple type', components, span: this.from(start) }
      },
    },
    {
      ALT: () => {
        const token = this.CONSUME(t.Word)
        return { kind: 'elementary', text: token.image, span: t.spanOf(token) }
      },
    },
  ])

  readonly clause: Rule<Exclude<Ast.Clause, Ast.EachClause>> = this.oneOf('clause', undefined, [
    {
      ALT: () => {
        const start = this.CONSUME(w.where).startOffset
        const condition = this.SUBRULE(this.expression)
        return { kind: 'where', condition, span: this.from(start) }
      },
    },
    {
      ALT: () => {
        const start = this.CONSUME(w.budget).startOffset
        const terms: Ast.BudgetTerm[] = []
        this.AT_LEAST_ONE_SEP({ ...expect('budget'), SEP: t.Comma, DEF: () => terms.push(this.SUBRULE(this.term)) })
        const counting = this.OPTION(() => {
          this.CONSUME(w.counting)
          return this.SUBRULE2(this.expression)
        })
        return { kind: 'budget', terms, ...(counting ? { counting } : {}), span: this.from(start) }
      },
    },
    {
      ALT: () => {
        const start = this.CONSUME(w.limit).startOffset
        const terms: Ast.LimitTerm[] = []
        this.AT_LEAST_ONE_SEP2({
          ...expect('limit'),
          SEP: t.Comma,
          DEF: () => terms.push(this.SUBRULE(this.limitTerm)),
        })
        return { kind: 'limit', terms, span: this.from(start) }
      },
    },
    { ALT: () => this.SUBRULE(this.hours) },
    { ALT: () => this.SUBRULE(this.time) },
  ])
  protected readonly term: Rule<Ast.BudgetTerm> = this.oneOf('term', 'budget', [
    { ALT: () => this.SUBRULE(this.spending) },
    {
      ALT: () => {
        const start = this.CONSUME(w.unlimited).startOffset
        const asset = leaf.name(this.CONSUME(t.PlainWord, expect('name')))
        return { kind: 'unlimited', asset, span: this.from(start) }
      },
    },
    { GATE: () => this.continues(), ALT: () => this.shared(this.CONSUME(t.Word)) },
  ])
  protected readonly limitTerm: Rule<Ast.LimitTerm> = this.oneOf('limitTerm', 'limit', [
    { ALT: () => this.SUBRULE(this.calls) },
    { GATE: () => this.continues(), ALT: () => this.shared(this.CONSUME(t.Word)) },
  ])
  private shared(token: IToken): Ast.SharedName {
    const name = leaf.name(token)
    return { kind: 'shared', name, span: name.span }
  }
  protected readonly spending: Rule<Ast.BudgetAmount> = this.rule('spending', () => {
    const start = this.LA(1).startOffset
    const amount = this.SUBRULE(this.amount)
    const window = this.OPTION(() => this.SUBRULE(this.window))
    return { kind: 'budget amount', amount, ...(window ? { window } : {}), span: this.from(start) }
  })
  protected readonly calls: Rule<Ast.LimitAmount> = this.rule('calls', () => {
    const start = this.LA(1).startOffset
    const calls = this.numeral(this.CONSUME(t.NumberText, expect('limit')))
    const unit = this.CONSUME(t.PlainWord, expect('calls'))
    if (unit.image !== 'call') this.word('calls', unit, 'W016', expectations.calls[2])
    const window = this.OPTION(() => this.SUBRULE(this.window))
    return { kind: 'limit amount', calls, ...(window ? { window } : {}), span: this.from(start) }
  })
  protected readonly window: Rule<Ast.WindowNode> = this.oneOf('window', undefined, [
    { ALT: () => ({ kind: 'total', span: t.spanOf(this.CONSUME(w.total)) }) },
    {
      ALT: () => {
        const slash = this.CONSUME(t.Slash)
        const period = this.SUBRULE(this.period)
        const rolling = this.OPTION(() => this.CONSUME(w.rolling))
        const span = this.from(slash.startOffset)
        if (period) return { kind: 'period', period, rolling: rolling !== undefined, span }
        if (rolling)
          this.error(
            'W017',
            t.spanOf(rolling),
            '`rolling` needs a period',
            'write `/day rolling`, or leave `rolling` out',
          )
        return { kind: 'per call', span }
      },
    },
  ])

  /** `call` is no period: then there is none. */
  private readonly period: Rule<Ast.Period | undefined> = this.oneOf('period', 'period', [
    { ALT: () => this.leafOf(this.CONSUME(t.DurationText), leaf.durationPeriod) },
    {
      GATE: () => this.continues(),
      ALT: () => {
        const word = this.CONSUME(t.Word)
        return word.image === 'call' ? undefined : this.leafOf(word, leaf.namedPeriod)
      },
    },
  ])

  protected readonly hours: Rule<Ast.HoursClause> = this.rule('hours', () => {
    const first = this.CONSUME(w.hours).startOffset
    const start = this.leafOf(this.CONSUME(t.ClockText, expect('hours')), leaf.clock)
    this.CONSUME(t.Minus, expect('hours'))
    const end = this.leafOf(this.CONSUME2(t.ClockText, expect('hours')), leaf.clock)
    this.word('UTC', this.CONSUME(t.PlainWord, expect('utc')), 'W023', expectations.utc[2])
    const days = this.OPTION(() => {
      const list: Ast.DayRange[] = []
      this.AT_LEAST_ONE_SEP({ ...expect('hours'), SEP: t.Comma, DEF: () => list.push(this.SUBRULE(this.days)) })
      return list
    })
    return { kind: 'hours', start, end, ...(days ? { days } : {}), span: this.from(first) }
  })
  protected readonly days: Rule<Ast.DayRange> = this.rule('days', () => {
    const token = this.CONSUME(t.PlainWord, expect('hours'))
    const first = leaf.weekday(token, this.report)
    const last = this.OPTION(() => {
      this.CONSUME(t.Minus)
      return leaf.weekday(this.CONSUME2(t.PlainWord, expect('hours')), this.report)
    })
    return { kind: 'days', first, last: last ?? first, span: this.from(token.startOffset) }
  })

  /** `each NAME in FORM(…) {`; the rules up to `}` are read one by one. */
  readonly eachHead: Rule<Pick<Ast.EachClause, 'variable' | 'form' | 'arguments' | 'span'>> = this.rule(
    'eachHead',
    () => {
      const start = this.CONSUME(w.each).startOffset
      const variable = leaf.name(this.CONSUME(t.Word, expect('name')))
      this.CONSUME(w.in)
      const form = leaf.name(this.CONSUME(t.PlainWord, expect('nested')))
      const list = this.SUBRULE(this.parenthesized)
      this.CONSUME(t.OpenBrace)
      return { variable, form, arguments: list.items, span: this.from(start) }
    },
  )
}
