import { readFileSync } from 'node:fs'
import { concat, decodeErrorResult, decodeFunctionResult, encodeFunctionData, numberToHex, type Abi } from 'viem'
import { sign } from 'viem/accounts'
import { installData } from '../../../src/compiler/calldata.js'
import { Evm, type Outcome } from '../../../src/evm/Evm.js'
import { placeModule } from '../../../src/evm/placeModule.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { OperationFees } from '../../../src/policy/Operation.js'
import { ACCOUNT, KEY, KEY_SECRET, MODULE, OWNER } from './actors.js'
import { bytesOf, digestOf, type Witness } from './witness.js'

const artifact = JSON.parse(
  readFileSync(new URL('../../../contracts/artifacts/WritModule.json', import.meta.url), 'utf8'),
) as { abi: Abi; deployedBytecode: Hex }

export const moduleAbi = artifact.abi
export const moduleCode = artifact.deployedBytecode

/** What became of a call to the module: a value, or the error's name with its arguments. */
export type Answer = {
  readonly value?: unknown
  readonly error?: string
  readonly args?: readonly unknown[]
  readonly outcome: Outcome
}

/** An operation and how it is signed; what is left out is harmless. */
export type Attempt = {
  readonly callData: Hex
  readonly witness: Witness | Hex
  readonly entityId?: number
  readonly fees?: Partial<OperationFees>
  /** The 65 bytes after the witness; left out: the session key's own. */
  readonly signature?: Hex
  readonly account?: Address
  /** What stands before the witness, if anything. */
  readonly activation?: Hex
}

export const USER_OP_HASH: Hex = `0x${'5a'.repeat(32)}`

/** A chain with the module's real bytecode on it, spoken to as an account would. */
export class Chain {
  readonly evm: Evm

  private constructor(evm: Evm) {
    this.evm = evm
  }

  static async create(options: { chainId?: number; time?: number } = {}): Promise<Chain> {
    const evm = await Evm.create({ chainId: options.chainId ?? 8453, time: options.time ?? 1_700_000_000 })
    await placeModule(evm, MODULE, { moduleCode })
    return new Chain(evm)
  }

  /** A call to the module by an account. */
  async ask(functionName: string, args: readonly unknown[], from: Address = ACCOUNT): Promise<Answer> {
    const data = encodeFunctionData({ abi: moduleAbi, functionName, args })
    const outcome = await this.evm.call({ from, to: MODULE, data })
    if (outcome.success)
      return { outcome, value: decodeFunctionResult({ abi: moduleAbi, functionName, data: outcome.returnData }) }
    if (outcome.returnData === '0x') return { outcome, error: outcome.error ?? 'failed' }
    const { errorName, args: facts } = decodeErrorResult({ abi: moduleAbi, data: outcome.returnData })
    return { outcome, error: errorName, args: facts ?? [] }
  }

  install(entityId = 1, account: Address = ACCOUNT, grant: Hex = '0x'): Promise<Answer> {
    const data = installData({ entityId, firstOwner: OWNER, textGrants: true, grant })
    return this.ask('onInstall', [data], account)
  }

  /** Installs and grants; the root. */
  async begin(grant: Hex, account: Address = ACCOUNT): Promise<Hex> {
    await this.install(1, account)
    const { value, error, args } = await this.ask('grant', [grant], account)
    if (error !== undefined) throw new Error(`grant: ${error} ${String(args)}`)
    return value as Hex
  }

  /** What stands before the witness, the witness, and what follows it: the session key's signature, or the given one. */
  async signed({ witness, entityId = 1, signature, activation = '0x' }: Attempt): Promise<Hex> {
    const bytes = typeof witness === 'string' ? witness : bytesOf(witness)
    if (signature !== undefined) return concat([activation, bytes, signature])
    const hash = digestOf(USER_OP_HASH, MODULE, entityId, bytes)
    return concat([activation, bytes, await sign({ hash, privateKey: KEY_SECRET, to: 'hex' })])
  }

  /** validateUserOp by the account. */
  async validate(attempt: Attempt): Promise<Answer> {
    const { callData, entityId = 1, fees = {}, account = ACCOUNT } = attempt
    return this.ask(
      'validateUserOp',
      [
        entityId,
        {
          sender: account,
          nonce: 0n,
          initCode: '0x',
          callData,
          accountGasLimits: pair(fees.verificationGasLimit, fees.callGasLimit),
          preVerificationGas: fees.preVerificationGas ?? 0n,
          gasFees: pair(fees.maxPriorityFeePerGas, fees.maxFeePerGas),
          paymasterAndData: fees.paymasterAndData ?? '0x',
          signature: await this.signed(attempt),
        },
        USER_OP_HASH,
      ],
      account,
    )
  }

  /** validateRuntime by the account. */
  async validateRuntime(attempt: Attempt & { sender?: Address; value?: bigint; from?: Address }): Promise<Answer> {
    const { callData, witness, entityId = 1, sender = KEY, value = 0n, account = ACCOUNT, from = account } = attempt
    const { activation = '0x' } = attempt
    const authorization = concat([activation, typeof witness === 'string' ? witness : bytesOf(witness)])
    return this.ask('validateRuntime', [account, entityId, sender, value, callData, authorization], from)
  }

  /** Status and meters of a session: its first words. */
  async words(root: Hex, count = 2): Promise<readonly bigint[]> {
    const { value } = await this.ask('sessionWords', [ACCOUNT, root, 0n, BigInt(count)])
    return (value as readonly Hex[]).map(BigInt)
  }

  /** The kill tag that grants must name. */
  async tag(account: Address = ACCOUNT): Promise<Hex> {
    const { value } = await this.ask('killWord', [account])
    return numberToHex((value as readonly [number, number])[1], { size: 6 })
  }
}

const pair = (high = 0n, low = 0n): Hex => concat([numberToHex(high, { size: 16 }), numberToHex(low, { size: 16 })])

/** authorizer (0 right signature, 1 wrong), validAfter and validUntil as ERC-4337 packs them. */
export const unpack = (validationData: unknown): { authorizer: bigint; validAfter: number; validUntil: number } => {
  const word = BigInt(String(validationData))
  return {
    authorizer: word & ((1n << 160n) - 1n),
    validUntil: Number((word >> 160n) & 0xffffffffffffn),
    validAfter: Number(word >> 208n),
  }
}
