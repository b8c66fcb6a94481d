import type { Bytes, Place } from './Place.js'
import type { Rule } from './Rule.js'

/**
 * Calls that an argument carries, each of which one of `rules` must allow: the first allow rule that holds is used, its meters are charged, and no
 * deny of these rules, of the blocks around them, or of the policy may match. A list that cannot be read allows nothing; an empty one is allowed.
 * Inside, a target of the rules is the target of the call that carries them, but for multisend, whose records name their own.
 *
 * The calldata of a nested call is its selector and exactly the canonical encoding of its arguments, with nothing behind it; a command's input is its
 * arguments alone. `call.value` is the record's value in a multisend; in `calls` and `commands` it is that of the carrying call, whose rule has
 * decided whether ether may be sent, so it need not be 0 there.
 */
export type Nested =
  /** `multicall(bytes[])`: the target calls itself. */
  | { readonly form: 'calls'; readonly list: Place; readonly rules: readonly Rule[] }
  /** Records of operation1 (must be 0, a call) ‖ target20 ‖ value32 ‖ length32 ‖ data, which fill the bytes exactly. */
  | { readonly form: 'multisend'; readonly list: Bytes; readonly rules: readonly Rule[] }
  /** One byte for each command, and one input for each; the rules' actions are commands. */
  | { readonly form: 'commands'; readonly list: Bytes; readonly inputs: Place; readonly rules: readonly Rule[] }
