import type { Call } from '../policy/Operation.js'
import type { Nested } from '../policy/Nested.js'

/** A call to judge: one of the operation, or one that an argument of another call carries. */
export type Called = Call & {
  /** How it is carried; absent for a call of the operation. */
  readonly carried?: Nested['form']
  /** The byte of a command, whose `data` is its input alone. */
  readonly command?: number
}

/** The digits of its encoded arguments, without `0x` and selector. */
export function argumentsOf({ command, data }: Called): string {
  return data.slice(command === undefined ? 10 : 2)
}
