import type { Condition, Sum } from '../../src/policy/Condition.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { World } from './World.js'

/** Whether the conditions fix an argument, or a part of one, to that address, as far as single operands show it: then a charge names its asset. */
export const isFixedTo = (address: Address, where: readonly Condition[], world: World): boolean =>
  [...valuesLeft(where, world).values()].some((values) => values.size === 1 && values.has(address))

/** For each operand that comparisons and lists fix, the values that are left to it. */
const valuesLeft = (where: readonly Condition[], world: World): ReadonlyMap<string, ReadonlySet<string>> => {
  const left = new Map<string, ReadonlySet<string>>()
  const narrow = (key: string, values: readonly string[]): void => {
    const before = left.get(key)
    left.set(key, new Set(before === undefined ? values : values.filter((value) => before.has(value))))
  }
  for (const condition of where) {
    if (condition.kind === 'compare' && condition.operator === '==') {
      const operands = [plainOf(condition.left), plainOf(condition.right)]
      for (const [index, operand] of operands.entries()) {
        const other = operands[1 - index]
        const value = other && valueOf(other, world)
        if (operand !== undefined && isArgument(operand) && value !== undefined) narrow(keyOf(operand), [value])
      }
    } else if (condition.kind === 'member' && !condition.negated) {
      for (const [column, operand] of condition.operands.entries()) {
        if (isArgument(operand))
          narrow(
            keyOf(operand),
            condition.rows.map((row) => String(row[column]?.value)),
          )
      }
    } else if (condition.kind === 'or') {
      const parts = condition.any.map((part) => valuesLeft(part.kind === 'and' ? part.all : [part], world))
      for (const key of parts[0]?.keys() ?? []) {
        const sets = parts.flatMap((part) => part.get(key) ?? [])
        if (sets.length === parts.length)
          narrow(
            key,
            sets.flatMap((set) => [...set]),
          )
      }
    }
  }
  return left
}

/** A mask leaves bits open, and the account is no argument. */
const isArgument = ({ kind }: Operand): boolean => kind === 'argument' || kind === 'slice'

const plainOf = (sum: Sum): Operand | undefined => {
  const [term] = sum
  if (term === undefined || sum.length > 1 || term.negative || term.scales.length > 0 || term.factors.length > 1)
    return undefined
  return term.factors[0]
}

const valueOf = (operand: Operand, { account, key }: World): string | undefined => {
  if (operand.kind === 'constant') return String(operand.constant.value)
  if (operand.kind !== 'environment') return undefined
  return operand.name === 'session.account' ? account : operand.name === 'session.key' ? key : undefined
}

const keyOf = (operand: Operand): string =>
  JSON.stringify(operand, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
