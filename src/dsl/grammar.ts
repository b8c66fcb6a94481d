/*
 * The grammar of the language, in EBNF ({ } any number, [ ] at most once; NUMBER, DATE, … are tokens, WORD is any word, keywords
 * included, NAME a word that is no keyword). Newlines are blanks: no value is ever followed by a word that could belong to it,
 * so each keyword that stands behind a complete value begins something new.
 *
 *   writ       = { header } { rule }
 *   header     = "writ" NUMBER | "account" place | "key" place | "chain" ( NUMBER | WORD { "-" WORD } )
 *              | time | fees | "import" STRING | action
 *              | "token" NAME "=" place [ "decimals" NUMBER | "base" "units" ] [ "abi" STRING ]
 *              | "contract" NAME "=" place [ "abi" STRING ]
 *              | "let" NAME "=" expression
 *              | "budget" NAME "=" spending { "," spending }
 *              | "limit" NAME "=" calls { "," calls }
 *   time       = "from" DATE [ "UTC" ] | "until" DATE [ "UTC" ] | "ttl" DURATION
 *   fees       = "fees" payer { "or" payer } [ "where" expression ]
 *   payer      = spending | "sponsored" "by" place | "unlimited"
 *   action     = "action" WORD "{" { function } "}"
 *   function   = "function" signature { ( spends | requires ) [ ";" ] }
 *   spends     = "spends" expression "of" path [ ( "when" | "unless" ) NAME "budget" ]
 *   requires   = "requires" expression [ ( "when" | "unless" ) NAME "budget" ]
 *
 *   rule       = ( "allow" | "deny" ) what [ "on" targets ] { clause }          `on` may be left out inside `each` only
 *   what       = signature | WORD | HEX parameters                             HEX: a command byte, inside `each`
 *   signature  = WORD parameters
 *   parameters = "(" [ parameter { "," parameter } ] ")"
 *   parameter  = ( WORD | parameters ) { "[" [ NUMBER ] "]" } [ WORD ]
 *   targets    = place | "[" place { "," place } "]"
 *   place      = ADDRESS | WORD
 *   clause     = "where" expression
 *              | "budget" term { "," term } [ "counting" expression ]
 *              | "limit" ( calls | WORD ) { "," ( calls | WORD ) }
 *              | "hours" CLOCK "-" CLOCK "UTC" [ days { "," days } ]
 *              | time
 *              | "each" WORD "in" NAME "(" expression { "," expression } ")" "{" { rule } "}"
 *   term       = spending | "unlimited" NAME | WORD
 *   spending   = amount [ window ]
 *   calls      = NUMBER "calls" [ window ]
 *   amount     = NUMBER NAME | NUMBER "units" [ NAME ]
 *   window     = "total" | "/" ( "call" | "hour" | "day" | "week" | DURATION ) [ "rolling" ]
 *   days       = DAY [ "-" DAY ]
 *
 *   expression = operand { infix operand }                                     arrange.ts makes the tree
 *   infix      = "and" | "or" | "==" | "!=" | "<" | "<=" | ">" | ">=" | [ "not" ] "in" | "starts" "with"
 *              | "&" | "+" | "-" | "*" | "/" | ".."                             `..` only right of `in`
 *   operand    = { "not" | "-" | PERCENT "of" } value { ( "at" | "sold" "at" ) amount "per" NAME }
 *   value      = ( "every" | "any" ) WORD "in" list "(" expression ")"
 *              | "true" | "false" | STRING | DURATION | DATE | HEX | NUMBER | amount
 *              | "(" expression { "," expression } ")" | "[" expression { "," expression } "]"
 *              | call | path
 *   list       = call | path                                                   call: of `slices`, `calls`, `multisend`, `commands`
 *   call       = WORD "(" expression { "," expression } ")"
 *   path       = WORD { "." WORD | "[" ( "last" | integer | [ integer ] ":" [ integer ] ) "]" }
 *   integer    = [ "-" ] NUMBER
 */
import type { IToken, ParserMethod, TokenType } from 'chevrotain'
import type { Diagnostic, Span } from '../diagnostic/Diagnostic.js'
import { quote } from '../diagnostic/quote.js'
import type * as Ast from './ast.js'
import { arrange, type Infix, type InfixOperator, type Operand, type Prefix, type Price } from './arrange.js'
import { EmbeddedActionsParser } from './chevrotain.js'
import { expect } from './expected.js'
import { followsKeyword, isBeginning, isFirstOnLine, isWord } from './lines.js'
import * as leaf from './toAst.js'
import * as t from './tokens.js'
import { words as w } from './tokens.js'

type Rule<T> = ParserMethod<[], T>
type Deep = { readonly value: Ast.Expression; readonly depth: number }

/** So many `not`, `-` and `% of` may stand before one value. */
const mostPrefixes = 16
const nestedForms: ReadonlySet<string> = new Set(['slices', 'calls', 'multisend', 'commands'])

/**
 * The parser of the pieces of a writ; parse.ts puts them together and goes on behind faults. Its actions make the AST
 * directly (a concrete tree in between would double the time). A rule that fails leaves an error, whose message is a key of expected.ts.
 */
export class Grammar extends EmbeddedActionsParser {
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
    this.performSelfAnalysis()
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
  private error(code: string, span: Span, message: string, help: string): void {
    this.report({ code, severity: 'error', span, message, help })
  }

  private rule<T>(name: string, body: () => T): Rule<T> {
    return this.RULE(name, body)
  }

  private from(start: number): Span {
    const last = this.LA(0)
    return { start, end: last.startOffset + last.image.length }
  }

  // ------------------------------------------------------------------------------------------------------- header

  readonly headerLine: Rule<Ast.HeaderLine> = this.rule('headerLine', () =>
    this.OR<Ast.HeaderLine>([
      { ALT: () => this.SUBRULE(this.version) },
      { ALT: () => this.SUBRULE(this.account) },
      { ALT: () => this.SUBRULE(this.key) },
      { ALT: () => this.SUBRULE(this.chain) },
      { ALT: () => this.SUBRULE(this.time) },
      { ALT: () => this.SUBRULE(this.fees) },
      { ALT: () => this.SUBRULE(this.token) },
      { ALT: () => this.SUBRULE(this.contract) },
      { ALT: () => this.SUBRULE(this.letLine) },
      { ALT: () => this.SUBRULE(this.budgetLine) },
      { ALT: () => this.SUBRULE(this.limitLine) },
      { ALT: () => this.SUBRULE(this.importLine) },
    ]),
  )

  private readonly version: Rule<Ast.VersionLine> = this.rule('version', () => {
    const start = this.CONSUME(w.writ).startOffset
    const version = this.numeral(this.CONSUME(t.NumberText, expect('number')))
    return { kind: 'version', version, span: this.from(start) }
  })
  private readonly account: Rule<Ast.AccountLine> = this.rule('account', () => {
    const start = this.CONSUME(w.account).startOffset
    const address = this.SUBRULE(this.place)
    return { kind: 'account', address, span: this.from(start) }
  })
  private readonly key: Rule<Ast.KeyLine> = this.rule('key', () => {
    const start = this.CONSUME(w.key).startOffset
    const address = this.SUBRULE(this.place)
    return { kind: 'key', address, span: this.from(start) }
  })
  private readonly chain: Rule<Ast.ChainLine> = this.rule('chain', () => {
    const start = this.CONSUME(w.chain).startOffset
    const chain = this.OR<Ast.Name | Ast.NumberLiteral>({
      ...expect('chain'),
      DEF: [
        { ALT: () => this.numeral(this.CONSUME(t.NumberText)) },
        {
          ALT: () => {
            let name = leaf.name(this.CONSUME(t.Word))
            this.MANY(() => {
              this.CONSUME(t.Minus)
              this.CONSUME2(t.Word, expect('chain'))
              const span = this.from(name.span.start)
              name = { kind: 'name', text: this.text.slice(span.start, span.end), span }
            })
            return name
          },
        },
      ],
    })
    return { kind: 'chain', chain, span: this.from(start) }
  })

  private readonly time: Rule<Ast.FromClause | Ast.UntilClause | Ast.TtlClause> = this.rule('time', () =>
    this.OR<Ast.FromClause | Ast.UntilClause | Ast.TtlClause>([
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
    ]),
  )
  private readonly date: Rule<Ast.DateLiteral> = this.rule('date', () => {
    const date = this.leafOf(this.CONSUME(t.DateText, expect('date')), leaf.date)
    this.OPTION({ GATE: () => this.LA(1).image === 'UTC', DEF: () => this.CONSUME(t.PlainWord) })
    return date
  })

  private readonly fees: Rule<Ast.FeesLine> = this.rule('fees', () => {
    const start = this.CONSUME(w.fees).startOffset
    const alternatives = [this.SUBRULE(this.payer)]
    this.MANY(() => {
      this.CONSUME(w.or)
      alternatives.push(this.SUBRULE2(this.payer))
    })
    const where = this.OPTION(() => {
      this.CONSUME(w.where)
      return this.SUBRULE(this.expression)
    })
    return { kind: 'fees', alternatives, ...(where ? { where } : {}), span: this.from(start) }
  })
  private readonly payer: Rule<Ast.FeesAlternative> = this.rule('payer', () =>
    this.OR<Ast.FeesAlternative>({
      ...expect('fees'),
      DEF: [
        { ALT: () => this.SUBRULE(this.spending) },
        {
          ALT: () => {
            const start = this.CONSUME(w.sponsored).startOffset
            this.CONSUME(w.by)
            const by = this.SUBRULE(this.place)
            return { kind: 'sponsored', by, span: this.from(start) }
          },
        },
        { ALT: () => ({ kind: 'unlimited fees', span: t.spanOf(this.CONSUME(w.unlimited)) }) },
      ],
    }),
  )

  private readonly token: Rule<Ast.TokenLine> = this.rule('token', () => {
    const start = this.CONSUME(w.token).startOffset
    const name = this.SUBRULE(this.declared)
    this.CONSUME(t.Assign)
    const address = this.SUBRULE(this.place)
    const decimals = this.OPTION(() =>
      this.OR<Ast.NumberLiteral | Ast.BaseUnits>([
        {
          ALT: () => {
            this.CONSUME(w.decimals)
            return this.numeral(this.CONSUME(t.NumberText, expect('number')))
          },
        },
        {
          ALT: () => {
            const base = this.CONSUME(w.base)
            this.word('units', this.CONSUME(t.PlainWord, expect('name')))
            return { kind: 'base units', span: this.from(base.startOffset) }
          },
        },
      ]),
    )
    const abi = this.OPTION2(() => this.SUBRULE(this.abi))
    return {
      kind: 'token',
      name,
      address,
      ...(decimals ? { decimals } : {}),
      ...(abi ? { abi } : {}),
      span: this.from(start),
    }
  })
  private readonly contract: Rule<Ast.ContractLine> = this.rule('contract', () => {
    const start = this.CONSUME(w.contract).startOffset
    const name = this.SUBRULE(this.declared)
    this.CONSUME(t.Assign)
    const address = this.SUBRULE(this.place)
    const abi = this.OPTION(() => this.SUBRULE(this.abi))
    return { kind: 'contract', name, address, ...(abi ? { abi } : {}), span: this.from(start) }
  })
  private readonly abi: Rule<Ast.StringLiteral> = this.rule('abi', () => {
    this.CONSUME(w.abi)
    return this.leafOf(this.CONSUME(t.StringText, expect('string')), leaf.string)
  })
  private readonly letLine: Rule<Ast.LetLine> = this.rule('let', () => {
    const start = this.CONSUME(w.let).startOffset
    const name = this.SUBRULE(this.declared)
    this.CONSUME(t.Assign)
    const value = this.SUBRULE(this.expression)
    return { kind: 'let', name, value, span: this.from(start) }
  })
  private readonly budgetLine: Rule<Ast.BudgetLine> = this.rule('budgetLine', () => {
    const start = this.CONSUME(w.budget).startOffset
    const name = this.SUBRULE(this.declared)
    this.CONSUME(t.Assign)
    const amounts: Ast.BudgetAmount[] = []
    this.AT_LEAST_ONE_SEP({ ...expect('amount'), SEP: t.Comma, DEF: () => amounts.push(this.SUBRULE(this.spending)) })
    return { kind: 'budget line', name, amounts, span: this.from(start) }
  })
  private readonly limitLine: Rule<Ast.LimitLine> = this.rule('limitLine', () => {
    const start = this.CONSUME(w.limit).startOffset
    const name = this.SUBRULE(this.declared)
    this.CONSUME(t.Assign)
    const amounts: Ast.LimitAmount[] = []
    this.AT_LEAST_ONE_SEP({ ...expect('limit'), SEP: t.Comma, DEF: () => amounts.push(this.SUBRULE(this.calls)) })
    return { kind: 'limit line', name, amounts, span: this.from(start) }
  })
  private readonly importLine: Rule<Ast.ImportLine> = this.rule('import', () => {
    const start = this.CONSUME(w.import).startOffset
    const path = this.leafOf(this.CONSUME(t.StringText, expect('string')), leaf.string)
    return { kind: 'import', path, span: this.from(start) }
  })
  private readonly declared: Rule<Ast.Name> = this.rule('declared', () => {
    const token = this.CONSUME(t.Word, expect('name'))
    if (t.isKeyword(token.image))
      this.error(
        'W013',
        t.spanOf(token),
        `${quote(token.image)} is a word of the language and cannot be a name`,
        `write another name, such as \`${token.image}1\``,
      )
    return leaf.name(token)
  })

  /** `action NAME {`; the entries up to `}` are read one by one. */
  readonly actionHead: Rule<{ readonly start: number; readonly name: Ast.Name }> = this.rule('actionHead', () => {
    const start = this.CONSUME(w.action).startOffset
    const name = leaf.name(this.CONSUME(t.Word, expect('name')))
    this.CONSUME(t.OpenBrace)
    return { start, name }
  })
  readonly actionEntry: Rule<Ast.ActionFunction | Ast.Spends | Ast.Requires> = this.rule('actionEntry', () => {
    const entry = this.OR<Ast.ActionFunction | Ast.Spends | Ast.Requires>({
      ...expect('entry'),
      DEF: [
        {
          ALT: () => {
            const start = this.CONSUME(w.function).startOffset
            const signature = this.SUBRULE(this.signature)
            return { kind: 'action function', signature, spends: [], requires: [], span: this.from(start) }
          },
        },
        {
          ALT: () => {
            const start = this.CONSUME(w.spends).startOffset
            const amount = this.SUBRULE(this.expression)
            this.CONSUME(w.of)
            const asset = this.SUBRULE(this.path)
            const when = this.OPTION(() => this.SUBRULE(this.whenBudgeted))
            return { kind: 'spends', amount, asset, ...(when ? { when } : {}), span: this.from(start) }
          },
        },
        {
          ALT: () => {
            const start = this.CONSUME(w.requires).startOffset
            const condition = this.SUBRULE2(this.expression)
            const when = this.OPTION2(() => this.SUBRULE2(this.whenBudgeted))
            return { kind: 'requires', condition, ...(when ? { when } : {}), span: this.from(start) }
          },
        },
      ],
    })
    this.MANY(() => this.CONSUME(t.Semicolon))
    return entry
  })
  private readonly whenBudgeted: Rule<Ast.WhenBudgeted> = this.rule('whenBudgeted', () => {
    const first = this.OR([{ ALT: () => this.CONSUME(w.when) }, { ALT: () => this.CONSUME(w.unless) }])
    const asset = leaf.name(this.CONSUME(t.PlainWord, expect('name')))
    this.CONSUME(w.budget)
    return { kind: 'when budgeted', negated: first.tokenType === w.unless, asset, span: this.from(first.startOffset) }
  })

  // -------------------------------------------------------------------------------------------------------- rules

  readonly ruleHead: Rule<Pick<Ast.Rule, 'effect' | 'action' | 'targets' | 'span'>> = this.rule('ruleHead', () => {
    const first = this.CONSUME(t.EffectWord)
    const action = this.OR<Ast.Action>({
      ...expect('action'),
      DEF: [
        {
          ALT: () => {
            const command = leaf.hex(this.CONSUME(t.HexText))
            const inputs = this.SUBRULE(this.parameters)
            const node: Ast.HexLiteral = { kind: 'hex', text: command.text, span: command.span }
            return { kind: 'command', command: node, inputs, span: this.from(node.span.start) }
          },
        },
        { GATE: () => this.LA(2).tokenType === t.OpenParen, ALT: () => this.SUBRULE(this.signature) },
        { GATE: () => this.namesAction(), ALT: () => this.SUBRULE(this.bareAction) },
      ],
    })
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
  private readonly bareAction: Rule<Ast.Action> = this.rule('bareAction', () => {
    const name = leaf.name(this.CONSUME(t.Word))
    if (name.text === 'send') return { kind: 'send', span: name.span }
    if (name.text === 'any') return { kind: 'any', span: name.span }
    return { kind: 'named', name, span: name.span }
  })
  private readonly targets: Rule<Ast.Place[]> = this.rule('targets', () => {
    const places: Ast.Place[] = []
    this.OR({
      ...expect('place'),
      DEF: [
        {
          ALT: () => {
            this.CONSUME(t.OpenBracket)
            this.AT_LEAST_ONE_SEP({
              ...expect('place'),
              SEP: t.Comma,
              DEF: () => places.push(this.SUBRULE(this.place)),
            })
            this.CONSUME(t.CloseBracket)
          },
        },
        { ALT: () => places.push(this.SUBRULE2(this.place)) },
      ],
    })
    return places
  })
  private readonly place: Rule<Ast.Place> = this.rule('place', () =>
    this.OR<Ast.Place>({
      ...expect('place'),
      DEF: [
        { ALT: () => this.leafOf(this.CONSUME(t.HexText), leaf.address) },
        { GATE: () => this.continues(), ALT: () => leaf.name(this.CONSUME(t.Word)) },
      ],
    }),
  )

  private readonly signature: Rule<Ast.Signature> = this.rule('signature', () => {
    const name = leaf.name(this.CONSUME(t.Word, expect('action')))
    const inputs = this.SUBRULE(this.parameters)
    return { kind: 'signature', name, inputs, span: this.from(name.span.start) }
  })
  private readonly parameters: Rule<Ast.ParameterNode[]> = this.rule('parameters', () => {
    const inputs: Ast.ParameterNode[] = []
    this.CONSUME(t.OpenParen)
    this.MANY_SEP({ SEP: t.Comma, DEF: () => inputs.push(this.SUBRULE(this.parameter)) })
    this.CONSUME(t.CloseParen)
    return inputs
  })
  private readonly parameter: Rule<Ast.ParameterNode> = this.rule('parameter', () => {
    const start = this.LA(1).startOffset
    let type = this.OR<Ast.TypeNode>({
      ...expect('type'),
      DEF: [
        {
          ALT: () => {
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
      ],
    })
    let brackets = 0
    this.MANY(() => {
      this.CONSUME(t.OpenBracket)
      const length = this.OPTION(() => this.numeral(this.CONSUME(t.NumberText)))
      this.CONSUME(t.CloseBracket)
      const span = this.from(start)
      if (++brackets === mostPrefixes + 1)
        this.error('W009', span, 'this type is too deep', 'write a type that a contract has')
      if (brackets <= mostPrefixes) type = { kind: 'array', element: type, ...(length ? { length } : {}), span }
    })
    const name = this.OPTION2(() => leaf.name(this.CONSUME2(t.Word)))
    return { kind: 'parameter', type, ...(name ? { name } : {}), span: this.from(start) }
  })

  readonly clause: Rule<Exclude<Ast.Clause, Ast.EachClause>> = this.rule('clause', () =>
    this.OR<Exclude<Ast.Clause, Ast.EachClause>>([
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
    ]),
  )
  private readonly term: Rule<Ast.BudgetTerm> = this.rule('term', () =>
    this.OR<Ast.BudgetTerm>({
      ...expect('budget'),
      DEF: [
        { ALT: () => this.SUBRULE(this.spending) },
        {
          ALT: () => {
            const start = this.CONSUME(w.unlimited).startOffset
            const asset = leaf.name(this.CONSUME(t.PlainWord, expect('name')))
            return { kind: 'unlimited', asset, span: this.from(start) }
          },
        },
        { GATE: () => this.continues(), ALT: () => this.shared(this.CONSUME(t.Word)) },
      ],
    }),
  )
  private readonly limitTerm: Rule<Ast.LimitTerm> = this.rule('limitTerm', () =>
    this.OR<Ast.LimitTerm>({
      ...expect('limit'),
      DEF: [
        { ALT: () => this.SUBRULE(this.calls) },
        { GATE: () => this.continues(), ALT: () => this.shared(this.CONSUME(t.Word)) },
      ],
    }),
  )
  private shared(token: IToken): Ast.SharedName {
    const name = leaf.name(token)
    return { kind: 'shared', name, span: name.span }
  }
  private readonly spending: Rule<Ast.BudgetAmount> = this.rule('spending', () => {
    const start = this.LA(1).startOffset
    const amount = this.SUBRULE(this.amount)
    const window = this.OPTION(() => this.SUBRULE(this.window))
    return { kind: 'budget amount', amount, ...(window ? { window } : {}), span: this.from(start) }
  })
  private readonly calls: Rule<Ast.LimitAmount> = this.rule('calls', () => {
    const start = this.LA(1).startOffset
    const calls = this.numeral(this.CONSUME(t.NumberText, expect('limit')))
    const unit = this.CONSUME(t.PlainWord, expect('calls'))
    if (unit.image !== 'call') this.word('calls', unit)
    const window = this.OPTION(() => this.SUBRULE(this.window))
    return { kind: 'limit amount', calls, ...(window ? { window } : {}), span: this.from(start) }
  })
  private readonly amount: Rule<Ast.AmountLiteral> = this.rule('amount', () => {
    const start = this.LA(1).startOffset
    const number = this.numeral(this.CONSUME(t.NumberText, expect('amount')))
    const unit = leaf.name(this.CONSUME(t.PlainWord, expect('amount')))
    const of = this.OPTION({ GATE: () => unit.text === 'units', DEF: () => leaf.name(this.CONSUME2(t.PlainWord)) })
    return { kind: 'amount', number, unit, ...(of ? { of } : {}), span: this.from(start) }
  })
  private readonly window: Rule<Ast.WindowNode> = this.rule('window', () =>
    this.OR<Ast.WindowNode>([
      { ALT: () => ({ kind: 'total', span: t.spanOf(this.CONSUME(w.total)) }) },
      {
        ALT: () => {
          const slash = this.CONSUME(t.Slash)
          const period = this.OR2<Ast.Period | undefined>({
            ...expect('period'),
            DEF: [
              { ALT: () => this.leafOf(this.CONSUME(t.DurationText), leaf.durationPeriod) },
              {
                GATE: () => this.continues(),
                ALT: () => {
                  const word = this.CONSUME(t.Word)
                  return word.image === 'call' ? undefined : this.leafOf(word, leaf.namedPeriod)
                },
              },
            ],
          })
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
    ]),
  )

  private readonly hours: Rule<Ast.HoursClause> = this.rule('hours', () => {
    const first = this.CONSUME(w.hours).startOffset
    const start = this.leafOf(this.CONSUME(t.ClockText, expect('hours')), leaf.clock)
    this.CONSUME(t.Minus, expect('hours'))
    const end = this.leafOf(this.CONSUME2(t.ClockText, expect('hours')), leaf.clock)
    this.word('UTC', this.CONSUME(t.PlainWord, expect('hours')))
    const days = this.OPTION(() => {
      const list: Ast.DayRange[] = []
      this.AT_LEAST_ONE_SEP({ ...expect('hours'), SEP: t.Comma, DEF: () => list.push(this.SUBRULE(this.days)) })
      return list
    })
    return { kind: 'hours', start, end, ...(days ? { days } : {}), span: this.from(first) }
  })
  private readonly days: Rule<Ast.DayRange> = this.rule('days', () => {
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

  // -------------------------------------------------------------------------------------------------- expressions

  private readonly expression: Rule<Ast.Expression> = this.rule('expression', () => this.SUBRULE(this.chained).value)

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
  private readonly infix: Rule<Infix> = this.rule('infix', () => this.OR({ ...expect('operator'), DEF: this.infixes }))

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
  private readonly prefix: Rule<Prefix> = this.rule('prefix', () =>
    this.OR<Prefix>([
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
    ]),
  )
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

  // No gates here: with them the library would try the alternatives one by one.
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
  private readonly value: Rule<Deep> = this.rule('value', () => this.OR<Deep>({ ...expect('value'), DEF: this.values }))

  private readonly numeric: Rule<Ast.NumberLiteral | Ast.AmountLiteral> = this.rule('numeric', () => {
    const start = this.LA(1).startOffset
    const number = this.numeral(this.CONSUME(t.NumberText))
    const unit = this.OPTION(() => leaf.name(this.CONSUME(t.PlainWord)))
    if (!unit) return number
    const of = this.OPTION2({ GATE: () => unit.text === 'units', DEF: () => leaf.name(this.CONSUME2(t.PlainWord)) })
    return { kind: 'amount', number, unit, ...(of ? { of } : {}), span: this.from(start) }
  })
  private readonly named: Rule<Deep> = this.rule('named', () =>
    this.OR<Deep>({
      ...expect('value'),
      DEF: [
        { GATE: () => this.beginsQuantifier(), ALT: () => this.SUBRULE(this.quantified) },
        { GATE: () => this.LA(2).tokenType === t.OpenParen, ALT: () => this.SUBRULE(this.call) },
        { GATE: () => this.continues(), ALT: () => this.flat(this.SUBRULE(this.path)) },
      ],
    }),
  )

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
  private readonly parenthesized: Rule<{ readonly items: Ast.Expression[]; readonly depth: number }> = this.rule(
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
      this.CONSUME(t.CloseParen)
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
    this.CONSUME(t.CloseBracket)
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
  private readonly path: Rule<Ast.Path> = this.rule('path', () => {
    const root = leaf.name(this.CONSUME(t.Word, expect('value')))
    const steps: Ast.Step[] = []
    this.MANY(() => steps.push(this.SUBRULE(this.step)))
    return { kind: 'path', root, steps, span: this.from(root.span.start) }
  })
  private readonly step: Rule<Ast.Step> = this.rule('step', () =>
    this.OR<Ast.Step>([
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
    ]),
  )
  private readonly index: Rule<Ast.Step> = this.rule('index', () => {
    // The brackets are the step's, and `step` knows where they are.
    const span = { start: 0, end: 0 }
    return this.OR<Ast.Step>({
      ...expect('index'),
      DEF: [
        {
          ALT: () => {
            this.word('last', this.CONSUME(t.PlainWord))
            return { kind: 'last', span }
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.Colon)
            const end = this.SUBRULE(this.integer)
            return { kind: 'slice', end, span }
          },
        },
        {
          ALT: () => {
            const start = this.SUBRULE2(this.integer)
            return (
              this.OPTION<Ast.Step>(() => {
                this.CONSUME2(t.Colon)
                const end = this.OPTION2(() => this.SUBRULE3(this.integer))
                return { kind: 'slice', start, ...(end ? { end } : {}), span }
              }) ?? { kind: 'index', index: start, span }
            )
          },
        },
      ],
    })
  })
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

  // -------------------------------------------------------------------------------------------------------- gates

  private beginsQuantifier(): boolean {
    return isWord(this.LA(2)) && this.LA(3).tokenType === w.in
  }

  /** `allow on X` has no action, though a function may be called `on`. */
  private namesAction(): boolean {
    return this.continues() && (this.LA(1).tokenType !== w.on || this.LA(2).tokenType === w.on)
  }

  /** Whether the next word belongs to what is being read; not if its line reads like a new clause, rule or header line. */
  private continues(): boolean {
    const [token, after] = [this.LA(1), this.LA(2)]
    return !(
      isBeginning(token) &&
      isFirstOnLine(this.text, token) &&
      !isFirstOnLine(this.text, after) &&
      followsKeyword(after)
    )
  }

  // ------------------------------------------------------------------------------------------------------- leaves

  private leafOf<T>(token: IToken, make: (token: IToken, report: leaf.Report) => T): T {
    return this.ACTION(() => make(token, this.report))
  }
  private numeral(token: IToken): Ast.NumberLiteral {
    return this.leafOf(token, leaf.number)
  }
  private boolean(token: IToken): Ast.BooleanLiteral {
    return { kind: 'boolean', value: token.tokenType === w.true, span: t.spanOf(token) }
  }
  private flat(value: Ast.Expression): Deep {
    return { value, depth: 1 }
  }
  private word(text: string, token: IToken): void {
    if (token.image !== text && !this.RECORDING_PHASE)
      this.error(
        'W021',
        t.spanOf(token),
        `expected ${quote(text)}, found ${quote(token.image)}`,
        `write ${quote(text)}`,
      )
  }
}
