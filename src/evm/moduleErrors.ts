import { decodeErrorResult, parseAbi, toFunctionSelector, type Abi } from 'viem'
import type { DenialCode } from '../policy/Denial.js'
import type { Hex } from '../policy/Hex.js'
import { contractArtifact } from './artifacts.js'

/** Why a contract refused, in its own words. */
export type ContractError = {
  readonly name: string
  readonly args: readonly unknown[]
  /** The denial of the same name, where the module denied (and did not, say, reject the witness). */
  readonly code?: DenialCode
}

const codes: Readonly<Record<string, DenialCode>> = {
  SessionNotActive: 'session-not-active',
  NotYetValid: 'not-yet-valid',
  Expired: 'expired',
  MalformedOperation: 'malformed-operation',
  ForbiddenTarget: 'forbidden-target',
  NoRule: 'no-rule',
  ValueNotAllowed: 'value-not-allowed',
  ConditionFailed: 'condition-failed',
  DeniedByRule: 'denied-by-rule',
  NestedCallDenied: 'nested-call-denied',
  RuleNotYetValid: 'rule-not-yet-valid',
  RuleExpired: 'rule-expired',
  OutsideHours: 'outside-hours',
  AmountUnreadable: 'amount-unreadable',
  PerCallExceeded: 'per-call-exceeded',
  MeterExceeded: 'meter-exceeded',
  WindowPassed: 'window-passed',
  FeeExceeded: 'fee-exceeded',
  FeeConditionFailed: 'fee-condition-failed',
  PaymasterNotAllowed: 'paymaster-not-allowed',
} satisfies Record<string, DenialCode>

/** Reads the bytes that a call reverted with; undefined where they are no error of the module, the account for tests or the EntryPoint. */
export function readError(data: Hex): ContractError | undefined {
  known ??= errorsBySelector()
  const error = known.get(data.slice(0, 10))
  if (!error) return undefined
  try {
    const { errorName, args } = decodeErrorResult({ abi: [error], data })
    const code = codes[errorName]
    return { name: errorName, args: Array.isArray(args) ? args : [], ...(code ? { code } : {}) }
  } catch {
    return undefined
  }
}

type AbiError = Extract<Abi[number], { type: 'error' }>

let known: Map<string, AbiError> | undefined

function errorsBySelector(): Map<string, AbiError> {
  const abis = [contractArtifact('WritModule').abi, contractArtifact('TestAccount').abi, entryPointErrors]
  const errors = abis.flat().filter((item): item is AbiError => item.type === 'error')
  return new Map(errors.map((error) => [toFunctionSelector(toSignature(error)), error]))
}

const entryPointErrors = parseAbi([
  'error FailedOp(uint256 opIndex, string reason)',
  'error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
])

function toSignature({ name, inputs }: AbiError): string {
  return `${name}(${inputs.map(({ type }) => type).join(',')})`
}
