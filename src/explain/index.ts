export { explain, type OpenField } from './explain.js'
export { explainDecision, explainDenial } from './explainDecision.js'
export { type WorstCase, worstCases } from './worstCase.js'
