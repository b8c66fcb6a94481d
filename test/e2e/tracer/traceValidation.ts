import { encodeAbiParameters, encodeFunctionData, parseAbi, size, slice } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { PackedUserOperation } from '../../../src/evm/userOp.js'
import type { Anvil } from '../harness/Anvil.js'
import { collector, type Trace } from './collector.js'
import { judge } from './judge.js'
import type { Violation } from './Violation.js'

/** ERC-7562, constants; the stake is for each chain to set. */
const MIN_UNSTAKE_DELAY = 86_400
const MIN_STAKE_WEI = 10n ** 17n
const MAX_USEROP_SIZE = 8_192
const MAX_VERIFICATION_GAS = 500_000n

/**
 * Names every rule of ERC-7562 that the validation of this operation breaks, traced on the node as a bundler's `handleOps` would run it. Not checked: what needs two validations
 * or a mempool (COD, GREP, SREP, UREP, EREP-010 to 040, AUTH). Rejects where the trace shows no validation.
 */
export async function traceValidation(
  anvil: Anvil,
  op: PackedUserOperation,
  entryPoint: Address,
): Promise<readonly Violation[]> {
  const factory = size(op.initCode) >= 20 ? addressIn(op.initCode) : undefined
  const paymaster = size(op.paymasterAndData) >= 20 ? addressIn(op.paymasterAndData) : undefined
  const entities = [op.sender, factory, paymaster].filter((each) => each !== undefined)
  const staked: Address[] = []
  for (const entity of entities) if (await isStaked(anvil, entryPoint, entity)) staked.push(entity)
  const parties = {
    entryPoint,
    sender: op.sender,
    staked,
    ...(factory && { factory }),
    ...(paymaster && { paymaster }),
  }
  return [...limits(op), ...judge(await collect(anvil, op, entryPoint), parties)]
}

/** Runs the collector over a bundle of this operation alone. */
export async function collect(anvil: Anvil, op: PackedUserOperation, entryPoint: Address): Promise<Trace> {
  const from = anvil.funded(11).address
  const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args: [[op], from] })
  const call = { from, to: entryPoint, data, gas: '0x1c9c380' }
  const params = [call, 'latest', { tracer: collector }]
  return (await anvil.client().request({ method: 'debug_traceCall', params } as never)) as Trace
}

/** What an operation may be before it is run at all [LIM-010, LIM-060]. */
export function limits(op: PackedUserOperation): Violation[] {
  const found: Violation[] = []
  const bytes = size(encodeAbiParameters(operationAbi, [op])) - 32
  const verificationGas = BigInt(slice(op.accountGasLimits, 0, 16))
  const add = (rule: Violation['rule'], what: string) => found.push({ rule, entity: 'account', code: op.sender, what })
  if (bytes > MAX_USEROP_SIZE) add('LIM-010', `${bytes} bytes`)
  if (verificationGas >= MAX_VERIFICATION_GAS) add('LIM-060', `${verificationGas} gas for verification`)
  return found
}

async function isStaked(anvil: Anvil, entryPoint: Address, address: Address): Promise<boolean> {
  const { stake, unstakeDelaySec } = await anvil.client().readContract({
    address: entryPoint,
    abi: parseAbi([
      'struct Info { uint256 deposit; bool staked; uint112 stake; uint32 unstakeDelaySec; uint48 withdrawTime; }',
      'function getDepositInfo(address) view returns (Info)',
    ]),
    functionName: 'getDepositInfo',
    args: [address],
  })
  return stake >= MIN_STAKE_WEI && unstakeDelaySec >= MIN_UNSTAKE_DELAY
}

function addressIn(data: Hex): Address {
  return slice(data, 0, 20).toLowerCase() as Address
}

const operationAbi = [
  {
    type: 'tuple',
    components: [
      { name: 'sender', type: 'address' },
      { name: 'nonce', type: 'uint256' },
      { name: 'initCode', type: 'bytes' },
      { name: 'callData', type: 'bytes' },
      { name: 'accountGasLimits', type: 'bytes32' },
      { name: 'preVerificationGas', type: 'uint256' },
      { name: 'gasFees', type: 'bytes32' },
      { name: 'paymasterAndData', type: 'bytes' },
      { name: 'signature', type: 'bytes' },
    ],
  },
] as const
