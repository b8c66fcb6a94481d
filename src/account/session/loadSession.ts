import type { ModuleEntity } from '../../compiler/calldata.js'
import { decode } from '../../compiler/decode.js'
import { load, root as rootOf, type Session } from '../../evaluator/index.js'
import type { Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { InvalidWritError } from '../InvalidWritError.js'

/** A compiled writ: grant bytes, or the artifact that `writ compile` prints (its root, where it has one, must be that of its grant). */
export type CompiledWrit = Hex | { readonly grant: string; readonly root?: string }

/** One grant in every reading that an agent needs. */
export type LoadedSession = {
  readonly grant: Hex
  readonly policy: Policy
  /** The same for the evaluator. */
  readonly session: Session
  /** The validation under which the module is installed. */
  readonly entity: ModuleEntity
  /** The word by which the chain knows the session. */
  readonly root: Hex
}

/** Reads a writ strictly: nothing but the one form is accepted. Throws InvalidWritError. */
export function loadSession(writ: CompiledWrit): LoadedSession {
  const text = typeof writ === 'string' ? writ : writ.grant
  if (typeof text !== 'string' || !/^0x(?:[0-9a-f]{2})+$/.test(text))
    throw new InvalidWritError('its grant is not bytes in lower-case hex')
  const grant = text as Hex
  const decoded = decode(grant)
  if (!decoded.ok) throw new InvalidWritError(`${decoded.reason} at byte ${decoded.offset} of the grant`)
  const session = load(grant)
  const root = rootOf(session)
  if (typeof writ !== 'string' && writ.root !== undefined && writ.root !== root)
    throw new InvalidWritError('its root is not that of its grant')
  const { module, entityId } = decoded.binding
  return { grant, policy: decoded.policy, session, entity: { module, entityId }, root }
}
