import { displayable } from '../compiler/device/deviceText.js'
import type { Diagnostic } from '../diagnostic/Diagnostic.js'
import type { Binding } from '../policy/Binding.js'
import type { Policy } from '../policy/Policy.js'

/** The longest binding: what is said of it takes no more lines than this. */
const ANY: Binding = { module: `0x${'00'.repeat(20)}`, entityId: 2 ** 32 - 1, tag: '0xffffffffffff' }

/** Says beforehand that no device can show all of a grant; then only the account's own call puts it into force. */
export const displayWarnings = (policy: Policy): readonly Diagnostic[] =>
  displayable(policy, ANY).map(({ message, rule }) => ({
    code: 'W121',
    severity: 'warning',
    message: rule === undefined ? message : `rule ${rule + 1}: ${message}`,
    help: 'no text of it can be signed on a device: say it in several writs, or let the account itself grant it',
  }))
