import type { Hex } from '../../policy/Hex.js'
import { dangerousSignatures } from '../../policy/dangerous.js'
import { selectorOf } from '../FunctionShape.js'

/** The well-known dangerous functions by selector. No other name may have one of these selectors, so that theirs need not be shown beside the name. */
export const dangerousFunctions: ReadonlyMap<Hex, string> = new Map(
  dangerousSignatures.map((signature) => [selectorOf(signature), signature]),
)
