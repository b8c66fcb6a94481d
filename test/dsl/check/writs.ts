import { checkWrit } from '../../../src/actions/checkWrit.js'
import type { CheckOptions } from '../../../src/dsl/check.js'
import type { Countable } from '../../../src/policy/Collection.js'
import type { Condition } from '../../../src/policy/Condition.js'
import type { Bytes, PathStep, Place } from '../../../src/policy/Place.js'
import type { Policy } from '../../../src/policy/Policy.js'
import type { AllowRule, Rule } from '../../../src/policy/Rule.js'

export const account = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
export const key = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
export const usdc = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
export const weth = '0x4200000000000000000000000000000000000006'
export const router = '0x2626664c2603336e57b271c5c0b26f421741e481'
export const alice = '0x1111111111111111111111111111111111111111'
export const from = 1_795_352_400

/** A header that names everything the tests speak of; what a text does not use is only warned of. */
export const header = `chain base
account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00
ttl 7d
fees 0.01 ETH/day
token USDC = ${'0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'} decimals 6
token WETH = 0x4200000000000000000000000000000000000006 decimals 18
contract Router = 0x2626664c2603336E57B271c5C0b26F421741e481
let Alice = 0x1111111111111111111111111111111111111111
let Bob = 0x2222222222222222222222222222222222222222
`

/** Errors and warnings of a text under the header, by code, without what is said of unused names. */
export const codesOf = (rules: string, options: CheckOptions = {}): string[] =>
  [...new Set(checkWrit(header + rules, options).diagnostics.map(({ code }) => code))].filter((code) => code !== 'W102')

/** The policy of a text; a text with errors is a fault of the test. */
export const policyOfText = (text: string, options: CheckOptions = {}): Policy => {
  const { policy, diagnostics } = checkWrit(text, options)
  if (policy === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return policy
}

/** The policy of rules under the header. */
export const policyOf = (rules: string, options: CheckOptions = {}): Policy => policyOfText(header + rules, options)

/** The first rule. */
export const ruleOf = (rules: string): Rule => {
  const [rule] = policyOf(rules).rules
  if (rule === undefined) throw new Error('no rule')
  return rule
}

export const allowsOf = (policy: Policy): AllowRule[] => policy.rules.filter((rule) => rule.effect === 'allow')

const allKinds =
  'set(uint256 x, uint256 y, int64 s, address to, bytes4 tag, bool flag, (address token, uint8 small)[] list, uint256[3] three, uint256 deadline)'

/** The conditions of `where` on a function (one of all kinds of words, unless another is given), in short text. */
export const lowered = (where: string, effect: 'allow' | 'deny' = 'allow', signature = allKinds, lets = ''): string => {
  const allowed = effect === 'deny' ? `allow ${signature} on Router\n` : ''
  const { rules } = policyOf(`${lets}${allowed}${effect} ${signature} on Router where ${where}`)
  return (rules.at(-1)?.where ?? []).map(text).join(' and ')
}

/** A condition as short text: sums and terms as they stand in the policy, paths by index. */
export const text = (condition: Condition): string => {
  switch (condition.kind) {
    case 'and':
      return `(${condition.all.map(text).join(' and ')})`
    case 'or':
      return `(${condition.any.map(text).join(' or ')})`
    case 'true':
    case 'false':
      return condition.kind
    case 'compare':
      return `${sum(condition.left)} ${condition.operator} ${sum(condition.right)}`
    case 'member':
      return `${condition.operands.map(operand).join(',')} ${condition.negated ? 'not in' : 'in'} ${condition.rows.map((row) => row.map((constant) => operand({ kind: 'constant', constant })).join(',')).join(' | ')}`
    case 'now':
      return `${operand(condition.operand)} ${condition.bound} now ${condition.seconds}`
    case 'bytes':
      return `${bytes(condition.left)} ${condition.operator} ${typeof condition.right === 'string' ? condition.right : bytes(condition.right)}`
    case 'every':
    case 'any':
      return `${condition.kind} ${list(condition.over)} (${condition.body.map(text).join(' and ')})`
    default:
      return condition satisfies never
  }
}

const steps = (path: readonly PathStep[]): string =>
  path.map((step) => (step.kind === 'last' ? 'last' : step.index)).join('.')
const place = ({ path, ...at }: Place): string =>
  at.kind === 'argument' ? `#${steps(path)}` : [`@${at.depth}`, ...(path.length > 0 ? [steps(path)] : [])].join('.')
const bytes = ({ place: at, slice }: Bytes): string => place(at) + (slice ? `[${slice.start}:${slice.end ?? ''}]` : '')
const list = (of: Countable): string => {
  switch (of.kind) {
    case 'array':
      return place(of.place)
    case 'packed':
      return `slices(${bytes(of.bytes)}, ${of.size}, ${of.gap})`
    case 'bytes':
      return bytes(of.bytes)
    case 'multisend':
      return `multisend(${bytes(of.bytes)})`
    default:
      return of satisfies never
  }
}

type Compare = Extract<Condition, { kind: 'compare' }>

const sum = (terms: Compare['left']): string =>
  terms
    .map(
      (term) =>
        `${term.negative ? '- ' : ''}${term.scales.map((scale) => `${scaleText(scale)} `).join('')}${term.factors.map(operand).join(' * ')}`,
    )
    .join(' + ')

const scaleText = (scale: Compare['left'][number]['scales'][number]): string => {
  switch (scale.kind) {
    case 'percent':
      return `${scale.percent.digits}e-${scale.percent.decimals}%`
    case 'divide':
      return `1/${scale.by}`
    case 'at':
    case 'sold at':
      return `${scale.kind}(${scale.price.digits}e-${scale.price.decimals})`
    default:
      return scale satisfies never
  }
}

const operand = (value: Compare['left'][number]['factors'][0]): string => {
  switch (value.kind) {
    case 'environment':
      return value.name
    case 'argument':
    case 'element':
      return place(value)
    case 'packed element':
      return `@${value.depth}:${value.size}`
    case 'length':
      return `len(${list(value.of)})`
    case 'slice':
      return bytes(value.bytes)
    case 'masked':
      return `(${operand(value.operand)} & ${value.mask})`
    case 'total':
      return `sum(${list(value.over)} ${steps(value.path)})`
    case 'constant':
      return value.constant.kind === 'amount'
        ? `${value.constant.value}@${value.constant.asset.slice(0, 6)}`
        : String(value.constant.value)
    default:
      return value satisfies never
  }
}
