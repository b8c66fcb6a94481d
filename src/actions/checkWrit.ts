import { check, type CheckOptions, type CheckResult } from '../dsl/check.js'
import { library } from './library.js'

/** `check` with the standard library of verbs: what a writ means, or what is wrong with it. */
export function checkWrit(text: string, options: CheckOptions = {}): CheckResult {
  return check(text, options, library())
}
