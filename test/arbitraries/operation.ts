import type * as fc from 'fast-check'
import { encodeFunctionData, parseAbi } from 'viem'
import type { Binding } from '../../src/policy/Binding.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Call, Operation, OperationFees } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'
import { buildAddress } from './address.js'
import { corrupt } from './corrupt.js'
import { buildDraft, pickRule } from './buildDraft.js'
import { draftedCall, draftOf } from './draft.js'
import { buildMoment, buildMoments } from './moment.js'
import { satisfyAll } from './solve.js'
import { arbitrary, type Size, type Source } from './Source.js'

/** An operation and the moment of its decision, unix seconds. */
export type Step = { readonly now: number; readonly operation: Operation }

const SIZE: Size = { choices: 300, rules: 0, depth: 0 }

const accountAbi = parseAbi([
  'function execute(address target, uint256 value, bytes data)',
  'function executeBatch((address target, uint256 value, bytes data)[] calls)',
])

/**
 * Operations that the policy at hand is about: calls of its rules' functions with arguments near the constants of their conditions, amounts near
 * the limits of their meters, gas near the fee budget; about half of them unharmed, the others with one thing wrong.
 */
export function operationFor(policy: Policy, now: number = policy.from, binding?: Binding): fc.Arbitrary<Operation> {
  return arbitrary(SIZE, (source) => buildOperation(source, policy, now, binding))
}

/** An operation at a moment that matters to the policy. */
export function stepFor(policy: Policy, binding?: Binding): fc.Arbitrary<Step> {
  return arbitrary(SIZE, (source) => {
    const now = buildMoment(source, policy)
    return { now, operation: buildOperation(source, policy, now, binding) }
  })
}

/** Operations one after the other, time standing still or moving forward; together they come to the meters' limits. */
export function stepsFor(policy: Policy, count = 6, binding?: Binding): fc.Arbitrary<Step[]> {
  return arbitrary({ ...SIZE, choices: SIZE.choices * count }, (source) =>
    buildMoments(source, policy, count).map((now) => ({
      now,
      operation: buildOperation(source, policy, now, binding),
    })),
  )
}

/** An operation from a source of choices. */
export function buildOperation(source: Source, policy: Policy, now: number, binding?: Binding): Operation {
  const fees = source.chance(80) ? buildFees(source, policy, now) : undefined
  const count = source.pick([1, 1, 1, 1, 1, 2, 2, 3])
  const calls = Array.from({ length: count }, () => buildCall(source, policy, now, fees))
  const harmed = source.chance(40) ? harm(source, calls, policy, binding) : calls
  let callData = encodeCalls(harmed, source.chance(10))
  if (source.chance(8)) callData = corrupt(source, callData)
  if (source.chance(15)) callData = `0x8dd7712f${callData.slice(2)}`
  if (source.chance(2)) callData = `0x8dd7712f${callData.slice(2)}`
  return fees ? { callData, fees } : { callData }
}

/** A call of one of the policy's rules, made to fit it. */
export function buildCall(source: Source, policy: Policy, now: number, fees?: OperationFees): Call {
  const { to, value, data } = draftedCall(buildDraft(source, pickRule(source, policy.rules), { policy, now, fees }))
  return { to, value, data }
}

/** `execute` for one call and `executeBatch` otherwise; a single call may be a batch too. */
export function encodeCalls(calls: readonly Call[], asBatch = false): Hex {
  const [only] = calls
  if (only && calls.length === 1 && !asBatch)
    return encodeFunctionData({ abi: accountAbi, functionName: 'execute', args: [only.to, only.value, only.data] })
  const batch = calls.map(({ to, value, data }) => ({ target: to, value, data }))
  return encodeFunctionData({ abi: accountAbi, functionName: 'executeBatch', args: [batch] })
}

function buildFees(source: Source, policy: Policy, now: number): OperationFees {
  const { paidBy, where } = policy.fees
  const limit = ('meter' in paidBy ? policy.meters[paidBy.meter]?.limit : undefined) ?? 10n ** 16n
  const charge = source.pick([0n, 0n, limit / 10n, limit / 10n, limit / 3n, limit, limit + 1n])
  const price = source.pick([1n, 7n, 10n ** 9n])
  const gas = charge / price
  const callGasLimit = gas < 2n ** 128n ? gas : 2n ** 128n - 1n
  const fees: OperationFees = {
    callGasLimit,
    verificationGasLimit: 0n,
    preVerificationGas: gas - callGasLimit + (charge % price),
    maxFeePerGas: price,
    maxPriorityFeePerGas: source.pick([0n, 1n, price]),
    paymasterAndData: buildPaymaster(source, policy),
  }
  const draft = draftOf({ policy, now, to: policy.key, action: { kind: 'send' }, values: [], fees })
  satisfyAll(source, draft, where)
  const made = draft.fees ?? fees
  switch (source.below(40)) {
    case 39:
      return { ...made, maxFeePerGas: 2n ** 128n - 1n }
    case 38:
      return { ...made, preVerificationGas: 2n ** 256n - 1n }
    case 37:
      return { ...made, verificationGasLimit: 2n ** 128n }
    default:
      return made
  }
}

function buildPaymaster(source: Source, { fees: { paidBy } }: Policy): Hex {
  const sponsor = 'by' in paidBy ? paidBy.by : buildAddress(source)
  const fitting: Hex =
    paidBy.kind === 'sponsored' || (paidBy.kind === 'budget or sponsored' && source.chance(50))
      ? `${sponsor}${'00'.repeat(32)}`
      : '0x'
  if (source.chance(85)) return fitting
  return source.pick<Hex>([
    '0x',
    sponsor,
    `0x${'00'.repeat(52)}`,
    `${sponsor}ff`,
    `${sponsor.slice(0, -2) as Hex}`,
    `${buildAddress(source)}${'00'.repeat(32)}`,
    `0x${sponsor.slice(2).toUpperCase()}`,
  ])
}

function harm(source: Source, calls: readonly Call[], policy: Policy, binding?: Binding): Call[] {
  const victim = source.below(calls.length)
  return calls.map((call, index) => (index === victim ? harmCall(source, call, policy, binding) : call))
}

function harmCall(source: Source, call: Call, policy: Policy, binding?: Binding): Call {
  const forbidden: Address[] = [
    policy.account,
    binding?.module ?? policy.account,
    '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
    '0x0000000071727de22e5e9d8baf0edac6f37da032',
    '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
    '0x433709009b8330fda32311df1c2afa402ed8d009',
  ]
  switch (source.below(10)) {
    case 0:
      return { ...call, to: source.pick(forbidden) }
    case 1:
      return { ...call, to: source.chance(50) ? buildAddress(source) : source.pick(policy.rules).target }
    case 2:
      return { ...call, value: source.pick([call.value + 1n, 1n, 2n ** 256n - 1n]) % 2n ** 256n }
    case 3:
      return { ...call, data: source.pick<Hex>(['0x', '0x00', '0xa9059c', '0xa9059cbb']) }
    default:
      return { ...call, data: corrupt(source, call.data) }
  }
}
