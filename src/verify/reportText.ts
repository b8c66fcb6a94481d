import type { Decision } from '../policy/Decision.js'
import { outcomeText } from './compare.js'
import type { Disagreement, DisagreementStep } from './Disagreement.js'
import type { Report } from './Report.js'

const json = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part))

const stepLines = (step: DisagreementStep): string[] => {
  switch (step.kind) {
    case 'meters':
      return [`  meters set to ${json(step.meters)}`]
    case 'ending':
      return [`  the account calls ${step.by}`]
    case 'carried':
      return ['  the session is not in force yet, and operations carry the owner’s text']
    case 'operation':
      return [
        `  at ${step.now} (${new Date(step.now * 1000).toISOString()}): ${step.note}`,
        `    callData ${step.operation.callData}`,
        step.operation.fees ? `    fees ${json(step.operation.fees)}` : '    runtime path',
      ]
    default:
      return step satisfies never
  }
}

const decisionLine = (who: string, decision: Decision | undefined): string[] => {
  if (decision === undefined) return []
  if (decision.outcome === 'deny') return [`  ${who}: ${outcomeText(decision)}`]
  const { rules, charges, validFrom, validUntil } = decision
  return [
    `  ${who}: allow by rules ${rules.join(', ')}, charges ${json(charges)}, valid in [${validFrom}, ${validUntil})`,
  ]
}

const disagreementLines = (disagreement: Disagreement): string[] => {
  const { kind, note, what, steps, state, reference, evaluator, module, witness } = disagreement
  return [
    `DISAGREEMENT (${kind}: ${note})`,
    `  ${what}`,
    'steps, from a fresh session on',
    ...steps.flatMap(stepLines),
    ...(state ? [`state before the last step: ${json(state)}`] : []),
    'answers to the last step',
    ...decisionLine('definition', reference),
    ...decisionLine('evaluator', evaluator),
    ...(module === undefined ? [] : [`  module ${module}`]),
    ...(witness === undefined ? [] : [`  witness ${witness}`]),
  ]
}

/** The report for people: counts, coverage, what was not reached, and the disagreement where there is one; ends with a line break. */
export const reportText = (report: Report): string => {
  const {
    cases,
    seed,
    kinds,
    allowed,
    denied,
    coverage,
    grants,
    authority,
    malformed,
    notReached,
    moduleCalls,
    seconds,
    disagreement,
  } = report
  const share = denied === 0 ? 0 : Math.round((100 * coverage.single) / denied)
  const width = Math.max(0, ...Object.keys(kinds).map((name) => name.length))
  const lines = [
    ...(disagreement ? [...disagreementLines(disagreement), ''] : []),
    `${cases} operations in ${seconds.toFixed(1)} s, seed ${seed}: ${allowed} allowed, ${denied} denied (${share}% of these one mutation from an allowed one)`,
    ...Object.entries(kinds).map(([name, count]) => `  ${name.padEnd(width)} ${String(count).padStart(5)}`),
    `${coverage.reached} of ${coverage.parts} parts of the policy were the one reason of a denial, ${moduleCalls} calls of the module`,
    `${grants.refused + grants.accepted + grants.lenient} changed grants (${grants.refused} refused), ${authority} answers about who may install, grant and revoke, ${malformed} malformed calls`,
    ...notReached.map(({ name, why }) => `  not reached: ${name} (${why})`),
    disagreement ? 'the three readings DISAGREE: nothing may be signed' : 'definition, evaluator and module agree',
  ]
  return `${lines.join('\n')}\n`
}
