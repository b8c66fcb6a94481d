import type { Check } from './Check.js'
import { feesAreBound } from './feesAreBound.js'
import { writAllowsSomething } from './writAllowsSomething.js'
import { writEnds } from './writEnds.js'

/** Every law, in the order that gives the clearest messages. */
export const checks: readonly Check[] = [writAllowsSomething, writEnds, feesAreBound]
