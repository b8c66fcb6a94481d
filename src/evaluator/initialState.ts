import type { State } from '../policy/State.js'
import type { Session } from './Session.js'

/** The state right after the grant: active, and nothing was counted yet. */
export const initialState = ({ internal: { meters } }: Session): State => ({
  status: 'active',
  meters: meters.map(({ looksBack }) =>
    looksBack > 0
      ? { window: 0, spent: 0n, past: Array.from({ length: looksBack }, () => 0n) }
      : { window: 0, spent: 0n },
  ),
})
