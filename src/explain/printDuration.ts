const units = [
  { seconds: 604_800, name: 'week', article: 'a' },
  { seconds: 86_400, name: 'day', article: 'a' },
  { seconds: 3_600, name: 'hour', article: 'an' },
  { seconds: 60, name: 'minute', article: 'a' },
  { seconds: 1, name: 'second', article: 'a' },
] as const

/** A length of time in the largest unit that measures it exactly: `7 days`, `1 hour`, `90 seconds`. Weeks are said only of one week. */
export function printDuration(seconds: number): string {
  const unit = units.find(({ seconds: size, name }) => seconds % size === 0 && (name !== 'week' || seconds === size))
  if (unit === undefined || seconds === 0) return `${seconds} seconds`
  const count = seconds / unit.seconds
  return `${count} ${unit.name}${count === 1 ? '' : 's'}`
}

/** How often: `a day`, `an hour`, `every 5 minutes`. */
export function printPeriod(seconds: number): string {
  const unit = units.find(({ seconds: size }) => size === seconds)
  return unit ? `${unit.article} ${unit.name}` : `every ${printDuration(seconds)}`
}

/** A moment given in unix seconds: `2026-11-22 13:00:00 UTC`. */
export function printMoment(seconds: number): string {
  const moment = new Date(seconds * 1000)
  // Past the last moment that a Date can hold, and for what is no number, the bare figure is the honest text.
  if (Number.isNaN(moment.getTime())) return `unix time ${seconds}`
  return moment.toISOString().replace('T', ' ').replace('.000Z', ' UTC')
}

/** `09:00` from minutes of the day; the end of the day is `24:00`. */
export function printMinute(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** `every day`, `Monday to Friday`, `Monday, Wednesday`; bit 0 is Monday. */
export function printWeekdays(weekdays: number): string {
  if (weekdays === 127) return 'every day'
  if (weekdays === 31) return 'Monday to Friday'
  return days.filter((_, bit) => (weekdays >> bit) % 2 === 1).join(', ')
}
