import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import { Account, bytesToHex, type Address } from '@ethereumjs/util'
import { codeHashOf } from './codes.js'

const noBytes = new Uint8Array(0)

/** A point in the log of changes. */
export type Mark = { readonly length: number; readonly last: (() => void) | undefined }

/**
 * The chain's state in three flat maps and one log of how to undo each change, so that a checkpoint costs nothing and a
 * revert costs what was changed. There is no trie: state roots do not exist here and asking for one is a bug.
 */
export class MemoryState implements StateManagerInterface {
  /** What each slot held before the transaction, for the gas of SSTORE; the interpreter asks before it first writes a slot. */
  readonly originalStorageCache = {
    get: async (address: Address, key: Uint8Array): Promise<Uint8Array> => {
      const name = slotName(address, key)
      const known = this.#originals.get(name)
      if (known) return known
      const value = this.#slot(address, key)
      this.#originals.set(name, value)
      return value
    },
    clear: (): void => this.#originals.clear(),
  }
  readonly #accounts = new Map<string, Account>()
  readonly #codes = new Map<string, Uint8Array>()
  readonly #storage = new Map<string, Uint8Array>()
  readonly #originals = new Map<string, Uint8Array>()
  readonly #undo: (() => void)[] = []
  readonly #checkpoints: Mark[] = []

  /** The present point in the log, for `undoTo`. */
  mark(): Mark {
    return { length: this.#undo.length, last: this.#undo.at(-1) }
  }

  /** Undoes every change made since the mark was taken; false, and nothing is done, if an earlier mark was restored since. */
  undoTo(mark: Mark): boolean {
    if (mark.length > this.#undo.length || this.#undo[mark.length - 1] !== mark.last) return false
    while (this.#undo.length > mark.length) this.#undo.pop()?.()
    return true
  }

  /** A copy: the interpreter changes what it gets in place. */
  async getAccount(address: Address): Promise<Account | undefined> {
    const account = this.#accounts.get(address.toString())
    return account && copyOf(account)
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    this.#set(this.#accounts, address.toString(), account && copyOf(account))
  }

  async deleteAccount(address: Address): Promise<void> {
    this.#set(this.#accounts, address.toString(), undefined)
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = (await this.getAccount(address)) ?? new Account()
    account.nonce = fields.nonce ?? account.nonce
    account.balance = fields.balance ?? account.balance
    account.codeHash = fields.codeHash ?? account.codeHash
    await this.putAccount(address, account)
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    this.#set(this.#codes, address.toString(), code)
    await this.modifyAccountFields(address, { codeHash: codeHashOf(code) })
  }

  /** Always the same array for the same code: the interpreter's analysis of jumps is remembered by it. */
  async getCode(address: Address): Promise<Uint8Array> {
    return this.#codes.get(address.toString()) ?? noBytes
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return this.#slot(address, key)
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.#set(this.#storage, slotName(address, key), value)
  }

  async clearStorage(address: Address): Promise<void> {
    const prefix = `${address.toString()}/`
    for (const name of [...this.#storage.keys()]) if (name.startsWith(prefix)) this.#set(this.#storage, name, undefined)
  }

  async checkpoint(): Promise<void> {
    this.#checkpoints.push(this.mark())
  }

  async commit(): Promise<void> {
    this.#checkpoints.pop()
  }

  async revert(): Promise<void> {
    const mark = this.#checkpoints.pop()
    if (mark === undefined) throw new Error('revert without a checkpoint')
    this.undoTo(mark)
  }

  clearCaches(): void {
    this.originalStorageCache.clear()
  }

  async getStateRoot(): Promise<Uint8Array> {
    throw new Error('this state has no root')
  }

  async setStateRoot(): Promise<void> {
    throw new Error('this state has no root')
  }

  async hasStateRoot(): Promise<boolean> {
    return false
  }

  shallowCopy(): StateManagerInterface {
    throw new Error('this state is not copied: restore a mark instead')
  }

  #slot(address: Address, key: Uint8Array): Uint8Array {
    return this.#storage.get(slotName(address, key)) ?? noBytes
  }

  #set<V>(map: Map<string, V>, key: string, value: V | undefined): void {
    const before = map.get(key)
    this.#undo.push(() => put(map, key, before))
    put(map, key, value)
  }
}

function put<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

function copyOf({ nonce, balance, storageRoot, codeHash }: Account): Account {
  return new Account(nonce, balance, storageRoot, codeHash)
}

function slotName(address: Address, key: Uint8Array): string {
  return `${address.toString()}/${bytesToHex(key)}`
}
