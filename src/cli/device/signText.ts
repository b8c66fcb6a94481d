import { LedgerError } from '../../ledger/LedgerError.js'
import type { Device } from '../../ledger/pages/Device.js'
import { pagesOf } from '../../ledger/pages/pagesOf.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { waiting } from '../chain/waiting.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import type { DeviceFlags } from './deviceOptions.js'
import { drawnPages } from './drawnPages.js'
import { isSignedBy } from './grantFile.js'
import { withDevice } from './withDevice.js'

/** Who signed, and what: `r ‖ s ‖ v`, s low. */
export type Signed = { readonly owner: Address; readonly signature: Hex }

/** Ends a command whose simulated device would have to ask where nobody can answer. `help` is of commands that have no --dry-run. */
export const mustPressButtons = (
  io: Io,
  flags: DeviceFlags,
  help = 'look at it with --dry-run, then add --yes, which presses its buttons',
): void => {
  if (flags.signer === 'simulated' && !flags.yes && io.person === undefined)
    throw new CliError(
      ExitCode.usage,
      'the simulated device asks for approval, and nobody is at a terminal to give it',
      help,
    )
}

/**
 * Has the device sign a text, after it was shown here to compare with. `owners` are those who may sign it, where they are known: another address ends
 * the command before the device shows anything. The signature was verified when it is given.
 */
export const signText = (io: Io, flags: DeviceFlags, text: string, owners?: readonly Address[]): Promise<Signed> =>
  withDevice(io, flags, async ({ ledger, model, simulated }) => {
    const owner = ledger.address.toLowerCase() as Address
    if (owners !== undefined && !owners.includes(owner))
      throw new LedgerError(
        'wrong-address',
        `the owner is ${owners.join(' or ')}, ${ledger.path} on this device is ${owner}`,
      )
    io.err(review(text, simulated ? undefined : model))
    const { signGrantText } = await import('../../ledger/signGrantText.js')
    const answer = signGrantText({ owner: ledger, text, expectedAddress: owner })
    const signature = await (simulated ? answer : waiting(io, 'waiting for your answer on the device', answer))
    if (!(await isSignedBy(owner, text, signature))) throw new LedgerError('wrong-signature')
    return { owner, signature }
  })

/** What the device will show, and what to do with it: as pages where it is known how the device breaks them. */
export const review = (text: string, device: Device | undefined): string => {
  const pages = device && pagesOf(text, device)
  const shown = pages && device ? drawnPages(pages, device) : `${text}\n`
  const hidden = pages?.some(({ kind }) => kind === 'details') ? ' Open "More" there, and read on to END.' : ''
  return `\nThe device is about to show this:\n\n${shown}
Compare the device's screen with this text, word by word.${hidden}
What the screen shows is what the chain enforces, whatever this computer says. Where they differ, refuse there.\n\n`
}
