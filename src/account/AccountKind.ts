import type { ModuleEntity } from '../compiler/calldata.js'
import type { Address, Hex } from '../policy/Hex.js'

/** The layouts of ERC-6900 accounts that are known; `test` is the account for tests of this project. */
export type KindName = 'modular-account-v2' | 'reference' | 'circle' | 'test'

/** The EntryPoints that operations go through, by version. */
export type EntryPointVersion = '0.7' | '0.8'

/** What a hook of another module on the validation asks for: its index among the hooks, and its own data. */
export type HookSegment = { readonly index: number; readonly data: Hex }

/**
 * How accounts of one make lay out nonces, signatures and authorizations. ERC-6900 leaves all three to the account; calldata (`execute`,
 * `executeBatch`, `executeWithRuntimeValidation`, `installValidation`) is the standard's and needs no kind.
 */
export type AccountKind = {
  readonly name: KindName
  /** The EntryPoints that such accounts answer to, the usual one first. */
  readonly entryPoints: readonly [EntryPointVersion, ...EntryPointVersion[]]
  /** The layouts of a validation that is a module. */
  readonly validation: {
    /** The EntryPoint's nonce key, below 2^192. `lane`, below 2^152, tells apart sequences that run beside each other. */
    readonly nonceKey: (entity: ModuleEntity, lane?: bigint) => bigint
    /** A UserOperation's `signature` around what the module checks. */
    readonly userOpSignature: (entity: ModuleEntity, checked: Hex, hooks?: readonly HookSegment[]) => Hex
    /** The `authorization` of `executeWithRuntimeValidation` around what the module is given. */
    readonly authorization: (entity: ModuleEntity, given: Hex, hooks?: readonly HookSegment[]) => Hex
  }
  /** The layouts of the validation by which the account's owner, an address, speaks from the start; absent where it is a module of its own. */
  readonly owner: {
    readonly nonceKey: (lane?: bigint) => bigint
    /** Around `r ‖ s ‖ v` of the owner's `personal_sign` over the UserOperation's hash. */
    readonly userOpSignature: (signature: Hex) => Hex
    /** When the owner's address itself is the sender of the transaction. */
    readonly authorization: () => Hex
  }
  /** How an account comes into being; absent where writ does not know a factory. */
  readonly deployment?: {
    readonly factory: Address
    /** Calldata to the factory; a second time it changes nothing. */
    readonly create: (owner: Address, salt: bigint) => Hex
    /** Calldata to the factory that answers with the account's address. */
    readonly addressOf: (owner: Address, salt: bigint) => Hex
  }
}
