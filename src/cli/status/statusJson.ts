import { canonical } from '../../compiler/canonical.js'
import { load, remaining } from '../../evaluator/index.js'
import type { ChainSession, FoundSessions } from '../../account/readers/findSessions.js'
import type { Place } from '../../account/readers/findEvents.js'
import { chargersOf } from './meterText.js'

/** A session for programs: amounts are decimal texts in base units, times unix seconds. */
export const sessionJson = (
  { root, grant, policy, binding, state, life, grantedAt, endedAt }: ChainSession,
  present: number,
) => ({
  root,
  life,
  key: policy.key,
  entityId: binding.entityId,
  tag: binding.tag,
  from: policy.from,
  until: policy.until,
  grantedAt: placeJson(grantedAt),
  ...(endedAt && { endedAt: placeJson(endedAt) }),
  meters: remaining(load(grant), state, present).map((standing) => {
    const { counts, limit, spent, remaining: left, windowStart, windowEnd } = standing
    const token = policy.tokens.find(({ address }) => address === counts)
    return {
      counts,
      ...(token && { symbol: token.symbol, decimals: token.decimals }),
      limit: String(limit),
      spent: String(spent),
      // Nothing is left of what can be charged no more.
      remaining: life === 'live' || life === 'not-yet' ? String(left) : '0',
      window: policy.meters[standing.meter]?.window,
      windowStart,
      windowEnd,
      ...chargersOf(policy, standing.meter),
    }
  }),
  canonical: canonical(policy),
  grant,
})

/** What stands beside the sessions. */
export const restJson = ({ account, unreadable, tombstones, fromBlock, block }: FoundSessions) => ({
  fromBlock: String(fromBlock),
  block: { number: String(block.number), time: block.time },
  killedAt: account.killedAt,
  tag: account.tag,
  unreadable: unreadable.map(({ grantedAt, ...one }) => ({ ...one, grantedAt: placeJson(grantedAt) })),
  tombstones: tombstones.map(({ root, revokedAt }) => ({ root, revokedAt: placeJson(revokedAt) })),
})

const placeJson = ({ block, transaction }: Place) => ({ block: String(block), transaction })
