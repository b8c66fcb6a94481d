import type { Abi, Client, LocalAccount } from 'viem'
import type { SmartAccount, SmartAccountImplementation } from 'viem/account-abstraction'
import type { Decision, Remaining } from '../../evaluator/index.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { OperationFees } from '../../policy/Operation.js'
import type { AccountKind, EntryPointVersion, KindName } from '../AccountKind.js'
import type { Call } from './calls.js'
import type { ChainClient, SessionHooks, WhenEnding } from './Context.js'
import type { SignedText } from './CarriedActivation.js'
import type { CompiledWrit } from './loadSession.js'
import type { Clock } from './readSnapshot.js'
import type { SentDirectly } from './sendDirect.js'
import type { SendPatience, SendRequest, SentOperation } from './sendOperation.js'
import type { TightFees } from './tightFees.js'

/** What a session account is made of. */
export type SessionAccountParameters = {
  /** Reads the chain; sends the transactions of `sendDirect`. */
  readonly client: ChainClient
  /** The smart account's address; any case. */
  readonly address: Address
  /** The session key, held by this program. */
  readonly key: LocalAccount
  /** What `writ compile` made, granted on the chain or about to be. */
  readonly writ: CompiledWrit
  /**
   * The first owner's signature of the writ's text. While the session is not in force, operations carry it, and the first that is included puts it into force; no
   * transaction of anybody is needed before. Left out: the session is in force, or will be by somebody else's act.
   */
  readonly activation?: SignedText
  /** How the account lays out nonces and signatures. */
  readonly kind: AccountKind | KindName
  /** The usual one of the kind where it is left out. */
  readonly entryPoint?: EntryPointVersion
  readonly hooks?: SessionHooks
  /** How many operations may be in flight beside each other, each with a nonce key of its own; 4 (ERC-7562's limit for a sender without stake) where it is left out. */
  readonly lanes?: number
  /** An operation whose interval lasts less than so many seconds more is not sent into it; 45 where it is left out (bundlers refuse below 30 or so). */
  readonly leastSeconds?: number
  /** `wait` where it is left out. */
  readonly whenEnding?: WhenEnding
  /** The chain's present; its latest block's time where it is left out. */
  readonly now?: Clock
  /** Gas on top of what an estimate found, in percent; 5 where it is left out. The fee budget pays for it whether it is used or not. */
  readonly gasMarginPercent?: number
}

/** What a session account can besides what every SmartAccount of viem can. */
export type SessionExtras = {
  /** Decides on calls at the chain's present, with everything in flight counted and gas at no cost, unless gas fields are given. Signs nothing. */
  readonly decide: (calls: readonly Call[], fees?: OperationFees) => Promise<Decision>
  /** How every meter stands at the chain's present, with everything in flight counted. */
  readonly remaining: () => Promise<readonly Remaining[]>
  /** Unix seconds: the earliest moment from the chain's present on at which the calls would be allowed if nothing else were charged; undefined where there is none. */
  readonly nextAllowedAt: (calls: readonly Call[], fees?: OperationFees) => Promise<number | undefined>
  /**
   * Sends an operation through a bundler client and resolves when the chain has it: signed anew, with the same nonce, whenever its window passes first.
   */
  readonly send: (bundler: Client, request: SendRequest, patience?: SendPatience) => Promise<SentOperation>
  /** Makes the calls by a plain transaction of the key, without a bundler; resolves when it is included. */
  readonly sendDirect: (calls: readonly Call[]) => Promise<SentDirectly>
  /** Says that an operation which was signed will not be sent, so that it counts no more; whoever has it may send it all the same. */
  readonly release: (userOpHash: Hex) => void
  /** For `createBundlerClient({ userOperation: { estimateFeesPerGas } })`: fees that will do for the next blocks, and no more. */
  readonly estimateFeesPerGas: () => Promise<TightFees>
  /** When the operation that was signed with this hash can be included last, exclusive, unix seconds; undefined where none was, or it is known to be over. */
  readonly validUntil: (userOpHash: Hex) => number | undefined
}

/** A viem SmartAccount that signs what its writ allows and nothing else. */
export type SessionAccount = SmartAccount<SmartAccountImplementation<Abi, EntryPointVersion, SessionExtras, false>>
