import { printMoment } from '../../explain/printDuration.js'

const units = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3_600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const

/** How far a moment is from another, both in unix seconds, in the two largest units: `in 3 h`, `in 2 d 4 h`, `5 min ago`, `now`. */
export const distanceText = (moment: number, present: number): string => {
  const seconds = Math.abs(moment - present)
  const largest = units.findIndex((unit) => seconds >= unit.seconds)
  if (largest < 0) return 'now'
  let rest = seconds
  const parts = units.slice(largest, largest + 2).map(({ seconds: size, name }) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count === 0 ? '' : `${count} ${name}`
  })
  const text = parts.filter((part) => part !== '').join(' ')
  return moment > present ? `in ${text}` : `${text} ago`
}

/** A moment in UTC, and how far it is from the present: `2026-11-22 13:00:00 UTC, in 3 h`. */
export const momentText = (moment: number, present: number): string =>
  `${printMoment(moment)}, ${distanceText(moment, present)}`
