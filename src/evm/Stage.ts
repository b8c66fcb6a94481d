import { concat, encodeFunctionData, hexToBigInt, type LocalAccount } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import { digest } from '../evaluator/index.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { OperationFees } from '../policy/Operation.js'
import { deployEntryPoint, entryPointAddress } from './entryPoint.js'
import { Evm } from './Evm.js'
import { handleOp, type OperationResult } from './handleOps.js'
import { moduleAddress } from './moduleAddress.js'
import { deployModule } from './placeModule.js'
import { ownerSignature, placeTestAccount, userOpSignature } from './testAccount.js'
import { nonceKey, packUserOp, userOpHash, type PackedUserOperation } from './userOp.js'

/** What an operation of either signer needs: the account's calldata, and what it may cost. */
export type Order = { readonly callData: Hex; readonly fees: OperationFees }

/**
 * A chain in memory with everything that a session needs: the real EntryPoint 0.7, the module and its reader of grants at their own addresses, and an account for tests
 * whose owner signs with a key that is here.
 */
export class Stage {
  readonly evm: Evm
  readonly account: Address
  readonly owner: LocalAccount

  private constructor(evm: Evm, account: Address, owner: LocalAccount) {
    this.evm = evm
    this.account = account
    this.owner = owner
  }

  /** The account starts with `balance` wei; `time` is in unix seconds. */
  static async create(options: {
    readonly chainId: number
    readonly account: Address
    readonly owner: LocalAccount
    readonly time: number
    readonly balance: bigint
  }): Promise<Stage> {
    const { chainId, account, owner, time, balance } = options
    const evm = await Evm.create({ chainId, time })
    await deployEntryPoint(evm)
    await deployModule(evm)
    await placeTestAccount(evm, account, lowerCase(owner.address))
    await evm.setBalance(account, balance)
    return new Stage(evm, account, owner)
  }

  /** Sends an operation alone, in a bundle of its own. */
  send(op: PackedUserOperation): Promise<OperationResult> {
    return handleOp(this.evm, op)
  }

  /** An operation that the owner signs. */
  async signedByOwner(order: Order): Promise<PackedUserOperation> {
    const { op, hash } = await this.#unsigned(order, 0)
    const signature = await this.owner.signMessage({ message: { raw: hash } })
    return { ...op, signature: userOpSignature(ownerSignature(signature)) }
  }

  /** An operation that a session key signs, with its witness. */
  async signedByAgent(key: LocalAccount, order: Order, witness: Hex, entityId = 1): Promise<PackedUserOperation> {
    const { op, hash } = await this.#unsigned(order, entityId)
    if (!key.sign) throw new Error('a session key signs digests')
    const signature = await key.sign({ hash: digest({ userOpHash: hash, module: moduleAddress(), entityId, witness }) })
    return { ...op, signature: userOpSignature(concat([witness, signature])) }
  }

  async #unsigned({ callData, fees }: Order, entityId: number): Promise<{ op: PackedUserOperation; hash: Hex }> {
    const nonce = await this.#nextNonce(entityId)
    const op = packUserOp({ sender: this.account, nonce, callData, fees, signature: '0x' })
    if (!op) throw new Error('the fees do not fit into a UserOperation')
    return { op, hash: userOpHash(op, entryPointAddress, this.evm.chainId) }
  }

  async #nextNonce(entityId: number): Promise<bigint> {
    const args = [this.account, nonceKey({ entityId })] as const
    const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'getNonce', args })
    return hexToBigInt((await this.evm.call({ to: entryPointAddress, data, static: true })).returnData)
  }
}

function lowerCase(address: Hex): Address {
  return `0x${address.slice(2).toLowerCase()}`
}
