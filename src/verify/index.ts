export type { Disagreement, DisagreementStep } from './Disagreement.js'
export type { NotReached, Report } from './Report.js'
export { reportText } from './reportText.js'
export { verify, type VerifyOptions } from './verify.js'
