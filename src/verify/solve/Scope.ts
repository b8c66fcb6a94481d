import type { EnvironmentName, PathStep } from '../../policy/Operand.js'
import type { Operand } from '../../policy/Operand.js'
import type { Policy } from '../../policy/Policy.js'
import type { Asset } from '../../policy/Units.js'
import type { Value } from '../calldata/Value.js'
import type { Variable } from './Variable.js'

/** The gas fields that a case may choose. */
export type FeeVariables = Readonly<
  Record<
    'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas' | 'maxFeePerGas' | 'maxPriorityFeePerGas',
    Variable
  >
>

/** What operands can be read from: one call's arguments and value, and the operation's fields. */
export type Scope = {
  readonly policy: Policy
  readonly now: number
  /** The arguments as one tuple; absent for the fees line, and for calls without arguments. */
  readonly args?: Value
  readonly callValue?: Variable
  /** Absent on the runtime path. */
  readonly fees?: FeeVariables
}

const environment = (name: EnvironmentName, scope: Scope): Variable | bigint | undefined => {
  switch (name) {
    case 'call.value':
      return scope.callValue
    case 'session.account':
      return BigInt(scope.policy.account)
    case 'session.key':
      return BigInt(scope.policy.key)
    case 'op.callGasLimit':
      return scope.fees?.callGasLimit
    case 'op.verificationGasLimit':
      return scope.fees?.verificationGasLimit
    case 'op.preVerificationGas':
      return scope.fees?.preVerificationGas
    case 'op.maxFeePerGas':
      return scope.fees?.maxFeePerGas
    case 'op.maxPriorityFeePerGas':
      return scope.fees?.maxPriorityFeePerGas
    default:
      return name satisfies never
  }
}

const step = (value: Value | undefined, { kind, ...rest }: PathStep): Value | undefined => {
  const members = value?.kind === 'tuple' ? value.components : value?.kind === 'array' ? value.elements : []
  return kind === 'last' ? members.at(-1) : members['index' in rest ? rest.index : 0]
}

/** The variable or the constant that an operand is here; undefined is a fault. */
export const resolve = (operand: Operand, scope: Scope): Variable | bigint | undefined => {
  switch (operand.kind) {
    case 'constant':
      return BigInt(operand.constant.value)
    case 'argument': {
      const word = operand.path.reduce<Value | undefined>(step, scope.args)
      return word?.kind === 'word' ? word.variable : undefined
    }
    case 'environment':
      return environment(operand.name, scope)
    default:
      return operand satisfies never
  }
}

/** Decimals that amounts of the asset are stated in; 0 for plain base units. */
export const decimalsOf = (asset: Asset, policy: Policy): number => {
  if (asset === 'ETH') return 18
  const decimals = policy.tokens.find((token) => token.address === asset)?.decimals
  return decimals === undefined || decimals === 'base units' ? 0 : decimals
}
