import { decodeErrorResult, parseAbi } from 'viem'
import type { DenialCode } from '../policy/Denial.js'
import type { Hex } from '../policy/Hex.js'

/** Why a contract refused, in its own words. */
export type ContractError = {
  readonly name: string
  readonly args: readonly unknown[]
  /** The denial of the same name, where the module denied (and did not, say, reject the witness). */
  readonly code?: DenialCode
}

/** The custom errors of the module, of the account for tests and of the EntryPoint, and Solidity's own. */
const errors = parseAbi([
  'error SessionNotActive(bytes32 root)',
  'error NotYetValid(uint256 time, uint256 from)',
  'error Expired(uint256 time, uint256 until)',
  'error MalformedOperation()',
  'error ForbiddenTarget(uint256 callIndex, address target)',
  'error NoRule(uint256 callIndex, address target, bytes4 selector)',
  'error ValueNotAllowed(uint256 callIndex, uint256 value)',
  'error ConditionFailed(uint256 callIndex, uint256 conjunct)',
  'error DeniedByRule(uint256 callIndex, uint256 deny)',
  'error RuleNotYetValid(uint256 callIndex, uint256 from)',
  'error RuleExpired(uint256 callIndex, uint256 until)',
  'error OutsideHours(uint256 callIndex)',
  'error AmountUnreadable(uint256 callIndex)',
  'error PerCallExceeded(uint256 callIndex, uint256 amount, uint256 limit)',
  'error MeterExceeded(uint256 position, uint256 amount, uint256 remaining)',
  'error WindowPassed(uint256 position, uint256 storedWindow)',
  'error FeeExceeded(uint256 amount, uint256 remaining)',
  'error FeeConditionFailed(uint256 conjunct)',
  'error PaymasterNotAllowed()',
  'error InvalidWitness()',
  'error InvalidGrant(uint256 offset)',
  'error GrantForAnother(uint256 chainId, address module, address account, bytes6 tag)',
  'error RootUsed(bytes32 root)',
  'error EntityIdNotInstalled(uint32 entityId)',
  'error EntityIdUsed(uint32 entityId)',
  'error OwnerMissing()',
  'error UnknownFlags(uint8 flags)',
  'error NotTheAccount(address caller)',
  'error NotTheKey(address sender)',
  'error ValueSent(uint256 value)',
  'error NotFromEntryPoint(address sender)',
  'error NotFromEntryPointOrSelf(address sender)',
  'error NotTheOwner(address sender)',
  'error UnsupportedOptions(uint8 options)',
  'error UnsupportedHooks(uint256 count)',
  'error UnsupportedModule(address module)',
  'error EntityIdTaken(uint32 entityId, address module)',
  'error NotInstalled(uint32 entityId)',
  'error UserOpValidationNotAllowed(uint32 entityId)',
  'error SignatureValidationNotAllowed(uint32 entityId)',
  'error SelectorNotAllowed(uint32 entityId, bytes4 selector)',
  'error SelfCallNotAllowed(bytes4 selector)',
  'error MalformedSignature()',
  'error PrefundFailed()',
  'error FailedOp(uint256 opIndex, string reason)',
  'error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
])

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

/** Reads the bytes that a call reverted with; undefined where they are no error known here. */
export function readError(data: Hex): ContractError | undefined {
  try {
    const { errorName, args } = decodeErrorResult({ abi: errors, data })
    const code = codes[errorName]
    return { name: errorName, args: args ?? [], ...(code ? { code } : {}) }
  } catch {
    return undefined
  }
}
