import { canonical } from '../../compiler/canonical.js'
import { load, remaining } from '../../evaluator/index.js'
import { printAddress } from '../../explain/printAddress.js'
import { printMoment } from '../../explain/printDuration.js'
import type { ChainSession, FoundSessions } from '../../account/readers/findSessions.js'
import type { Place } from '../../account/readers/findEvents.js'
import { meterText } from './meterText.js'
import { momentText } from './timeText.js'

/** A session in lines: its name and life, its key and times, what is left of each meter while anything can be. Ends with a newline. */
export const sessionText = (session: ChainSession, present: number, withWrit: boolean): string => {
  const { root, policy, binding, grant, life, grantedAt } = session
  const lines = [
    ['key', printAddress(policy.key)],
    ['from', momentText(policy.from, present)],
    ['until', momentText(policy.until, present)],
    ['entity', `${binding.entityId}, granted ${placeText(grantedAt)}`],
    ...endLines(session),
    ...meterLines(session, present),
  ]
  const body = lines.map(([name = '', text = '']) => `  ${name.padEnd(7)} ${text}\n`).join('')
  const writ = withWrit ? `\n${canonical(policy).replace(/^(?=.)/gm, '    ')}\n    grant ${grant}\n` : ''
  return `${lifeText[life].padEnd(8)} ${root}\n${body}${writ}`
}

/** What is to be said of grants that cannot be read and of roots that were ended without having been seen; a line each. */
export const restText = ({ unreadable, tombstones }: FoundSessions): string =>
  [
    ...unreadable.map(
      ({ root, reason, grantedAt }) => `unreadable ${root}\n  granted ${placeText(grantedAt)}: ${reason}\n`,
    ),
    ...tombstones.map(
      ({ root, revokedAt }) =>
        `revoked  ${root}\n  ended ${placeText(revokedAt)}; its grant is not among the blocks that were read\n`,
    ),
  ].join('')

/** `2 live, 1 revoked`; `no sessions`; of which blocks, where not all were read. */
export const countText = ({ sessions, fromBlock }: FoundSessions): string => {
  const since = fromBlock === 0n ? '' : ` granted since block ${fromBlock}`
  if (sessions.length === 0) return `no sessions${since}`
  const lives = Object.keys(lifeText) as ChainSession['life'][]
  const counts = lives
    .map((life) => [sessions.filter((session) => session.life === life).length, lifeText[life]] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(', ')
  return since === '' ? counts : `${counts},${since}`
}

/** When and how every session was ended last. */
export const killText = ({ account: { killedAt, tag } }: FoundSessions, present: number): string =>
  `kill tag ${tag}, ${killedAt === 0 ? 'never killed' : `killed ${momentText(killedAt, present)}: every session before that has ended`}`

const lifeText: Readonly<Record<ChainSession['life'], string>> = {
  live: 'live',
  'not-yet': 'not yet',
  expired: 'expired',
  revoked: 'revoked',
  killed: 'killed',
}

const meterLines = ({ policy, grant, state, life }: ChainSession, present: number): readonly string[][] => {
  if (life !== 'live' && life !== 'not-yet') return []
  const standings = remaining(load(grant), state, present)
  return standings.map((standing, index) => [index === 0 ? 'left' : '', meterText(policy, standing, present)])
}

const endLines = ({ life, endedAt }: ChainSession): readonly string[][] => {
  if (life !== 'revoked' && life !== 'killed') return []
  const why = life === 'revoked' ? 'it was revoked' : 'every session was ended'
  return [['ended', endedAt === undefined ? why : `${why} ${placeText(endedAt)}`]]
}

const placeText = ({ block, transaction }: Place): string => `in block ${block}, ${transaction}`

/** The block that the answer is about. */
export const blockText = ({ block }: FoundSessions): string => `block ${block.number} of ${printMoment(block.time)}`
