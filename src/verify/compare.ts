import type { Allowed, Decision } from '../policy/Decision.js'
import type { DenialCode } from '../policy/Denial.js'
import type { Hex } from '../policy/Hex.js'
import type { State } from '../policy/State.js'
import type { DenyReason, Expectation } from './Expectation.js'
import type { Outcome } from '../evm/Evm.js'
import { type ContractError, readError } from '../evm/moduleErrors.js'

const chargesText = ({ charges }: Allowed): string =>
  charges.map(({ meter, amount }) => `${meter}:${amount}`).join(', ')
const metersText = ({ meters }: Pick<State, 'meters'>): string =>
  meters.map(({ window, spent }) => `${spent} in window ${window}`).join(', ')

/** What differs between two states of the meters; undefined if nothing does. */
export const stateDifference = (one: State, other: State): string | undefined => {
  if (one.status !== other.status) return `status ${one.status} and ${other.status}`
  const [left, right] = [metersText(one), metersText(other)]
  return left === right ? undefined : `meters ${left} and ${right}`
}

/** What differs between the definition's decision and the evaluator's; undefined if nothing that matters does. */
export const decisionDifference = (reference: Decision, evaluator: Decision): string | undefined => {
  if (reference.outcome === 'deny' || evaluator.outcome === 'deny')
    return reference.outcome === evaluator.outcome
      ? undefined
      : `the definition says ${outcomeText(reference)}, the evaluator ${outcomeText(evaluator)}`
  const rules = [reference.rules.join(), evaluator.rules.join()] as const
  if (rules[0] !== rules[1]) return `the definition uses rules ${rules[0]}, the evaluator ${rules[1]}`
  const charges = [chargesText(reference), chargesText(evaluator)] as const
  if (charges[0] !== charges[1]) return `the definition charges ${charges[0]}, the evaluator ${charges[1]}`
  const state = stateDifference(reference.state, evaluator.state)
  if (state !== undefined) return `definition and evaluator leave ${state}`
  const { validFrom, validUntil } = reference
  if (validFrom === evaluator.validFrom && validUntil === evaluator.validUntil) return undefined
  return `the definition's interval is [${validFrom}, ${validUntil}), the evaluator's [${evaluator.validFrom}, ${evaluator.validUntil})`
}

/** `allow`, or `deny` with its codes. */
export const outcomeText = (decision: Decision): string =>
  decision.outcome === 'allow' ? 'allow' : `deny (${[...codesOf(decision)].join(', ')})`

/** The codes of a decision's denials. */
export const codesOf = (decision: Decision): Set<DenialCode> =>
  new Set(decision.outcome === 'deny' ? decision.denials.map(({ code }) => code) : [])

/** ERC-4337's validation data: `validAfter6 ‖ validUntil6 ‖ authorizer20`, with the last second that is valid. */
const validationData = ({ validFrom, validUntil }: Allowed, authorizer: bigint): bigint =>
  (BigInt(validFrom) << 208n) | (BigInt(validUntil - 1) << 160n) | authorizer

/** What a module's outcome is, in words. */
export const answerText = (outcome: Outcome): string => {
  if (outcome.success) return `allow (${outcome.returnData})`
  const error = readError(outcome.returnData)
  if (error) return `deny (${error.name}(${error.args.join(', ')}))`
  return `deny (${outcome.error ?? 'failed'} ${outcome.returnData})`
}

const reasonText = ({ code, facts }: DenyReason): string =>
  facts === undefined ? code : `${code}(${facts.map((each) => each ?? '?').join(', ')})`

/** Whether an error is one of the reasons, facts and all, and nothing follows it. */
const isOneOf = (error: ContractError | undefined, data: Hex, reasons: readonly DenyReason[]): boolean => {
  if (error?.code === undefined || data.length !== 10 + 64 * error.args.length) return false
  const facts = error.args.map((each) => String(each).toLowerCase())
  return reasons.some(
    (reason) =>
      reason.code === error.code && (reason.facts ?? []).every((each, index) => each === null || each === facts[index]),
  )
}

/** Whether a call reverted before anything was looked at: the ABI's decoder says nothing, or (`Panic`) that memory does not suffice. */
export const isUnread = ({ success, error, returnData }: Outcome): boolean =>
  !success && error === 'revert' && (returnData === '0x' || returnData.startsWith('0x4e487b71'))

/** What the module must answer to an operation that is allowed. */
export const allowing = (decision: Allowed, path: 'userOp' | 'runtime', signedByKey: boolean): Expectation => {
  const data = validationData(decision, signedByKey ? 0n : 1n)
  const returns: Hex = path === 'runtime' ? '0x' : `0x${data.toString(16).padStart(64, '0')}`
  return { kind: 'allow', returns, state: decision.state }
}

/** What is wrong with the module's answer, storage aside; undefined if nothing is. */
export const outcomeDifference = (outcome: Outcome, expectation: Expectation): string | undefined => {
  const { success, returnData, error } = outcome
  switch (expectation.kind) {
    case 'allow':
      if (!success) return `the definition allows, the module says ${answerText(outcome)}`
      if (returnData === expectation.returns) return undefined
      return `the module returns ${returnData}, expected was ${expectation.returns}`
    case 'success':
      if (!success) return `the module says ${answerText(outcome)} where it should not refuse`
      if (expectation.returns === undefined || returnData === expectation.returns) return undefined
      return `the module returns ${returnData}, expected was ${expectation.returns}`
    case 'deny': {
      if (success) return `the definition denies, the module says ${answerText(outcome)}`
      if (error !== 'revert') return `the module fails (${error ?? 'no error'}) where it should deny`
      const { reasons } = expectation
      if (reasons === undefined || isOneOf(readError(returnData), returnData, reasons)) return undefined
      return `the module says ${answerText(outcome)}, where the reasons are ${reasons.map(reasonText).join('; ')}`
    }
    case 'unread':
      return isUnread(outcome)
        ? undefined
        : `the module says ${answerText(outcome)} to what is no call of its functions`
    case 'same':
      if (success === expectation.success && returnData === expectation.returns) return undefined
      return `the module says ${answerText(outcome)}, and ${expectation.returns} to the same in other bytes`
    case 'coefficient too large':
      if (!success && readError(returnData)?.name === 'CoefficientTooLarge') return undefined
      return `the module says ${answerText(outcome)} where a coefficient is too large`
    case 'invalid grant': {
      const fault = success ? undefined : readError(returnData)
      const [at = 0n] = fault?.name === 'InvalidGrant' ? fault.args.map((each) => Number(each)) : []
      const { places } = expectation
      if (fault?.name === 'InvalidGrant' && places.some(([from, to]) => from <= at && at <= to)) return undefined
      const text = places.map(([from, to]) => `${from} to ${to}`).join(' or ')
      return `the module says ${answerText(outcome)} where the grant is invalid about ${text}`
    }
    case 'failure':
      if (success) return `the module says ${answerText(outcome)} where it should refuse`
      if (error === 'revert' || error === 'out of gas') return undefined
      return `the module fails (${error ?? 'no error'}) where it should refuse`
    default:
      return expectation satisfies never
  }
}
