import type { Denial } from '../policy/Denial.js'

/** Why something is denied: a line for each reason, indented, with its facts as they are. Ends with a newline unless there is none. */
export const denialLines = (denials: readonly Denial[]): string =>
  denials
    .map((denial) => {
      const facts = [
        denial.callIndex === undefined ? '' : `call ${denial.callIndex}`,
        denial.path ?? '',
        denial.expected === undefined ? '' : `expected ${denial.expected}`,
        denial.actual === undefined ? '' : `got ${denial.actual}`,
        denial.remaining === undefined ? '' : `${denial.remaining} left`,
        denial.retryAt === undefined ? '' : `try again at ${denial.retryAt}`,
      ].filter((fact) => fact !== '')
      return `    ${denial.code}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}\n`
    })
    .join('')
