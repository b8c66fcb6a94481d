import type { Mutant } from './mutants.js'
import type { Place } from './sources.js'

/**
 * An argument why mutants of one kind at one place in the source change nothing that anybody could see: `change` begins the mutant's, `file` ends
 * the source's, `text` stands in the source line.
 */
export type Equivalent = { readonly change: string; readonly file: string; readonly text: string; readonly why: string }

/** A survivor with its place, and the argument for it where there is one. */
export type Survivor = Place & { readonly pc: number; readonly change: string; readonly why?: string }

/** Looks up the arguments for survivors; in order of the program counter. */
export const judgeSurvivors = (
  survivors: readonly Mutant[],
  equivalents: readonly Equivalent[],
  placeOf: (pc: number) => Place,
): Survivor[] =>
  [...survivors]
    .sort((a, b) => a.pc - b.pc)
    .map(({ pc, change }) => {
      const place = placeOf(pc)
      const argued = equivalents.find(
        (each) =>
          change.startsWith(each.change) && (place.file ?? '').endsWith(each.file) && place.text.includes(each.text),
      )
      return { pc, change, ...place, ...(argued && { why: argued.why }) }
    })
