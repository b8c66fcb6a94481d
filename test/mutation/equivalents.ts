import type { MutatedContract } from './Codes.js'
import type { Matches } from './disassembly.js'
import type { Mutant } from './mutants.js'
import type { Place } from './sources.js'

/**
 * An argument why mutants of one kind at one place in the source change nothing that anybody could see who asks the module (it asks reader and printer properly): `change` begins or, in `ending`, ends the
 * mutant's, `file` ends the source's, `text` stands in the source line. What the compiler makes up has no line of its own: `code` are then
 * instructions around it (see `matcherOf`). What is left out may be anything.
 */
export type Equivalent = {
  readonly change?: string
  readonly ending?: string
  readonly file?: string
  readonly text?: string
  readonly code?: string
  readonly why: string
}

/** A survivor with its place, and the argument for it where there is one. */
export type Survivor = Place & {
  readonly contract: MutatedContract
  readonly pc: number
  readonly change: string
  readonly why?: string
}

/** Looks up the arguments for survivors; in order of the program counter. */
export const judgeSurvivors = (
  survivors: readonly Mutant[],
  equivalents: readonly Equivalent[],
  of: (contract: MutatedContract) => { readonly placeOf: (pc: number) => Place; readonly matches: Matches },
): Survivor[] =>
  [...survivors]
    .sort((a, b) => a.contract.localeCompare(b.contract) || a.pc - b.pc)
    .map(({ contract, pc, change }) => {
      const { placeOf, matches } = of(contract)
      const place = placeOf(pc)
      const argued = equivalents.find(
        (each) =>
          change.startsWith(each.change ?? '') &&
          change.endsWith(each.ending ?? '') &&
          (place.file ?? '').endsWith(each.file ?? '') &&
          place.text.includes(each.text ?? '') &&
          (each.code === undefined || matches(pc, each.code)),
      )
      return { contract, pc, change, ...place, ...(argued && { why: argued.why }) }
    })
