import { quote } from '../diagnostic/quote.js'
import type { TokenType } from 'chevrotain'
import { arrange, type Infix, type InfixOperator, type Operand, type Prefix, type Price } from './arrange.js'
import type * as Ast from './ast.js'
import { BaseGrammar, type Rule } from './baseGrammar.js'
import { expect } from './expected.js'
import * as leaf from './toAst.js'
import * as t from './tokens.js'
import { words as w } from './tokens.js'

type Deep = { readonly value: Ast.Expression; readonly depth: number }

/** So many `not`, `-` and `% of` may stand before one value. */
const mostPrefixes = 16
/** The brackets are the step's, and the rule `step` knows where they are. */
const stepSpan = { start: 0, end: 0 }
const nestedForms: ReadonlySet<string> = new Set(['slices', 'calls', 'multisend', 'commands'])

/** Expressions: conditions and values (grammar.ts has the EBNF). */
export class ExpressionGrammar extends BaseGrammar {
  protected readonly expression: Rule<Ast.Expression> = this.rule('expression', () => this.SUBRULE(this.chained).value)

  private readonly chained: Rule<Deep> = this.rule('chained', () => {
    const first = this.SUBRULE(this.operand)
    const rest: { infix: Infix; operand: Operand }[] = []
    this.MANY(() => {
      const infix = this.SUBRULE(this.infix)
      rest.push({ infix, operand: this.SUBRULE2(this.operand) })
    })
    return this.ACTION(() => arrange(first, rest, this.report))
  })

  private readonly infixes = [
    ...[w.and, w.or, t.Equals, t.Differs, t.AtMost, t.AtLeast, t.Below, t.Above, w.in].map((type) =>
      this.plainInfix(type),
    ),
    ...[t.Ampersand, t.Plus, t.Minus, t.Times, t.Slash, t.Dots].map((type) => this.plainInfix(type)),
    {
      ALT: (): Infix => {
        const not = this.CONSUME(w.not)
        this.CONSUME2(w.in, expect('operator'))
        return { operator: 'not in', span: this.from(not.startOffset) }
      },
    },
    {
      ALT: (): Infix => {
        const starts = this.CONSUME(w.starts)
        this.CONSUME(w.with)
        return { operator: 'starts with', span: this.from(starts.startOffset) }
      },
    },
  ]
  private plainInfix(type: TokenType): { ALT: () => Infix } {
    const operator = type.name as InfixOperator
    return { ALT: () => ({ operator, span: t.spanOf(this.CONSUME(type)) }) }
  }
  private readonly infix: Rule<Infix> = this.oneOf('infix', 'operator', this.infixes)

  private readonly operand: Rule<Operand> = this.rule('operand', () => {
    const prefixes: Prefix[] = []
    this.MANY(() => {
      const prefix = this.SUBRULE(this.prefix)
      if (prefixes.push(prefix) <= mostPrefixes) return
      prefixes.pop()
      if (prefixes.length === mostPrefixes && this.faults.at(-1)?.code !== 'W009')
        this.error('W009', prefix.span, 'too many signs stand before one value', 'leave them out')
    })
    const { value, depth } = this.SUBRULE(this.value)
    const prices: Price[] = []
    this.MANY2(() => prices.push(this.SUBRULE(this.price)))
    return { prefixes, value, depth, prices }
  })
  private readonly prefix: Rule<Prefix> = this.oneOf('prefix', undefined, [
    { ALT: () => ({ operator: 'not', span: t.spanOf(this.CONSUME(w.not)) }) },
    { ALT: () => ({ operator: '-', span: t.spanOf(this.CONSUME(t.Minus)) }) },
    {
      ALT: () => {
        const start = this.LA(1).startOffset
        const percent = this.numeral(this.CONSUME(t.PercentText))
        this.CONSUME(w.of)
        return { operator: '% of', percent, span: this.from(start) }
      },
    },
  ])
  private readonly price: Rule<Price> = this.rule('price', () => {
    const direction = this.OR<Price['direction']>([
      {
        ALT: () => {
          this.CONSUME(w.at)
          return 'at'
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.sold)
          this.CONSUME2(w.at)
          return 'sold at'
        },
      },
    ])
    const price = this.SUBRULE(this.amount)
    this.CONSUME(w.per)
    const per = leaf.name(this.CONSUME(t.PlainWord, expect('price')))
    return { direction, price, per, end: per.span.end }
  })

  // No gates here: with them the library would try the alternatives one by one. `true` and `false` are words too, and come first.
  private readonly values = [
    { ALT: () => this.flat(this.boolean(this.CONSUME(w.true))) },
    { ALT: () => this.flat(this.boolean(this.CONSUME(w.false))) },
    { ALT: () => this.flat(this.leafOf(this.CONSUME(t.StringText), leaf.string)) },
    { ALT: () => this.flat(this.leafOf(this.CONSUME(t.DurationText), leaf.duration)) },
    { ALT: () => this.flat(this.SUBRULE(this.date)) },
    { ALT: () => this.flat(leaf.hex(this.CONSUME(t.HexText))) },
    { ALT: () => this.flat(this.SUBRULE(this.numeric)) },
    { ALT: () => this.SUBRULE(this.group) },
    { ALT: () => this.SUBRULE(this.list) },
    { ALT: () => this.SUBRULE(this.named) },
  ]
  private readonly value: Rule<Deep> = this.oneOf('value', 'value', this.values)

  private readonly numeric: Rule<Ast.NumberLiteral | Ast.AmountLiteral> = this.rule('numeric', () => {
    const start = this.LA(1).startOffset
    const number = this.numeral(this.CONSUME(t.NumberText))
    const unit = this.OPTION(() => leaf.name(this.CONSUME(t.PlainWord)))
    if (!unit) return number
    const of = this.OPTION2({ GATE: () => unit.text === 'units', DEF: () => leaf.name(this.CONSUME2(t.PlainWord)) })
    return { kind: 'amount', number, unit, ...(of ? { of } : {}), span: this.from(start) }
  })
  private readonly named: Rule<Deep> = this.oneOf('named', 'value', [
    { GATE: () => this.beginsQuantifier(), ALT: () => this.SUBRULE(this.quantified) },
    { GATE: () => this.LA(2).tokenType === t.OpenParen, ALT: () => this.SUBRULE(this.call) },
    { GATE: () => this.continues(), ALT: () => this.flat(this.SUBRULE(this.path)) },
  ])

  private readonly group: Rule<Deep> = this.rule('group', () => {
    const start = this.LA(1).startOffset
    const { items, depth } = this.SUBRULE(this.parenthesized)
    return this.ACTION<Deep>(() => {
      const span = this.from(start)
      const [only] = items
      // What stands in parentheses owns them: its span is what the author would call the whole of it.
      if (items.length === 1 && only) return { value: { ...only, span }, depth }
      return { value: { kind: 'tuple', items, span }, depth: depth + 1 }
    })
  })
  protected readonly parenthesized: Rule<{ readonly items: Ast.Expression[]; readonly depth: number }> = this.rule(
    'parenthesized',
    () => {
      const items: Ast.Expression[] = []
      let depth = 0
      this.CONSUME(t.OpenParen)
      this.AT_LEAST_ONE_SEP({
        ...expect('value'),
        SEP: t.Comma,
        DEF: () => {
          const item = this.SUBRULE(this.chained)
          items.push(item.value)
          depth = Math.max(depth, item.depth)
        },
      })
      this.CONSUME(t.CloseParen, expect('groupEnd'))
      return { items, depth }
    },
  )
  private readonly list: Rule<Deep> = this.rule('list', () => {
    const items: Ast.Expression[] = []
    let depth = 0
    const start = this.CONSUME(t.OpenBracket).startOffset
    this.AT_LEAST_ONE_SEP({
      ...expect('value'),
      SEP: t.Comma,
      DEF: () => {
        const item = this.SUBRULE(this.chained)
        items.push(item.value)
        depth = Math.max(depth, item.depth)
      },
    })
    this.CONSUME(t.CloseBracket, expect('listEnd'))
    return { value: { kind: 'list', items, span: this.from(start) }, depth: depth + 1 }
  })
  private readonly call: Rule<Deep> = this.rule('call', () => {
    const name = leaf.name(this.CONSUME(t.Word))
    const { items, depth } = this.SUBRULE(this.parenthesized)
    return {
      value: { kind: 'function call', name, arguments: items, span: this.from(name.span.start) },
      depth: depth + 1,
    }
  })
  private readonly quantified: Rule<Deep> = this.rule('quantified', () => {
    const first = this.OR([{ ALT: () => this.CONSUME(w.every) }, { ALT: () => this.CONSUME(w.any) }])
    const element = leaf.name(this.CONSUME(t.Word))
    this.CONSUME(w.in)
    const over = this.OR2<Ast.Expression>({
      ...expect('value'),
      DEF: [
        { GATE: () => nestedForms.has(this.LA(1).image), ALT: () => this.SUBRULE(this.call).value },
        { ALT: () => this.SUBRULE(this.path) },
      ],
    })
    this.CONSUME(t.OpenParen)
    const body = this.SUBRULE(this.chained)
    this.CONSUME(t.CloseParen)
    const quantifier = first.tokenType === w.every ? 'every' : 'any'
    return {
      value: { kind: 'quantified', quantifier, element, over, body: body.value, span: this.from(first.startOffset) },
      depth: body.depth + 2,
    }
  })
  protected readonly path: Rule<Ast.Path> = this.rule('path', () => {
    const root = leaf.name(this.CONSUME(t.Word, expect('value')))
    const steps: Ast.Step[] = []
    this.MANY(() => steps.push(this.SUBRULE(this.step)))
    return { kind: 'path', root, steps, span: this.from(root.span.start) }
  })
  private readonly step: Rule<Ast.Step> = this.oneOf('step', undefined, [
    {
      ALT: () => {
        const start = this.CONSUME(t.Dot).startOffset
        const name = leaf.name(this.CONSUME(t.Word, expect('name')))
        return { kind: 'member', name, span: this.from(start) }
      },
    },
    {
      ALT: () => {
        const open = this.CONSUME(t.OpenBracket)
        const inner = this.SUBRULE(this.index)
        this.CONSUME(t.CloseBracket)
        return { ...inner, span: this.from(open.startOffset) }
      },
    },
  ])
  private readonly index: Rule<Ast.Step> = this.oneOf('index', 'index', [
    {
      ALT: () => {
        this.word('last', this.CONSUME(t.PlainWord))
        return { kind: 'last', span: stepSpan }
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.Colon)
        const end = this.OPTION3(() => this.SUBRULE(this.integer))
        return { kind: 'slice', ...(end ? { end } : {}), span: stepSpan }
      },
    },
    {
      ALT: () => {
        const start = this.SUBRULE2(this.integer)
        return (
          this.OPTION<Ast.Step>(() => {
            this.CONSUME2(t.Colon)
            const end = this.OPTION2(() => this.SUBRULE3(this.integer))
            return { kind: 'slice', start, ...(end ? { end } : {}), span: stepSpan }
          }) ?? { kind: 'index', index: start, span: stepSpan }
        )
      },
    },
  ])
  private readonly integer: Rule<Ast.Index> = this.rule('integer', () => {
    const start = this.LA(1).startOffset
    const minus = this.OPTION(() => this.CONSUME(t.Minus))
    const literal = this.numeral(this.CONSUME(t.NumberText, expect('index')))
    return this.ACTION<Ast.Index>(() => {
      const span = this.from(start)
      const { digits, decimals } = literal.value
      if (decimals > 0) this.error('W021', span, `${quote(literal.text)} is no index`, 'write an integer')
      return { kind: 'integer', value: minus ? -digits : digits, span }
    })
  })

  protected readonly date: Rule<Ast.DateLiteral> = this.rule('date', () => {
    const date = this.leafOf(this.CONSUME(t.DateText, expect('date')), leaf.date)
    this.OPTION({ GATE: () => this.LA(1).image === 'UTC', DEF: () => this.CONSUME(t.PlainWord) })
    return date
  })
  protected readonly amount: Rule<Ast.AmountLiteral> = this.rule('amount', () => {
    const start = this.LA(1).startOffset
    const number = this.numeral(this.CONSUME(t.NumberText, expect('amount')))
    const unit = leaf.name(this.CONSUME(t.PlainWord, expect('amount')))
    const of = this.OPTION({ GATE: () => unit.text === 'units', DEF: () => leaf.name(this.CONSUME2(t.PlainWord)) })
    return { kind: 'amount', number, unit, ...(of ? { of } : {}), span: this.from(start) }
  })
  private flat(value: Ast.Expression): Deep {
    return { value, depth: 1 }
  }
}
