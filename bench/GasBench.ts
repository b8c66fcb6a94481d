import { privateKeyToAccount } from 'viem/accounts'
import { zeroHash } from 'viem'
import * as calldata from '../src/compiler/calldata.js'
import { encode } from '../src/compiler/encode.js'
import { rootOf } from '../src/compiler/root.js'
import { load, witness, type Session } from '../src/evaluator/index.js'
import { executeCalldata, runtimeCalldata } from '../src/evm/accountCalldata.js'
import { contractArtifact } from '../src/evm/artifacts.js'
import { entryPointAddress } from '../src/evm/entryPoint.js'
import { handleOpsCalldata } from '../src/evm/handleOps.js'
import { moduleAddress } from '../src/evm/moduleAddress.js'
import { slotOf } from '../src/evm/sessionStorage.js'
import { Stage } from '../src/evm/Stage.js'
import { authorization } from '../src/evm/testAccount.js'
import { placeTestToken } from '../src/evm/testToken.js'
import { transactionGas, type TransactionGas } from '../src/evm/transactionGas.js'
import type { PackedUserOperation } from '../src/evm/userOp.js'
import type { Address, Hex } from '../src/policy/Hex.js'
import type { Call } from '../src/policy/Operation.js'
import type { Policy } from '../src/policy/Policy.js'
import { account, approval, person, router, transfer, usdc, weth } from './gasPolicies.js'

const owner = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const key = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const ownerAddress: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const

/** Operations before the one that counts: then nothing is new, and the window is the same. */
const warmUps = 2

/** One policy in force on a stage of its own, where operations are measured. */
export class GasBench {
  readonly grant: Hex
  readonly #session: Session
  #price = 1_000_000_000n

  private constructor(
    private readonly stage: Stage,
    policy: Policy,
  ) {
    this.grant = encode(policy, binding)
    this.#session = load(this.grant)
  }

  /** `place`: the session's word is written instead of granted, for grants that no single transaction can carry. */
  static async open(policy: Policy, place = false): Promise<GasBench> {
    const time = policy.from + 3600
    const stage = await Stage.create({ chainId: policy.chainId, account, owner, time, balance: 10n ** 20n })
    const bench = new GasBench(stage, policy)
    const { evm } = stage
    await placeTestToken(evm, { symbol: 'USDC', address: usdc, decimals: 6 }, account, 10n ** 15n)
    await placeTestToken(evm, { symbol: 'WETH', address: weth, decimals: 18 }, router, 10n ** 24n)
    await evm.setCode(router, contractArtifact('TestRouter').deployedBytecode)
    // Whoever gets something has some already, so that no operation pays for a new slot or a new account.
    await evm.setBalance(person(0), 1n)
    for (const call of [approval, ...[0, 1, 2, 3, 4].map(transfer)]) await bench.#as(account, call.to, call.data)
    await bench.#as(entryPointAddress, account, bench.installCalldata)
    if (place) await evm.setStorage(binding.module, slotOf({ account, root: rootOf(bench.grant) }, 0), active)
    else await bench.#as(account, binding.module, calldata.grant(bench.grant))
    return bench
  }

  get installCalldata(): Hex {
    const install = { entityId: binding.entityId, firstOwner: ownerAddress, textGrants: true }
    return calldata.installValidation(binding.module, install)
  }

  /** Bytes of the witness for one call by this rule. */
  witness(rules: readonly number[]): Hex {
    return witness(this.#session, { time: this.stage.evm.time, rules })
  }

  /** What the owner pays for these calls. */
  asOwner(calls: readonly Call[]): Promise<TransactionGas> {
    return this.#third((order) => this.stage.signedByOwner(order), calls)
  }

  /** What the session key pays for the same. */
  asSession(calls: readonly Call[], rules: readonly number[]): Promise<TransactionGas> {
    return this.#third((order) => this.stage.signedByAgent(key, order, this.witness(rules)), calls)
  }

  async #third(
    sign: (order: Parameters<Stage['signedByOwner']>[0]) => Promise<PackedUserOperation>,
    calls: readonly Call[],
  ): Promise<TransactionGas> {
    const { evm } = this.stage
    const before = evm.snapshot()
    let last: TransactionGas | undefined
    for (let round = 0; round <= warmUps; round++) {
      // The price rises each time: operations of one cost restore the EntryPoint's deposit slot, and earn a refund that nobody gets in earnest.
      this.#price += 1_234_567n
      const op = await sign({ callData: executeCalldata(calls), fees: this.#fees })
      const result = await this.stage.send(op)
      if (result.kind === 'refused') throw new Error(`refused: ${result.error?.name ?? result.reason}`)
      if (!result.success) throw new Error('the calls failed')
      last = transactionGas(handleOpsCalldata(op), result.transaction)
    }
    evm.revert(before)
    if (!last) throw new Error('nothing was measured')
    return last
  }

  get #fees() {
    const limits = { callGasLimit: 400_000n, verificationGasLimit: 200_000n, preVerificationGas: 60_000n }
    return { ...limits, maxFeePerGas: this.#price, maxPriorityFeePerGas: this.#price, paymasterAndData: '0x' } as const
  }

  async #as(from: Address, to: Address, data: Hex): Promise<void> {
    const { success, error } = await this.stage.evm.call({ from, to, data, gas: 10n ** 9n })
    if (!success) throw new Error(`setting the stage failed: ${error}`)
  }
}

/** What the owner pays, in a transaction of his own to the account, for each order of a session's life. */
export async function lifeOf(
  policy: Policy,
): Promise<Record<'install' | 'grant' | 'revokeAll' | 'revokeAgain', TransactionGas>> {
  const time = policy.from + 3600
  const stage = await Stage.create({ chainId: policy.chainId, account, owner, time, balance: 10n ** 18n })
  const bench = await GasBench.open(policy)
  const direct = async (callData: Hex): Promise<TransactionGas> => {
    const data = runtimeCalldata(callData, authorization(0, '0x'))
    const outcome = await stage.evm.call({ from: ownerAddress, to: account, data })
    if (!outcome.success) throw new Error(`the owner's order failed: ${outcome.error}`)
    return transactionGas(data, outcome)
  }
  const toModule = (data: Hex) => executeCalldata([{ to: binding.module, value: 0n, data }])
  return {
    install: await direct(bench.installCalldata),
    grant: await direct(toModule(calldata.grant(bench.grant))),
    revokeAll: await direct(toModule(calldata.revokeAll())),
    revokeAgain: await direct(toModule(calldata.revokeAll())),
  }
}

/** Status active, nothing counted. */
const active: Hex = `0x4${zeroHash.slice(3)}`
