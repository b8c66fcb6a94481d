import { LIMIT, NESTED } from '../compiler/layout.js'
import type { Block } from './Block.js'
import { targetsOf } from './Candidates.js'
import type { Collection } from './Collection.js'
import type { Reader } from './Reader.js'
import { readBytes } from './readCollection.js'
import { type Scope, readPlace } from './readPlace.js'
import type { Rule } from './Rule.js'
import type { RuleContext } from './RuleContext.js'

/** Where a nested rule stands. */
export type Around = {
  /** One of NESTED. */
  readonly form: number
  /** The target of the rule around, which those of `calls` and `commands` share. */
  readonly target: string
  /** Blocks around it. */
  readonly depth: number
}

/** Reads a rule that stands so, with this index in its block. */
export type ReadRule = (reader: Reader, context: RuleContext, index: number, around: Around) => Rule

/** Reads `nestedCount1 ‖ nested*` of a rule with this target. */
export const readBlocks = (
  reader: Reader,
  context: RuleContext,
  scope: Scope,
  target: string,
  depth: number,
  readRule: ReadRule,
): readonly Block[] => {
  const start = reader.at
  const count = reader.byte()
  reader.must(count > 0 && depth < LIMIT.nestedDepth, 'blocks of nested calls stand where they may not', start)
  return Array.from({ length: count }, () => readBlock(reader, context, scope, target, depth + 1, readRule))
}

const readBlock = (
  reader: Reader,
  context: RuleContext,
  scope: Scope,
  target: string,
  depth: number,
  readRule: ReadRule,
): Block => {
  const headStart = reader.at
  const form = reader.byte()
  reader.must(form <= NESTED.commands, 'nested calls are of no known kind', headStart)
  const bytes = form === NESTED.calls ? undefined : readBytes(reader, scope)
  const list = form === NESTED.multisend ? undefined : readList(reader, scope)
  const headEnd = reader.at
  const around: Around = { form, target, depth }
  const rules = Array.from({ length: reader.uint(2) }, (_, index) => readRule(reader, context, index, around))
  const allows = rules.filter((rule) => rule.effect === 'allow')
  reader.must(allows.length > 0, 'no rule allows anything', headStart)
  const targets = targetsOf(allows.filter((rule) => !context.forbidden.has(rule.target)))
  return { form, bytes, list, rules, allows, targets, headStart, headEnd }
}

/** A `bytes[]`. */
const readList = (reader: Reader, scope: Scope): Collection => {
  const start = reader.at
  const { place, type, word } = readPlace(reader, scope)
  const { element, length } = type
  if (element?.form !== 'bytes' || length !== undefined || word !== undefined)
    return reader.fail('a place holds no list of bytes', start)
  return { kind: 'array', place, length, element }
}
