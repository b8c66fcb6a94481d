import * as fc from 'fast-check'
import { Choices } from './Choices.js'

/** Numbers smaller than `number`, simplest first. Most choices are among a few, so that small numbers are worth the most. */
const smaller = (number: number): number[] =>
  [0, 1, 2, 3, Math.floor(number / 65_536), Math.floor(number / 2)].filter((each) => each < number)

function* shorter(numbers: readonly number[]): Generator<readonly number[]> {
  const { length } = numbers
  for (let kept = 0; kept < length; kept += Math.max(1, Math.ceil((length - kept) / 2))) yield numbers.slice(0, kept)
  for (let size = Math.floor(length / 2); size > 0; size = Math.floor(size / 2))
    for (let at = 0; at + size <= length; at += size) yield [...numbers.slice(0, at), ...numbers.slice(at + size)]
  for (const [at, number] of numbers.entries()) for (const replaced of smaller(number)) yield numbers.with(at, replaced)
}

/** Drops the zeros at the end: a replayed stream answers zeros there anyway. */
const trimmed = (numbers: readonly number[]): readonly number[] => {
  const last = numbers.findLastIndex((number) => number !== 0)
  return numbers.slice(0, last + 1)
}

class ChoicesArbitrary extends fc.Arbitrary<Choices> {
  override generate(random: fc.Random): fc.Value<Choices> {
    const own = random.clone()
    return new fc.Value(new Choices(() => own.nextInt(0, 0xffffffff)), undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is Choices {
    return value instanceof Choices
  }

  override shrink(value: Choices): fc.Stream<fc.Value<Choices>> {
    const numbers = trimmed(value.drawn)
    return fc.stream(shorter(numbers)).map((replay) => new fc.Value(Choices.replay(replay), undefined))
  }
}

/** Streams of choices, shrunk by what was really drawn from them: a property reads its stream once. */
export const choicesArbitrary = (): fc.Arbitrary<Choices> => new ChoicesArbitrary()
