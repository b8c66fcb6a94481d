import { DAY, type Times, isChosenDay, isInHours, midnightOf } from './Times.js'

/** The earliest moment at or after `now` at which the times hold; undefined if they never do again. */
export const nextInTimes = ({ from, until, hours }: Times, now: number): number | undefined => {
  let moment = Math.max(now, from)
  if (hours && !isInHours(hours, moment)) {
    let midnight = midnightOf(moment)
    // INVARIANT: a weekday is chosen, so one of the next eight days has hours that are still to come.
    while (!isChosenDay(hours, midnight) || moment >= midnight + hours.end) midnight += DAY
    moment = Math.max(moment, midnight + hours.start)
  }
  return moment < until ? moment : undefined
}

/** The earliest moment at or after `now` at which the times do not hold. */
export const nextOutOfTimes = ({ from, until, hours }: Times, now: number): number => {
  let moment = now
  // Hours that end at midnight may go on at the next day's first second; those that last a whole week never end.
  for (let days = 0; days <= 7 && from <= moment && moment < until; days++) {
    if (hours && !isInHours(hours, moment)) return moment
    moment = hours ? midnightOf(moment) + hours.end : until
  }
  return from <= moment && hours && isInHours(hours, moment) ? until : Math.min(moment, until)
}
