import type { Scale, Sum, Term } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Asset, Decimal } from '../../src/policy/Units.js'
import { coefficientLaws } from '../../src/compiler/laws/sumLaws.js'
import { constantOperand, unitOf } from './operand.js'
import type { Source } from './Source.js'
import { assetsOf, decimalsOf, type World } from './World.js'

/** One operand as a sum. */
export const plain = (operand: Operand): Sum => [{ negative: false, scales: [], factors: [operand] }]

/** A decimal that is not zero. */
export const buildDecimal = (source: Source): Decimal => {
  const decimals = source.pick([0, 0, 1, 2, 6])
  const digits = 1n + source.bits(source.pick([7, 7, 40]))
  return decimals > 0 && digits % 10n === 0n ? { digits: digits + 1n, decimals } : { digits, decimals }
}

/** A scale that makes amounts of `gives` (or of nothing), and the asset of what it takes. */
const buildScale = (source: Source, world: World, gives: Asset | undefined): readonly [Scale, Asset | undefined] => {
  switch (source.below(4)) {
    case 0:
    case 1:
      return [{ kind: 'percent', percent: buildDecimal(source) }, gives]
    case 2: {
      const takes = source.pick(assetsOf(world))
      if (
        gives === undefined ||
        takes === gives ||
        [takes, gives].some((asset) => decimalsOf(world, asset) === undefined)
      )
        break
      const price = buildDecimal(source)
      return source.chance(50)
        ? [{ kind: 'at', price, quote: takes, base: gives }, takes]
        : [{ kind: 'sold at', price, quote: gives, base: takes }, takes]
    }
    default:
      break
  }
  return [{ kind: 'divide', by: 1n + source.bits(source.pick([4, 20, 64])) }, gives]
}

/** A term that is an amount of `unit`, or a plain number. */
const buildTerm = (
  source: Source,
  world: World,
  numbers: readonly Operand[],
  unit: Asset | undefined,
  scaled: boolean,
): Term => {
  const scales: Scale[] = []
  let inner = unit
  for (let left = scaled && source.chance(60) ? 1 + source.below(3) : 0; left > 0; left -= 1) {
    const [scale, takes] = buildScale(source, world, inner)
    scales.push(scale)
    inner = takes
  }
  const fitting = numbers.filter((operand) => unitOf(operand) === undefined || unitOf(operand) === inner)
  const factor = (): Operand => {
    if (fitting.length > 0 && !source.chance(20)) return source.pick(fitting)
    if (inner !== undefined && source.chance(50))
      return constantOperand({ kind: 'amount', value: source.bits(100), asset: inner })
    return constantOperand({ kind: 'number', value: source.bits(64) * (source.chance(30) ? -1n : 1n) })
  }
  const first = factor()
  const bare = numbers.filter((operand) => unitOf(operand) === undefined)
  const two = scales.length === 0 && bare.length > 0 && source.chance(20)
  return { negative: source.chance(30), scales, factors: two ? [first, source.pick(bare)] : [first] }
}

/** The sums of the two sides of a comparison: exact, in units that go together, within the format's coefficients. */
export const buildSides = (source: Source, world: World, numbers: readonly Operand[]): readonly [Sum, Sum] => {
  const unit = source.chance(60) ? source.pick(assetsOf(world)) : undefined
  const side = (): Term[] =>
    source.many(1, 3, (index) => sayable(buildTerm(source, world, numbers, unit, true), index, world))
  const sides = [side(), side()] as const
  return areExact(sides.flat(), world) ? sides : [withoutScales(sides[0], world), withoutScales(sides[1], world)]
}

/** What a charge of a token may count: never a constant alone. */
export const buildAmount = (source: Source, world: World, numbers: readonly Operand[], asset: Asset): Sum => {
  const bare = numbers.filter((operand) => unitOf(operand) === undefined)
  switch (source.below(4)) {
    case 0: {
      const [first, ...rest] = source.many(1, 3, (index) =>
        sayable(buildTerm(source, world, bare, asset, false), index, world),
      )
      if (first === undefined || (rest.length === 0 && first.factors[0].kind === 'constant')) break
      return [first, ...rest]
    }
    case 1: {
      const [scale] = buildScale(source, world, asset)
      const term: Term = { negative: false, scales: [scale], factors: [source.pick(bare)] }
      if (areExact([term], world)) return [term]
      break
    }
    default:
      break
  }
  return plain(source.pick(bare))
}

const areExact = (terms: readonly Term[], world: World): boolean => {
  const assets = new Map(assetsOf(world).map((asset) => [asset, decimalsOf(world, asset) ?? 0]))
  let exact = true
  coefficientLaws(terms, { inputs: undefined, elements: [], call: true, now: false, assets }, () => {
    exact = false
  })
  return exact
}

/** Takes scales away, and what would no longer be of one unit with them. */
const withoutScales = (sum: readonly Term[], world: World): Sum =>
  sum.map((term, index) => {
    const [factor] = term.factors
    const changed = term.scales.some((scale) => scale.kind === 'at' || scale.kind === 'sold at')
    const operand = changed && unitOf(factor) !== undefined ? constantOperand({ kind: 'number', value: 7n }) : factor
    return sayable({ ...term, scales: [], factors: changed ? [operand] : term.factors }, index, world)
  })

/** `-5` at the beginning is the number -5, not the number 5 taken away; only bytes can say that. */
const sayable = (term: Term, index: number, { wide }: World): Term => {
  const [factor, second] = term.factors
  const isNumber = factor.kind === 'constant' && factor.constant.kind === 'number'
  return !wide && index === 0 && isNumber && second === undefined && term.scales.length === 0
    ? { ...term, negative: false }
    : term
}
