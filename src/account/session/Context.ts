import type { Account, Chain, Client, LocalAccount, NonceManager, Transport } from 'viem'
import type { Address } from '../../policy/Hex.js'
import type { AccountKind, EntryPointVersion, HookSegment } from '../AccountKind.js'
import type { entryPoints } from '../entryPoints.js'
import type { Reservations } from '../Reservations.js'
import type { CarriedActivation } from './CarriedActivation.js'
import type { Lanes } from './Lanes.js'
import type { LoadedSession } from './loadSession.js'
import type { Snapshot } from './Snapshot.js'

/** A viem client of the chain, with or without an account of its own. */
export type ChainClient = Client<Transport, Chain | undefined, Account | undefined>

/** Other modules' hooks on the validation of the session, where the account has such. */
export type SessionHooks = {
  /** The account runs execution hooks for this validation: operations then go through `executeUserOp`. */
  readonly execution?: boolean
  /** What each validation hook is given. */
  readonly segments?: readonly HookSegment[]
}

/** What to do where the interval that allows an operation is about to end: wait for the next one, sign for it at once, or refuse. */
export type WhenEnding = 'wait' | 'next' | 'refuse'

/** One session at work: what its parts share. */
export type Context = LoadedSession & {
  readonly client: ChainClient
  readonly address: Address
  readonly key: LocalAccount & { readonly sign: NonNullable<LocalAccount['sign']> }
  /** Of the key's plain transactions. */
  readonly nonces: NonceManager
  readonly kind: AccountKind
  readonly entryPoint: (typeof entryPoints)[EntryPointVersion]
  readonly hooks: SessionHooks
  readonly leastSeconds: number
  readonly whenEnding: WhenEnding
  readonly reservations: Reservations
  readonly lanes: Lanes
  /** The owner's signed text, where it is at hand. */
  readonly activation: CarriedActivation | undefined
  /** The chain as it is, with the sequences of all nonce keys that matter and of these. */
  readonly read: (nonceKeys?: readonly bigint[]) => Promise<Snapshot>
  /** What reads the chain and reserves by it runs alone. */
  readonly exclusive: <Result>(task: () => Promise<Result>) => Promise<Result>
}
