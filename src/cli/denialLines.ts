import { explainDenial } from '../explain/index.js'
import type { Denial } from '../policy/Denial.js'
import type { Policy } from '../policy/Policy.js'

/** Why something is denied: a line for each reason, indented, its code first, which programs know it by. Ends with a newline unless there is none. */
export const denialLines = (policy: Policy, denials: readonly Denial[]): string =>
  denials.map((denial) => `    ${denial.code}: ${explainDenial(policy, denial)}\n`).join('')
