// Longer than most: a generator for each form of the grammar, which call one another.
import fc from 'fast-check'
import type {
  Action,
  ActionDeclaration,
  AmountLiteral,
  BudgetAmount,
  Clause,
  DateLiteral,
  DurationLiteral,
  Expression,
  HeaderLine,
  Name,
  NumberLiteral,
  ParameterNode,
  Place,
  Rule,
  Step,
  StringLiteral,
  TypeNode,
  WindowNode,
  Writ,
} from '../../../src/dsl/ast.js'

const span = { start: 0, end: 0 }

/** Words that real ABIs use for arguments, most of them words of the language too. */
const argumentNames = [
  ...[
    'to',
    'from',
    'key',
    'value',
    'token',
    'account',
    'permit',
    'amount',
    'deny',
    'allow',
    'limit',
    'budget',
    'where',
  ],
  ...[
    'hours',
    'until',
    'ttl',
    'fees',
    'on',
    'by',
    'total',
    'base',
    'function',
    'action',
    'each',
    'any',
    'every',
    'with',
  ],
  ...['params', 'path', 'args', 'call', 'now', 'USDC', '_amounts', 'x1'],
]
const name = (text: string): Name => ({ kind: 'name', text, span })
const argumentName = fc.constantFrom(...argumentNames).map(name)
const plainName = fc.constantFrom('USDC', 'WETH', 'ETH', 'Alice', 'trading', 'daily', 'Router').map(name)
const unitName = fc.constantFrom('USDC', 'ETH', 'gwei', 'wei', 'WETH').map(name)

const integer: fc.Arbitrary<NumberLiteral> = fc
  .oneof(fc.nat({ max: 30 }).map(BigInt), fc.bigInt({ min: 0n, max: 2n ** 256n }))
  .map((digits) => ({
    kind: 'number',
    text: String(digits),
    value: { digits, decimals: 0 },
    span,
  }))
const decimal: fc.Arbitrary<NumberLiteral> = fc
  .tuple(fc.nat({ max: 999 }), fc.integer({ min: 1, max: 9 }))
  .map(([whole, part]) => ({
    kind: 'number',
    text: `${whole}.${part}`,
    value: { digits: BigInt(whole * 10 + part), decimals: 1 },
    span,
  }))
const number = fc.oneof(integer, decimal)

const address: fc.Arbitrary<Place & { kind: 'address' }> = fc
  .stringMatching(/^[0-9a-fA-F]{40}$/)
  .map((digits) => ({ kind: 'address', text: `0x${digits}`, span }))
const place: fc.Arbitrary<Place> = fc.oneof(address, plainName)

const amount: fc.Arbitrary<AmountLiteral> = fc.oneof(
  fc.record({ kind: fc.constant('amount' as const), number, unit: unitName, span: fc.constant(span) }),
  fc.record(
    {
      kind: fc.constant('amount' as const),
      number: integer,
      unit: fc.constant(name('units')),
      of: fc.constant(name('DAI')),
      span: fc.constant(span),
    },
    { requiredKeys: ['kind', 'number', 'unit', 'span'] },
  ),
)
const duration: fc.Arbitrary<DurationLiteral> = fc
  .tuple(fc.nat({ max: 400 }), fc.constantFrom(['s', 1], ['m', 60], ['h', 3600], ['d', 86_400], ['w', 604_800]))
  .map(([count, [unit, seconds]]) => ({
    kind: 'duration',
    text: `${count}${unit}`,
    seconds: count * Number(seconds),
    span,
  }))
const date: fc.Arbitrary<DateLiteral> = fc.integer({ min: 1_600_000_000, max: 4_000_000_000 }).map((seconds) => ({
  kind: 'date',
  text: new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' '),
  seconds,
  span,
}))
const string: fc.Arbitrary<StringLiteral> = fc.stringMatching(/^[a-z ./#é]{0,12}$/).map((value) => ({
  kind: 'string',
  text: `"${value}"`,
  value,
  bytes: `0x${Buffer.from(value).toString('hex')}`,
  span,
}))

const index = fc.bigInt({ min: -40n, max: 300n }).map((value) => ({ kind: 'integer' as const, value, span }))
const step: fc.Arbitrary<Step> = fc.oneof(
  argumentName.map((member) => ({ kind: 'member' as const, name: member, span })),
  index.map((at) => ({ kind: 'index' as const, index: at, span })),
  fc.constant({ kind: 'last' as const, span }),
  fc.tuple(index, index).map(([start, end]) => ({ kind: 'slice' as const, start, end, span })),
  index.map((start) => ({ kind: 'slice' as const, start, span })),
  index.map((end) => ({ kind: 'slice' as const, end, span })),
  fc.constant({ kind: 'slice' as const, span }),
)
const path: fc.Arbitrary<Expression & { kind: 'path' }> = fc
  .tuple(argumentName, fc.array(step, { maxLength: 3 }))
  .map(([root, steps]) => ({ kind: 'path', root, steps, span }))

const sliced: fc.Arbitrary<Expression> = fc.tuple(path, number, number).map((parts) => ({
  kind: 'function call',
  name: name('slices'),
  arguments: parts,
  span,
}))

const { expression } = fc.letrec<{ expression: Expression; leaf: Expression; inner: Expression }>((tie) => {
  const some = (least: number) => fc.array(tie('expression'), { minLength: least, maxLength: 3 })
  const binary = fc.tuple(tie('expression'), tie('expression'))
  return {
    leaf: fc.oneof(
      path,
      number,
      amount,
      address,
      fc.stringMatching(/^[0-9a-f]{0,12}$/).map((digits) => ({ kind: 'hex' as const, text: `0x${digits}`, span })),
      string,
      duration,
      date,
      fc.boolean().map((value) => ({ kind: 'boolean' as const, value, span })),
    ),
    inner: fc.oneof(
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), some(2))
        .map(([kind, operands]) => ({ kind, operands, span })),
      tie('expression').map((operand) => ({ kind: 'not' as const, operand, span })),
      fc
        .tuple(
          fc.constantFrom('==' as const, '!=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const),
          binary,
        )
        .map(([operator, [left, right]]) => ({ kind: 'comparison' as const, operator, left, right, span })),
      fc
        .tuple(
          fc.boolean(),
          tie('expression'),
          fc.oneof(
            tie('expression'),
            binary.map(([first, last]) => ({ kind: 'range' as const, first, last, span })),
          ),
        )
        .map(([negated, left, set]) => ({ kind: 'membership' as const, negated, left, set, span })),
      binary.map(([left, prefix]) => ({ kind: 'starts with' as const, left, prefix, span })),
      fc
        .tuple(
          fc.constantFrom('every' as const, 'any' as const),
          argumentName,
          fc.oneof(path, sliced),
          tie('expression'),
        )
        .map(([quantifier, element, over, body]) => ({
          kind: 'quantified' as const,
          quantifier,
          element,
          over,
          body,
          span,
        })),
      fc
        .tuple(fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const), binary)
        .map(([operator, [left, right]]) => ({ kind: 'arithmetic' as const, operator, left, right, span })),
      binary.map(([left, right]) => ({ kind: 'mask' as const, left, right, span })),
      tie('expression').map((operand) => ({ kind: 'negative' as const, operand, span })),
      fc.tuple(number, tie('expression')).map(([percent, of]) => ({ kind: 'percentage' as const, percent, of, span })),
      fc
        .tuple(fc.constantFrom('at' as const, 'sold at' as const), tie('expression'), amount, unitName)
        .map(([direction, sold, price, per]) => ({
          kind: 'priced' as const,
          direction,
          amount: sold,
          price,
          per,
          span,
        })),
      fc
        .tuple(fc.constantFrom('len', 'sum', 'slices', 'bytes32'), some(1))
        .map(([called, list]) => ({ kind: 'function call' as const, name: name(called), arguments: list, span })),
      some(2).map((items) => ({ kind: 'tuple' as const, items, span })),
      some(1).map((items) => ({ kind: 'list' as const, items, span })),
    ),
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression', withCrossShrink: true },
      tie('leaf'),
      tie('inner'),
    ),
  }
})
export { expression as arbitraryExpression }

const window: fc.Arbitrary<WindowNode> = fc.oneof(
  fc.constant({ kind: 'per call' as const, span }),
  fc.constant({ kind: 'total' as const, span }),
  fc
    .tuple(
      fc.oneof(
        fc.constantFrom(
          { text: 'hour', seconds: 3600 },
          { text: 'day', seconds: 86_400 },
          { text: 'week', seconds: 604_800 },
        ),
        duration,
      ),
      fc.boolean(),
    )
    .map(([{ text, seconds }, rolling]) => ({
      kind: 'period' as const,
      period: { kind: 'period length' as const, text, seconds, span },
      rolling,
      span,
    })),
)
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const spending: fc.Arbitrary<BudgetAmount> = fc
  .tuple(amount, optional(window))
  .map(([spent, per]) => ({ kind: 'budget amount', amount: spent, ...(per ? { window: per } : {}), span }))
const calls = fc
  .tuple(integer, optional(window))
  .map(([count, per]) => ({ kind: 'limit amount' as const, calls: count, ...(per ? { window: per } : {}), span }))
const shared = plainName.map((called) => ({ kind: 'shared' as const, name: called, span }))
const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 3 })

const { type } = fc.letrec<{ type: TypeNode }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'type' },
    fc
      .constantFrom('address', 'uint256', 'bytes32', 'bool')
      .map((text) => ({ kind: 'elementary' as const, text, span })),
    fc
      .tuple(tie('type'), optional(integer))
      .map(([element, length]) => ({ kind: 'array' as const, element, ...(length ? { length } : {}), span })),
    fc
      .array(parameterOf(tie('type')), { maxLength: 3 })
      .map((components) => ({ kind: 'tuple type' as const, components, span })),
  ),
}))
function parameterOf(of: fc.Arbitrary<TypeNode>): fc.Arbitrary<ParameterNode> {
  return fc
    .tuple(of, optional(argumentName))
    .map(([kind, called]) => ({ kind: 'parameter', type: kind, ...(called ? { name: called } : {}), span }))
}
const inputs = fc.array(parameterOf(type), { maxLength: 3 })
const signature = fc
  .tuple(argumentName, inputs)
  .map(([called, list]) => ({ kind: 'signature' as const, name: called, inputs: list, span }))

const what: fc.Arbitrary<Action> = fc.oneof(
  fc
    .constantFrom('swap', 'transfer', 'from', 'deny')
    .map((called) => ({ kind: 'named' as const, name: name(called), span })),
  signature,
  fc.constant({ kind: 'send' as const, span }),
  fc.constant({ kind: 'any' as const, span }),
)
const time = fc.oneof(
  date.map((at) => ({ kind: 'from' as const, date: at, span })),
  date.map((at) => ({ kind: 'until' as const, date: at, span })),
  duration.map((length) => ({ kind: 'ttl' as const, duration: length, span })),
)
const clock = fc.nat({ max: 1440 }).map((minutes) => ({
  kind: 'clock' as const,
  text: `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
  minutes,
  span,
}))
const days = fc
  .tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }))
  .map(([first, last]) => ({ kind: 'days' as const, first, last, span }))

const clause = (rules: fc.Arbitrary<Rule[]>): fc.Arbitrary<Clause> =>
  fc.oneof(
    expression.map((condition) => ({ kind: 'where' as const, condition, span })),
    fc
      .tuple(
        some(
          fc.oneof(
            spending,
            shared,
            unitName.map((asset) => ({ kind: 'unlimited' as const, asset, span })),
          ),
        ),
        optional(expression),
      )
      .map(([terms, counting]) => ({ kind: 'budget' as const, terms, ...(counting ? { counting } : {}), span })),
    some(fc.oneof(calls, shared)).map((terms) => ({ kind: 'limit' as const, terms, span })),
    fc
      .tuple(clock, clock, optional(some(days)))
      .map(([start, end, on]) => ({ kind: 'hours' as const, start, end, ...(on ? { days: on } : {}), span })),
    time,
    fc
      .tuple(argumentName, fc.constantFrom('calls', 'multisend', 'commands'), some(path), rules)
      .map(([variable, form, list, inner]) => ({
        kind: 'each' as const,
        variable,
        form: name(form),
        arguments: list,
        rules: inner,
        span,
      })),
  )

const { rule } = fc.letrec<{ rule: Rule; nested: Rule[] }>((tie) => ({
  nested: fc.oneof(
    { maxDepth: 1, depthIdentifier: 'rule' },
    fc.constant<Rule[]>([]),
    fc.array(tie('rule'), { maxLength: 2 }),
  ),
  rule: fc.record({
    kind: fc.constant('rule' as const),
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    action: what,
    targets: some(place),
    clauses: fc.array(clause(tie('nested')), { maxLength: 3 }),
    incomplete: fc.constant(false),
    span: fc.constant(span),
  }),
}))

const when = optional(
  fc
    .tuple(fc.boolean(), unitName)
    .map(([negated, asset]) => ({ kind: 'when budgeted' as const, negated, asset, span })),
)
const action: fc.Arbitrary<ActionDeclaration> = fc
  .tuple(
    argumentName,
    some(
      fc.tuple(
        signature,
        fc.array(fc.tuple(expression, path, when), { maxLength: 2 }),
        fc.array(fc.tuple(expression, when), { maxLength: 2 }),
      ),
    ),
  )
  .map(([called, parts]) => ({
    kind: 'action',
    name: called,
    functions: parts.map(([head, spends, requires]) => ({
      kind: 'action function',
      signature: head,
      spends: spends.map(([spent, asset, only]) => ({
        kind: 'spends',
        amount: spent,
        asset,
        ...(only ? { when: only } : {}),
        span,
      })),
      requires: requires.map(([condition, only]) => ({
        kind: 'requires',
        condition,
        ...(only ? { when: only } : {}),
        span,
      })),
      span,
    })),
    span,
  }))

const headerLine: fc.Arbitrary<HeaderLine> = fc.oneof(
  integer.map((version) => ({ kind: 'version' as const, version, span })),
  place.map((at) => ({ kind: 'account' as const, address: at, span })),
  place.map((at) => ({ kind: 'key' as const, address: at, span })),
  fc
    .oneof(integer, fc.constantFrom('base', 'base-sepolia', 'mainnet').map(name))
    .map((chain) => ({ kind: 'chain' as const, chain, span })),
  time,
  fc
    .tuple(
      some(
        fc.oneof(
          spending,
          place.map((by) => ({ kind: 'sponsored' as const, by, span })),
          fc.constant({ kind: 'unlimited fees' as const, span }),
        ),
      ),
      optional(expression),
    )
    .map(([alternatives, where]) => ({ kind: 'fees' as const, alternatives, ...(where ? { where } : {}), span })),
  fc
    .tuple(
      plainName,
      place,
      optional(fc.oneof(integer, fc.constant({ kind: 'base units' as const, span }))),
      optional(string),
    )
    .map(([called, at, decimals, abi]) => ({
      kind: 'token' as const,
      name: called,
      address: at,
      ...(decimals ? { decimals } : {}),
      ...(abi ? { abi } : {}),
      span,
    })),
  fc.tuple(plainName, place, optional(string)).map(([called, at, abi]) => ({
    kind: 'contract' as const,
    name: called,
    address: at,
    ...(abi ? { abi } : {}),
    span,
  })),
  fc.tuple(plainName, expression).map(([called, value]) => ({ kind: 'let' as const, name: called, value, span })),
  fc
    .tuple(plainName, some(spending))
    .map(([called, amounts]) => ({ kind: 'budget line' as const, name: called, amounts, span })),
  fc
    .tuple(plainName, some(calls))
    .map(([called, amounts]) => ({ kind: 'limit line' as const, name: called, amounts, span })),
  string.map((from) => ({ kind: 'import' as const, path: from, span })),
  action,
)

/** Any tree that the grammar can make of a text without faults; every span is empty. */
export const arbitraryWrit: fc.Arbitrary<Writ> = fc
  .tuple(fc.array(headerLine, { maxLength: 5 }), fc.array(rule, { maxLength: 3 }))
  .filter(([header, rules]) => header.length + rules.length > 0)
  .map(([header, rules]) => ({ kind: 'writ', header, rules, incomplete: false, span }))
