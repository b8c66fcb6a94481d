// Longer than most: one list of changes at the bounds of the format, each a few lines.
import type { AbiType, Parameter, ValueType } from '../policy/AbiType.js'
import type { FunctionAction } from '../policy/Action.js'
import type { ComparisonOperator, Condition, Scale, Term } from '../policy/Condition.js'
import type { Fees } from '../policy/Fees.js'
import type { Meter } from '../policy/Meter.js'
import type { Constant, EnvironmentName, Operand, PathStep } from '../policy/Operand.js'
import type { Policy } from '../policy/Policy.js'
import type { Token } from '../policy/Units.js'
import type { AllowRule, Charge, DenyRule, Rule, RuleTime } from '../policy/Rule.js'
import { hexOf, numberBytes } from './bytes.js'

/** A policy with one thing changed or added, which the format allows or just does not allow. */
export type ChangedPolicy = {
  readonly note: string
  readonly policy: Policy
  /** Its grant is so long that the module takes its time. */
  readonly long?: true
}

const [MAX, HALF] = [(1n << 256n) - 1n, 1n << 255n] as const
const ENTRIES = 255

const number = (value: bigint | number): Constant => ({ kind: 'number', value: BigInt(value) })
const constant = (value: Constant): Operand => ({ kind: 'constant', constant: value })
const plainNumber = (value: bigint | number): Operand => constant(number(value))
const environment = (name: EnvironmentName): Operand => ({ kind: 'environment', name })
const term = (factor: Operand, scales: readonly Scale[] = []): Term => ({ negative: false, scales, factors: [factor] })
const compare = (left: readonly Term[], operator: ComparisonOperator, right: readonly Term[]): Condition => ({
  kind: 'compare',
  operator,
  left,
  right,
})
const TRUE: Condition = { kind: 'true' }
const FALSE: Condition = { kind: 'false' }
const OPERATORS: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>=']

/** So many lists in each other, and something in the innermost. */
const nested = (depth: number): Condition => {
  let condition: Condition = TRUE
  for (let at = 1; at < depth; at++)
    condition = at % 2 === 0 ? { kind: 'and', all: [condition, FALSE] } : { kind: 'or', any: [condition, FALSE] }
  return condition
}

function* lists(): Generator<Condition> {
  yield TRUE
  yield FALSE
  yield { kind: 'or', any: [FALSE, TRUE] }
  yield { kind: 'or', any: [FALSE] }
  yield { kind: 'or', any: [FALSE, { kind: 'and', all: [TRUE, TRUE, FALSE] }] }
  yield { kind: 'or', any: [FALSE, { kind: 'or', any: [TRUE, TRUE] }] }
  yield { kind: 'and', all: [TRUE, FALSE] }
  for (const depth of [31, 32, 33, 34]) yield nested(depth)
}

function* comparisons(left: Operand): Generator<Condition> {
  for (const operator of OPERATORS) yield compare([term(left)], operator, [term(plainNumber(1))])
  for (const value of [0n, HALF - 1n, HALF, MAX, MAX + 1n, -1n, -HALF, -HALF - 1n, 255n, 256n])
    yield compare([term(left)], '<=', [term(plainNumber(value))])
  const negative: Term = { ...term(left), negative: true }
  const product: Term = { negative: false, scales: [], factors: [left, left] }
  for (const operator of OPERATORS) yield compare([term(left), negative], operator, [product])
  yield compare([product, negative, product], '>=', [term(plainNumber(-5)), product])
  yield compare(
    Array.from({ length: ENTRIES - 1 }, () => term(left)),
    '>=',
    [term(plainNumber(9))],
  )
  yield compare(
    Array.from({ length: ENTRIES }, () => term(left)),
    '>=',
    [term(plainNumber(9))],
  )
  yield compare([], '>=', [term(left)])
}

function* scaled(left: Operand): Generator<Condition> {
  const percents: readonly (readonly [bigint, number])[] = [
    [0n, 0],
    [25n, 1],
    [20n, 1],
    [1n, 75],
    [1n, 76],
    [1n, 77],
    [1n, 78],
    [MAX, 0],
  ]
  const scales: Scale[] = percents.flatMap(([digits, decimals]): Scale[] => [
    { kind: 'percent', percent: { digits, decimals } },
    { kind: 'at', price: { digits, decimals }, quote: 'ETH', base: 'ETH' },
    { kind: 'sold at', price: { digits, decimals }, quote: 'ETH', base: 'ETH' },
  ])
  for (const by of [0n, 1n, 3n, HALF, MAX]) scales.push({ kind: 'divide', by })
  for (const scale of scales) yield compare([term(left, [scale])], '<=', [term(plainNumber(5))])
  const [third, most]: Scale[] = [
    { kind: 'divide', by: 3n },
    { kind: 'divide', by: HALF },
  ]
  if (third === undefined || most === undefined) return
  yield compare([term(left, [third, third])], '==', [term(left, [third])])
  yield compare([term(left, [most])], '==', [term(left, [third])])
  yield compare([term(left, [third])], '==', [term(left, [most])])
  yield compare(
    [
      term(
        left,
        Array.from({ length: 7 }, () => third),
      ),
    ],
    '==',
    [term(left)],
  )
  const product: Term = { negative: false, scales: [third], factors: [left, left] }
  yield compare([product], '==', [term(left)])
  yield compare([{ ...product, scales: [] }], '==', [term(left, [third])])
}

const member = (operands: readonly Operand[], rows: readonly (readonly Constant[])[], negated = false): Condition => ({
  kind: 'member',
  negated,
  operands,
  rows,
})

function* memberships(left: Operand, policy: Policy): Generator<Condition> {
  const bool = (value: boolean): Constant => ({ kind: 'bool', value })
  const key: Constant = { kind: 'address', value: policy.key }
  const account: Constant = { kind: 'address', value: policy.account }
  const pair = BigInt(policy.account) < BigInt(policy.key) ? [account, key] : [key, account]
  const session = environment('session.account')
  for (const negated of [false, true]) yield member([left], [[number(1)], [number(3)]], negated)
  for (const rows of [[[number(3)], [number(1)]], [[number(3)], [number(3)]], [], [[number(MAX)]]])
    yield member([left], rows)
  yield member([left], [[number(0)], [number(255)], [number(256)], [number(MAX)]])
  yield member([left], [[{ kind: 'amount', value: 5n, asset: 'ETH' }]])
  yield member(
    [session],
    pair.map((each) => [each]),
  )
  yield member(
    [session],
    pair.toReversed().map((each) => [each]),
  )
  yield member(
    [session, left],
    pair.flatMap((each) => [
      [each, number(1)],
      [each, number(2)],
    ]),
  )
  yield member([session, left, left], [[key, number(1), number(MAX)]])
  yield member([], [[]])
  yield member([constant(bool(true))], [[bool(false)], [bool(true)]])
}

function* bounds(left: Operand): Generator<Condition> {
  for (const seconds of [0, 1, 2 ** 38 - 1, 2 ** 38])
    for (const bound of ['at most', 'at least'] as const) yield { kind: 'now', bound, operand: left, seconds }
  yield { kind: 'or', any: [FALSE, { kind: 'now', bound: 'at most', operand: left, seconds: 5 }] }
}

function* others(policy: Policy): Generator<Condition> {
  const names: readonly EnvironmentName[] = [
    'call.value',
    'op.callGasLimit',
    'op.verificationGasLimit',
    'op.preVerificationGas',
    'op.maxFeePerGas',
    'op.maxPriorityFeePerGas',
  ]
  for (const name of names) yield compare([term(environment(name))], '<', [term(plainNumber(7))])
  const words: readonly (readonly [Operand, Constant])[] = [
    [environment('session.account'), { kind: 'address', value: policy.account }],
    [environment('session.key'), { kind: 'address', value: policy.key }],
    [environment('op.maxFeePerGas'), { kind: 'amount', value: 7n, asset: 'ETH' }],
  ]
  for (const [left, right] of words) yield compare([term(left)], '==', [term(constant(right))])
}

/** Conditions of every form that a rule's `where` can have, and some that it cannot. */
function* conditionsFor(policy: Policy): Generator<Condition> {
  const left = environment('call.value')
  yield* lists()
  yield* comparisons(left)
  yield* scaled(left)
  yield* memberships(left, policy)
  yield* bounds(left)
  yield* others(policy)
}

function* timesFor({ from, until }: Policy): Generator<RuleTime> {
  for (const start of [from - 1, from, from + 1, until - 1, until]) yield { from: start }
  for (const end of [from, from + 1, until, until + 1]) yield { until: end }
  yield { from: from + 1, until: from + 1 }
  yield { from: from + 1, until: from + 2 }
  for (const [start, end] of [
    [0, 1440],
    [0, 1],
    [0, 0],
    [1, 1],
    [1439, 1440],
    [0, 1441],
    [2, 1],
  ] as const)
    yield { hours: { start, end, weekdays: 127 } }
  for (const weekdays of [0, 1, 64, 127, 128]) yield { hours: { start: 60, end: 120, weekdays } }
  yield { from: from + 1, until: until - 1, hours: { start: 60, end: 120, weekdays: 5 } }
}

const perCall = (limit: bigint, amount: readonly Term[]): Charge => ({
  kind: 'per call',
  asset: 'ETH',
  limit,
  amount,
  assetChecked: false,
})

function* chargesFor(): Generator<Charge> {
  const value = term(environment('call.value'))
  for (const limit of [0n, 1n, 255n, 256n, MAX]) yield perCall(limit, [value])
  yield perCall(1n, [term(environment('call.value'), [{ kind: 'divide', by: 3n }])])
  yield perCall(1n, [value, value])
  yield perCall(1n, [{ ...value, negative: true }])
  yield perCall(1n, [value, term(environment('call.value'), [{ kind: 'divide', by: 3n }])])
  yield perCall(1n, [{ negative: false, scales: [], factors: [plainNumber(2), environment('call.value')] }])
  yield perCall(1n, [])
}

const uint: ValueType = { kind: 'uint', bits: 256 }
const array = (element: AbiType, length?: number): AbiType => ({ kind: 'array', element, ...(length && { length }) })
const tuple = (...types: readonly AbiType[]): AbiType => ({
  kind: 'tuple',
  components: types.map((type, index): Parameter => ({ name: `field${index}`, type })),
})
const deep = (depth: number): AbiType => {
  let type: AbiType = { kind: 'bytes' }
  for (let at = 1; at < depth; at++) type = at % 3 === 0 ? tuple(uint, type) : array(type, at % 3 === 1 ? undefined : 2)
  return type
}

/** A function of these arguments, and where a word of them is to be found. */
type Reading = { readonly types: readonly AbiType[]; readonly path: readonly PathStep[]; readonly type?: ValueType }

const component = (index: number): PathStep => ({ kind: 'component', index })
const element = (index: number): PathStep => ({ kind: 'element', index })

const readings: readonly Reading[] = [
  { types: [], path: [] },
  { types: [uint], path: [component(0)] },
  ...([8, 128, 248] as const).map((bits): Reading => ({ types: [{ kind: 'uint', bits }], path: [component(0)] })),
  { types: [{ kind: 'int', bits: 8 }], path: [component(0)], type: { kind: 'int', bits: 8 } },
  { types: [{ kind: 'int', bits: 256 }], path: [component(0)], type: { kind: 'int', bits: 256 } },
  { types: [array(uint, 255)], path: [component(0), element(254)] },
  { types: [array(uint, 254), uint, uint], path: [component(2)] },
  { types: [array(uint)], path: [component(0), { kind: 'last' }] },
  { types: [array(uint)], path: [component(0), element(65535)] },
  { types: [uint, array(tuple(uint, array(uint, 3)))], path: [component(1), element(2), component(1), element(2)] },
  { types: [array(array(uint), 3)], path: [component(0), element(2), element(0)] },
  { types: [array(array(uint), 255)], path: [component(0), element(254), { kind: 'last' }] },
  { types: [tuple(uint, array(uint), tuple(uint, uint))], path: [component(0), component(2), component(1)] },
  { types: [tuple({ kind: 'bytes' }, { kind: 'string' }, uint), uint], path: [component(0), component(2)] },
  {
    types: [array(tuple(array(uint), array(array(uint, 2), 2)))],
    path: [component(0), element(1), component(1), element(1), element(0)],
  },
  ...[31, 32, 33].map((depth): Reading => ({ types: [uint, deep(depth)], path: [component(0)] })),
]

const actionOf = (name: string, types: readonly AbiType[]): FunctionAction => ({
  kind: 'call',
  name,
  inputs: types.map((type, index): Parameter => ({ name: `argument${index}`, type })),
})

const ruleOf = (rule: AllowRule, action: FunctionAction, where: readonly Condition[]): AllowRule => ({
  effect: 'allow',
  target: rule.target,
  action,
  where,
  charges: [],
  unlimited: [],
})

function* functionsFor(rule: AllowRule): Generator<readonly [string, AllowRule]> {
  for (const [index, { types, path, type = uint }] of readings.entries()) {
    const at: Operand = {
      kind: 'argument',
      path,
      type: types.length === 1 && types[0]?.kind === 'uint' ? types[0] : type,
    }
    const where = path.length === 0 ? [] : [compare([term(at)], '<=', [term(plainNumber(4))])]
    yield [`function ${index}`, ruleOf(rule, actionOf('grow', types), where)]
  }
  for (const size of [1, 28, 29, 30, 31, 61, 64])
    for (const types of [[], [uint, tuple(uint)]])
      yield [`a name of ${size} letters`, ruleOf(rule, actionOf('g'.repeat(size), types), [])]
}

function* feesFor({ fees: { paidBy }, key }: Policy): Generator<Fees> {
  const price = environment('op.maxFeePerGas')
  const wheres: readonly Condition[] = [
    TRUE,
    FALSE,
    { kind: 'or', any: [FALSE, compare([term(price)], '>', [term(price)])] },
    compare([term(environment('call.value'))], '>', [term(price)]),
    { kind: 'now', bound: 'at most', operand: price, seconds: 5 },
    compare([term(environment('session.key'))], '==', [term(constant({ kind: 'address', value: key }))]),
  ]
  for (const where of wheres) yield { paidBy, where: [where] }
  if ('meter' in paidBy) {
    yield { paidBy: { kind: 'budget', meter: paidBy.meter }, where: [TRUE] }
    yield { paidBy: { kind: 'budget or sponsored', meter: paidBy.meter, by: key }, where: [] }
    yield { paidBy: { kind: 'budget or sponsored', meter: paidBy.meter, by: `0x${'00'.repeat(20)}` }, where: [] }
  } else {
    yield { paidBy: { kind: 'unlimited' }, where: [] }
    yield { paidBy: { kind: 'sponsored', by: key }, where: [TRUE] }
    yield { paidBy: { kind: 'sponsored', by: `0x${'00'.repeat(20)}` }, where: [] }
  }
}

/** Many meters, so that positions come to their end. */
const metered = (policy: Policy, rule: AllowRule, meters: readonly Meter[]): readonly [Meter[], AllowRule] => [
  [...policy.meters, ...meters],
  {
    ...rule,
    charges: [
      ...rule.charges,
      ...meters.map((_, index): Charge => ({
        kind: 'meter',
        meter: policy.meters.length + index,
        amount: [term(plainNumber(1))],
        assetChecked: true,
      })),
    ],
  },
]

const narrow: Meter = { counts: 'calls', limit: 3n, window: { kind: 'total' } }
const wide: Meter = { counts: 'calls', limit: 1n << 97n, window: { kind: 'period', seconds: 300 } }

function* metersFor(policy: Policy): Generator<readonly Meter[]> {
  yield [wide]
  yield [narrow, wide, narrow, wide, wide, narrow, narrow, narrow]
  const left = Math.max(1, 255 - policy.meters.length)
  for (const count of [left - 1, left]) yield Array.from({ length: count }, () => narrow)
  for (const count of [124, 125, 126, 127, 128]) yield Array.from({ length: count }, () => wide)
}

/** A policy's variants, one change each, at what the format bounds and in what it knows. */
export function* changedPolicies(policy: Policy): Generator<ChangedPolicy> {
  const index = policy.rules.findIndex(({ effect }) => effect === 'allow')
  const rule = policy.rules[index]
  if (rule?.effect !== 'allow') return
  const put = (note: string, changed: Rule): ChangedPolicy => ({
    note,
    policy: { ...policy, rules: policy.rules.with(index, changed) },
  })
  const added = (note: string, ...more: readonly Rule[]): ChangedPolicy => ({
    note,
    policy: { ...policy, rules: [...policy.rules, ...more] },
  })
  const deny: DenyRule = { effect: 'deny', target: rule.target, action: rule.action, where: [] }
  let count = 0
  for (const condition of conditionsFor(policy)) {
    count += 1
    yield put(`condition ${count}`, { ...rule, where: [...rule.where, condition] })
    if (condition.kind !== 'compare') yield added(`deny condition ${count}`, { ...deny, where: [condition] })
  }
  for (const times of timesFor(policy)) {
    yield put(`times ${JSON.stringify(times)}`, { ...rule, ...times })
    yield added(`deny times ${JSON.stringify(times)}`, { ...deny, ...times })
  }
  for (const charge of chargesFor()) {
    count += 1
    yield put(`charge ${count}`, { ...rule, charges: [...rule.charges, charge] })
  }
  for (const asset of ['ETH' as const, ...policy.tokens.map(({ address }) => address)])
    yield put(`unlimited ${asset}`, { ...rule, unlimited: [asset] })
  for (const [note, other] of functionsFor(rule)) yield added(note, other)
  for (const fees of feesFor(policy)) yield { note: `fees ${JSON.stringify(fees.paidBy)}`, policy: { ...policy, fees } }
  for (const [at, meters] of [...metersFor(policy)].entries()) {
    const [all, charging] = metered(policy, rule, meters)
    yield {
      note: `meters ${at}`,
      policy: { ...put('', charging).policy, meters: all },
      ...(meters.length > 100 && { long: true }),
    }
  }
  yield added('a native transfer of nothing', { ...ruleOf(rule, actionOf('none', []), []), action: { kind: 'send' } })
  for (const count of [254, 255]) {
    const tokens = Array.from({ length: count }, (_, at): Token => ({
      symbol: `T${at}`,
      address: hexOf(numberBytes(BigInt(at + 1), 20)),
      decimals: 6,
    }))
    yield { note: `${count} tokens`, policy: { ...policy, tokens: [...policy.tokens, ...tokens].slice(0, count) } }
  }
  for (const action of [{ kind: 'any' } as const, { kind: 'send' } as const, rule.action])
    yield added(`deny ${action.kind}`, { ...deny, action })
  yield added('a deny of another target', { ...deny, target: policy.key, action: { kind: 'any' } })
  for (const denies of [254, 255, 256]) {
    const any: DenyRule = { ...deny, action: { kind: 'any' } }
    yield { ...added(`${denies} denies`, ...Array.from({ length: denies }, () => any)), long: true }
  }
}
