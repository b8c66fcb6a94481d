import { NESTED } from '../compiler/layout.js'
import { type Bytes, spanOf } from './Bytes.js'
import type { Targets } from './Candidates.js'
import { type Collection, elementsOf, recordsOf } from './Collection.js'
import type { Frame } from './Frame.js'
import { ZERO_WORD, smallAt } from './hex.js'
import { NO_ELEMENTS } from './Place.js'
import type { AllowRule, Rule } from './Rule.js'

/** Calls that an argument carries, and the rules that hold only for them. */
export type Block = {
  /** One of NESTED. */
  readonly form: number
  /** The records of a multisend, or the commands. */
  readonly bytes: Bytes | undefined
  /** The calls, or the commands' inputs. */
  readonly list: Collection | undefined
  readonly rules: readonly Rule[]
  readonly allows: readonly AllowRule[]
  readonly targets: Targets
  /** Where in the grant its form and places stand. */
  readonly headStart: number
  readonly headEnd: number
}

/** The calls of the list; undefined where it cannot be read. */
export const callsIn = ({ form, bytes, list, targets }: Block, frame: Frame): readonly Frame[] | undefined => {
  const { text, to } = frame
  const inner = { ...frame, noValue: true, rules: targets.get(to), walk: undefined, elements: NO_ELEMENTS }
  if (form === NESTED.multisend)
    return (
      bytes &&
      recordsOf(bytes, frame)?.map((record) => ({
        ...inner,
        ...record,
        noValue: text.slice(record.valueAt, record.valueAt + 64) === ZERO_WORD,
        command: '',
        rules: targets.get(record.to),
      }))
    )
  const places = list && elementsOf(list, frame)
  const commands = bytes && spanOf(bytes, frame)
  if (bytes && (!commands || commands.until - commands.from !== 2 * (places?.length ?? -1))) return undefined
  return places?.map((at, index) => {
    const dataAt = at + 64
    const dataEnd = dataAt + 2 * smallAt(text, at)
    if (!commands) return { ...inner, dataAt, dataEnd, command: '' }
    const commandAt = commands.from + 2 * index
    return { ...inner, dataAt: dataAt - 8, dataEnd, command: `0x${text.slice(commandAt, commandAt + 2)}` }
  })
}
