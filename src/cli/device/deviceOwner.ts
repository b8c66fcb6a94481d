import type { Chain, HttpTransport, PublicClient } from 'viem'
import type { OwnerSigner } from '../../account/OwnerSigner.js'
import type { Address } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import type { Io } from '../Io.js'
import type { DeviceFlags } from './deviceOptions.js'
import { withDevice } from './withDevice.js'

/** The address of the device at the path that the flags say, in lower case. The device shows nothing. */
export const deviceAddress = (io: Io, flags: DeviceFlags): Promise<Address> =>
  withDevice(io, flags, ({ ledger }) => Promise.resolve(ledger.address.toLowerCase() as Address))

/** An owner whose transactions are signed on the device, which is opened for each of them. Calls of contracts need its setting of blind signing. */
export const deviceOwner = async (
  io: Io,
  flags: DeviceFlags,
  client: PublicClient<HttpTransport, Chain>,
): Promise<OwnerSigner> => {
  const address = await deviceAddress(io, flags)
  return {
    address,
    sendTransaction: async (transaction) => {
      const { ledgerOwner } = await import('../../ledger/ledgerOwner.js')
      io.err(
        'The device cannot show what a call of a contract does: here this computer is trusted. Look at it and answer.\n',
      )
      try {
        return await withDevice(
          io,
          flags,
          ({ ledger }) => ledgerOwner(client, ledger).sendTransaction(transaction),
          address,
        )
      } catch (error) {
        throw isBlind(error) ? new CliError(ExitCode.refused, error.message, blindHelp) : error
      }
    },
    signMessage: () => Promise.reject(new Error('a device signs no UserOperation here')),
  }
}

const isBlind = (error: unknown): error is CliError =>
  error instanceof CliError && /settings forbid to sign what it cannot show/.test(error.message)

const blindHelp =
  'a grant and its end can be signed as text instead, which the device shows whole (writ grant FILE --ledger, writ revoke --all --ledger); for anything else: Ethereum app > Settings > Blind signing, and switch it off afterwards'
