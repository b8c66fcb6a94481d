// Longer than most files: it is the one list of the language's forms, and each form is a few lines.
import type { Span } from '../diagnostic/Diagnostic.js'
import type { Decimal } from '../policy/Units.js'
import type { Hex } from '../policy/Hex.js'

/** What every node has: where it stands in the source. */
export type Node = { readonly span: Span }

/** A word as the author wrote it: of a token, contract, argument, function, budget, chain, … */
export type Name = Node & { readonly kind: 'name'; readonly text: string }

/** A whole source text. */
export type Writ = Node & {
  readonly kind: 'writ'
  readonly header: readonly HeaderLine[]
  readonly rules: readonly Rule[]
  /** Some part did not parse and is left out here: do not report what seems to be missing. */
  readonly incomplete: boolean
}

// ---------------------------------------------------------------------------------------------------------- header

export type HeaderLine =
  | VersionLine
  | AccountLine
  | KeyLine
  | ChainLine
  | FromClause
  | UntilClause
  | TtlClause
  | FeesLine
  | TokenLine
  | ContractLine
  | LetLine
  | BudgetLine
  | LimitLine
  | ImportLine
  | ActionDeclaration

/** `writ 1` */
export type VersionLine = Node & { readonly kind: 'version'; readonly version: NumberLiteral }
/** `account 0x…` */
export type AccountLine = Node & { readonly kind: 'account'; readonly address: Place }
/** `key 0x…` */
export type KeyLine = Node & { readonly kind: 'key'; readonly address: Place }
/** `chain base` or `chain 8453` */
export type ChainLine = Node & { readonly kind: 'chain'; readonly chain: Name | NumberLiteral }

/** `fees ALTERNATIVE [or ALTERNATIVE] [where CONDITION]` */
export type FeesLine = Node & {
  readonly kind: 'fees'
  /** At least one, in the author's order. */
  readonly alternatives: readonly FeesAlternative[]
  readonly where?: Expression
}
export type FeesAlternative = BudgetAmount | SponsoredBy | UnlimitedFees
/** `sponsored by 0x…` */
export type SponsoredBy = Node & { readonly kind: 'sponsored'; readonly by: Place }
/** `unlimited` on a fees line. */
export type UnlimitedFees = Node & { readonly kind: 'unlimited fees' }

/** `token USDC = 0x… [decimals 6 | base units] [abi "…"]` */
export type TokenLine = Node & {
  readonly kind: 'token'
  readonly name: Name
  readonly address: Place
  readonly decimals?: NumberLiteral | BaseUnits
  readonly abi?: StringLiteral
}
/** `base units`: amounts of the token are plain integers. */
export type BaseUnits = Node & { readonly kind: 'base units' }
/** `contract Router = 0x… [abi "…"]` */
export type ContractLine = Node & {
  readonly kind: 'contract'
  readonly name: Name
  readonly address: Place
  readonly abi?: StringLiteral
}
/** `let Alice = EXPRESSION` */
export type LetLine = Node & { readonly kind: 'let'; readonly name: Name; readonly value: Expression }
/** `budget trading = 500 USDC/day`: a budget that rules share by name. */
export type BudgetLine = Node & {
  readonly kind: 'budget line'
  readonly name: Name
  readonly amounts: readonly BudgetAmount[]
}
/** `limit votes = 3 calls/day`: a limit that rules share by name. */
export type LimitLine = Node & {
  readonly kind: 'limit line'
  readonly name: Name
  readonly amounts: readonly LimitAmount[]
}
/** `import "./tokens.writ"` */
export type ImportLine = Node & { readonly kind: 'import'; readonly path: StringLiteral }

/** `action NAME { function SIGNATURE [spends …] [requires …] … }`: a verb. */
export type ActionDeclaration = Node & {
  readonly kind: 'action'
  readonly name: Name
  /** At least one; the verb stands for each of them. */
  readonly functions: readonly ActionFunction[]
}
/** One function of a verb with what it spends and requires. */
export type ActionFunction = Node & {
  readonly kind: 'action function'
  readonly signature: Signature
  readonly spends: readonly Spends[]
  readonly requires: readonly Requires[]
}
/** `spends EXPRESSION of ASSET [when ETH budget]`; the asset is `ETH`, `target` (the contract called) or an argument. */
export type Spends = Node & {
  readonly kind: 'spends'
  readonly amount: Expression
  readonly asset: Path
  readonly when?: WhenBudgeted
}
/** `requires CONDITION [when ETH budget]` */
export type Requires = Node & {
  readonly kind: 'requires'
  readonly condition: Expression
  readonly when?: WhenBudgeted
}
/** `when ETH budget` (or `unless ETH budget`): only for rules that do (do not) budget that asset. */
export type WhenBudgeted = Node & { readonly kind: 'when budgeted'; readonly negated: boolean; readonly asset: Name }

// ----------------------------------------------------------------------------------------------------------- rules

/** `allow ACTION on TARGETS clause*` or `deny …`. */
export type Rule = Node & {
  readonly kind: 'rule'
  readonly effect: 'allow' | 'deny'
  readonly action: Action
  /** As written. Empty where `on` is left out: inside `each`, or else the rule is `incomplete` (it has been reported). */
  readonly targets: readonly Place[]
  /** In the author's order; a kind may stand several times (the checker says which may not). */
  readonly clauses: readonly Clause[]
  /** Some part of the rule did not parse and is left out here: do not report what seems to be missing. */
  readonly incomplete: boolean
}

/** An address or a name that stands for one. */
export type Place = AddressLiteral | Name

export type Action = NamedAction | Signature | SendAction | AnyAction | CommandAction
/** A verb, or a function of the target's ABI. */
export type NamedAction = Node & { readonly kind: 'named'; readonly name: Name }
/** `transfer(address to, uint256 amount)`; the name may be any word, also `send` or `any`. */
export type Signature = Node & {
  readonly kind: 'signature'
  readonly name: Name
  readonly inputs: readonly ParameterNode[]
}
/** The bare word `send`: a native transfer. */
export type SendAction = Node & { readonly kind: 'send' }
/** The bare word `any`: every call (the checker refuses it in `allow`). */
export type AnyAction = Node & { readonly kind: 'any' }
/** `0x00(address recipient, …)` inside `each command in commands(…)`. */
export type CommandAction = Node & {
  readonly kind: 'command'
  readonly command: HexLiteral
  readonly inputs: readonly ParameterNode[]
}

/** `address to`, or without a name. */
export type ParameterNode = Node & { readonly kind: 'parameter'; readonly type: TypeNode; readonly name?: Name }
export type TypeNode = ElementaryType | ArrayTypeNode | TupleTypeNode
/** `uint256`, `address`, …, as written: the checker knows which exist. */
export type ElementaryType = Node & { readonly kind: 'elementary'; readonly text: string }
/** `T[]` or `T[3]`. */
export type ArrayTypeNode = Node & {
  readonly kind: 'array'
  readonly element: TypeNode
  readonly length?: NumberLiteral
}
/** `(address tokenIn, uint24 fee)` */
export type TupleTypeNode = Node & { readonly kind: 'tuple type'; readonly components: readonly ParameterNode[] }

export type Clause =
  WhereClause | BudgetClause | LimitClause | HoursClause | FromClause | UntilClause | TtlClause | EachClause

/** `where CONDITION` */
export type WhereClause = Node & { readonly kind: 'where'; readonly condition: Expression }

/** `budget TERM, TERM, … [counting EXPRESSION]`: what is counted holds for every term of the clause. */
export type BudgetClause = Node & {
  readonly kind: 'budget'
  readonly terms: readonly BudgetTerm[]
  readonly counting?: Expression
}
export type BudgetTerm = BudgetAmount | SharedName | UnlimitedAsset
/** `500 USDC/day`, `1 ETH total`, `25 USDC/call`, `1 ETH/day rolling`; without a window it is left for the checker to refuse. */
export type BudgetAmount = Node & {
  readonly kind: 'budget amount'
  readonly amount: AmountLiteral
  readonly window?: WindowNode
}
/** The name of a shared budget or limit. */
export type SharedName = Node & { readonly kind: 'shared'; readonly name: Name }
/** `unlimited USDC` */
export type UnlimitedAsset = Node & { readonly kind: 'unlimited'; readonly asset: Name }

/** `/call`, `total`, `/PERIOD`, `/PERIOD rolling`. */
export type WindowNode =
  | (Node & { readonly kind: 'per call' })
  | (Node & { readonly kind: 'total' })
  | (Node & { readonly kind: 'period'; readonly period: Period; readonly rolling: boolean })
/** `hour`, `day`, `week` or a duration, as written. */
export type Period = Node & { readonly kind: 'period length'; readonly text: string; readonly seconds: number }

/** `limit 20 calls/hour` or `limit votes`. */
export type LimitClause = Node & { readonly kind: 'limit'; readonly terms: readonly LimitTerm[] }
export type LimitTerm = LimitAmount | SharedName
/** `20 calls/hour`, `3 calls total`; without a window it is left for the checker to refuse. */
export type LimitAmount = Node & {
  readonly kind: 'limit amount'
  readonly calls: NumberLiteral
  readonly window?: WindowNode
}

/** `hours 09:00-17:00 UTC [mon-fri]` */
export type HoursClause = Node & {
  readonly kind: 'hours'
  readonly start: ClockTime
  readonly end: ClockTime
  /** Left out: every day. */
  readonly days?: readonly DayRange[]
}
/** `09:00`: minutes of the day, 0 to 1440 (`24:00`). */
export type ClockTime = Node & { readonly kind: 'clock'; readonly text: string; readonly minutes: number }
/** `mon-fri` or `sat` (then first and last are equal); 0 is Monday, 6 Sunday; `sat-mon` wraps. */
export type DayRange = Node & { readonly kind: 'days'; readonly first: number; readonly last: number }

/** `from 2026-11-22 13:00:00` */
export type FromClause = Node & { readonly kind: 'from'; readonly date: DateLiteral }
/** `until 2026-11-29 13:00:00` */
export type UntilClause = Node & { readonly kind: 'until'; readonly date: DateLiteral }
/** `ttl 7d` */
export type TtlClause = Node & { readonly kind: 'ttl'; readonly duration: DurationLiteral }

/** `each call in calls(data) { rule* }` */
export type EachClause = Node & {
  readonly kind: 'each'
  readonly variable: Name
  /** `calls`, `multisend`, `commands`, as written. */
  readonly form: Name
  readonly arguments: readonly Expression[]
  readonly rules: readonly Rule[]
}

// ----------------------------------------------------------------------------------------------------- expressions

/** Conditions and values alike: the checker tells them apart. Parentheses leave no node: the tree is the grouping. */
export type Expression =
  | Junction
  | Not
  | Comparison
  | Membership
  | StartsWith
  | Quantified
  | Arithmetic
  | Mask
  | Negative
  | Percentage
  | Priced
  | FunctionCall
  | Path
  | Tuple
  | List
  | Literal

/** `a and b and c`: at least two operands, none of them of the same kind unless it stood in parentheses. */
export type Junction = Node & { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
/** `not a` */
export type Not = Node & { readonly kind: 'not'; readonly operand: Expression }
/** `a == b` and its like. */
export type Comparison = Node & {
  readonly kind: 'comparison'
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>='
  readonly left: Expression
  readonly right: Expression
}
/** `a in [b, c]`, `a in b..c`, `a in Name`, and with `not in`. */
export type Membership = Node & {
  readonly kind: 'membership'
  readonly negated: boolean
  readonly left: Expression
  readonly set: Range | Expression
}
/** `a..b`, both ends included; only after `in`. */
export type Range = Node & { readonly kind: 'range'; readonly first: Expression; readonly last: Expression }
/** `a starts with b` */
export type StartsWith = Node & { readonly kind: 'starts with'; readonly left: Expression; readonly prefix: Expression }
/** `every t in path ( … )`, `any t in path ( … )` */
export type Quantified = Node & {
  readonly kind: 'quantified'
  readonly quantifier: 'every' | 'any'
  readonly element: Name
  readonly over: Expression
  readonly body: Expression
}
/** `a + b`, …, left to right. */
export type Arithmetic = Node & {
  readonly kind: 'arithmetic'
  readonly operator: '+' | '-' | '*' | '/'
  readonly left: Expression
  readonly right: Expression
}
/** `x & mask` */
export type Mask = Node & { readonly kind: 'mask'; readonly left: Expression; readonly right: Expression }
/** `-5` */
export type Negative = Node & { readonly kind: 'negative'; readonly operand: Expression }
/** `98% of x` */
export type Percentage = Node & {
  readonly kind: 'percentage'
  readonly percent: NumberLiteral
  readonly of: Expression
}
/** `x at 3000 USDC per WETH`, `x sold at 3000 USDC per WETH` */
export type Priced = Node & {
  readonly kind: 'priced'
  readonly direction: 'at' | 'sold at'
  readonly amount: Expression
  readonly price: AmountLiteral
  readonly per: Name
}
/** `len(x)`, `sum(x)`, `slices(path, 20, 3)`, `bytes32(account)`, `calls(data)`, …; at least one argument. */
export type FunctionCall = Node & {
  readonly kind: 'function call'
  readonly name: Name
  readonly arguments: readonly Expression[]
}
/** `to`, `params.recipient`, `path[last]`, `args.to`, `args[0]`, `call.value`, `session.key`, `account`, `now`, `USDC`, … */
export type Path = Node & { readonly kind: 'path'; readonly root: Name; readonly steps: readonly Step[] }
export type Step =
  | (Node & { readonly kind: 'member'; readonly name: Name })
  | (Node & { readonly kind: 'index'; readonly index: Index })
  | (Node & { readonly kind: 'last' })
  | (Node & { readonly kind: 'slice'; readonly start?: Index; readonly end?: Index })
/** An integer in brackets; negative counts from the end. */
export type Index = Node & { readonly kind: 'integer'; readonly value: bigint }
/** `(a, b)`: at least two items. */
export type Tuple = Node & { readonly kind: 'tuple'; readonly items: readonly Expression[] }
/** `[a, b]`: at least one item. */
export type List = Node & { readonly kind: 'list'; readonly items: readonly Expression[] }

export type Literal =
  | NumberLiteral
  | AmountLiteral
  | AddressLiteral
  | HexLiteral
  | StringLiteral
  | BooleanLiteral
  | DurationLiteral
  | DateLiteral

/** `5e18`, `0.5`, `1_000`: not negative, exact. Hex integers are `hex`. */
export type NumberLiteral = Node & { readonly kind: 'number'; readonly text: string; readonly value: Decimal }
/** `1 ETH`, `50 gwei`, `2.5 USDC`, `1000 units`, `1000 units USDC` (then `of` is USDC). */
export type AmountLiteral = Node & {
  readonly kind: 'amount'
  readonly number: NumberLiteral
  readonly unit: Name
  readonly of?: Name
}
/** `0x` and 40 hex digits, as written (the checker tests the checksum). */
export type AddressLiteral = Node & { readonly kind: 'address'; readonly text: string }
/** `0x` and any other number of hex digits, as written: an integer or bytes. */
export type HexLiteral = Node & { readonly kind: 'hex'; readonly text: string }
/** `"…"`: `text` with quotes and escapes; `bytes` is what it stands for (UTF-8), `value` the same as characters. */
export type StringLiteral = Node & {
  readonly kind: 'string'
  readonly text: string
  readonly value: string
  readonly bytes: Hex
}
/** `true`, `false` */
export type BooleanLiteral = Node & { readonly kind: 'boolean'; readonly value: boolean }
/** `90s`, `20m`, `24h`, `7d`, `2w` */
export type DurationLiteral = Node & { readonly kind: 'duration'; readonly text: string; readonly seconds: number }
/** `2026-11-22 13:00:00` (UTC; a time left out is midnight): unix seconds. */
export type DateLiteral = Node & { readonly kind: 'date'; readonly text: string; readonly seconds: number }
