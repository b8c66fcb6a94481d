// The package's API: a text becomes a Policy, a Policy becomes bytes, an explanation, a decision, and a report of the gate.
// Agents import `writ/evaluator` instead: it is small and has no dependency.
export type { AbiType, ArrayType, DynamicBytesType, Parameter, TupleType, ValueType } from './policy/AbiType.js'
export type { AllowedAction, CommandAction, DeniedAction, FunctionAction, SendAction } from './policy/Action.js'
export type { Binding } from './policy/Binding.js'
export type { Collection, Countable } from './policy/Collection.js'
export type {
  BytesComparison,
  Comparison,
  ComparisonOperator,
  Condition,
  Membership,
  NowBound,
  Quantified,
  Scale,
  Sum,
  Term,
} from './policy/Condition.js'
export type { Allowed, Decision, Denied } from './policy/Decision.js'
export type { Denial, DenialCode } from './policy/Denial.js'
export type { Fees } from './policy/Fees.js'
export type { Address, Hex } from './policy/Hex.js'
export type { Meter, Window } from './policy/Meter.js'
export type { Nested } from './policy/Nested.js'
export type {
  Argument,
  Constant,
  Element,
  EnvironmentName,
  Length,
  Masked,
  Operand,
  PackedElement,
  Slice,
  Total,
} from './policy/Operand.js'
export type { Call, Operation, OperationFees } from './policy/Operation.js'
export type { ByteRange, Bytes, PathStep, Place } from './policy/Place.js'
export type { Policy } from './policy/Policy.js'
export type { AllowRule, Charge, DenyRule, Hours, Rule, RuleTime } from './policy/Rule.js'
export type { MeterState, State } from './policy/State.js'
export type { Asset, Decimal, Token } from './policy/Units.js'
export type { Diagnostic, Span } from './diagnostic/Diagnostic.js'
export { render } from './diagnostic/render.js'
export { parse, type Parsed } from './dsl/parse.js'
export { format } from './dsl/format.js'
export type { CheckOptions, CheckResult, HeaderField } from './dsl/check.js'
export { checkWrit } from './actions/checkWrit.js'
export { encode } from './compiler/encode.js'
export { decode, type Decoded } from './compiler/decode.js'
export { encodable } from './compiler/encodable.js'
export { deviceText, deviceTextOf, displayable, type DeviceText } from './compiler/device/deviceText.js'
export { killText, type Kill } from './compiler/device/killText.js'
export { activation, setActivationAside, type Activation } from './compiler/activation.js'
export { rootOf } from './compiler/root.js'
export { canonical } from './compiler/canonical.js'
export * as calldata from './compiler/calldata.js'
export { decide as decideByDefinition } from './semantics/decide.js'
export { explain, explainDecision, worstCases, type WorstCase } from './explain/index.js'
export { contractArtifact, type ContractArtifact } from './evm/artifacts.js'
export { moduleAddress, printerAddress, readerAddress } from './evm/moduleAddress.js'
export { executeCalldata } from './evm/accountCalldata.js'
export { activationRoute, type ActivationRoute } from './verify/activationRoute.js'
export { reportText, verify, type Report, type VerifyOptions } from './verify/index.js'
