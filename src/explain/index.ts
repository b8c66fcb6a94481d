export { explain, type OpenField } from './explain.js'
export { explainDecision } from './explainDecision.js'
export { type WorstCase, worstCases } from './worstCase.js'
