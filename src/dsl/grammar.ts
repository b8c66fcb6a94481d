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
 *   value      = ( "every" | "any" ) WORD "in" list "(" expression ")"         WORD: not `and`, `or`, `not`, `in`
 *              | "true" | "false" | STRING | DURATION | DATE | HEX | NUMBER | amount
 *              | "(" expression { "," expression } ")" | "[" expression { "," expression } "]"
 *              | call | path
 *   list       = call | path                                                   call: of `slices`, `calls`, `multisend`, `commands`
 *   call       = WORD "(" expression { "," expression } ")"
 *   path       = WORD { "." WORD | "[" ( "last" | integer | [ integer ] ":" [ integer ] ) "]" }
 *   integer    = [ "-" ] NUMBER
 */
import type * as Ast from './ast.js'
import { quote } from '../diagnostic/quote.js'
import type { Rule } from './baseGrammar.js'
import { expect } from './expected.js'
import { RuleGrammar } from './ruleGrammar.js'
import * as leaf from './toAst.js'
import * as t from './tokens.js'
import { words as w } from './tokens.js'

/**
 * The parser of the pieces of a writ; parse.ts puts them together and goes on behind faults. Its actions make the AST
 * directly (a concrete tree in between would double the time). A rule that fails leaves an error, whose message is a key of expected.ts.
 */
export class Grammar extends RuleGrammar {
  /** The library checks the grammar itself only if told so: the tests do. */
  constructor(skipValidations = true) {
    super(skipValidations)
    this.performSelfAnalysis()
  }

  readonly headerLine: Rule<Ast.HeaderLine> = this.oneOf('headerLine', undefined, [
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
  ])

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
              const word = this.CONSUME2(t.Word, expect('chain'))
              name = { kind: 'name', text: `${name.text}-${word.image}`, span: this.from(name.span.start) }
            })
            return name
          },
        },
      ],
    })
    return { kind: 'chain', chain, span: this.from(start) }
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
  private readonly payer: Rule<Ast.FeesAlternative> = this.oneOf('payer', 'fees', [
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
  ])

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
}
