import type { State } from '../policy/State.js'
import type { Session } from './Session.js'

/** The state right after the grant: active, and nothing was counted yet. */
export const initialState = ({ meters }: Session): State => ({
  status: 'active',
  meters: meters.map(() => ({ window: 0, spent: 0n })),
})
