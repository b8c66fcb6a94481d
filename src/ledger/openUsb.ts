import { LedgerError } from './LedgerError.js'
import { ledgerErrorOf } from './ledgerErrorOf.js'
import { type LedgerTransport, loadUsb, type UsbModule } from './libraries.js'

/** The one Ledger that is plugged in. Rejects with a LedgerError where USB support, the device or the permission is missing, or two are there. */
export const openUsb = async (load: () => UsbModule = loadUsb): Promise<LedgerTransport> => {
  try {
    const usb = load().default
    const [path, ...others] = await usb.list()
    if (path === undefined) throw new LedgerError('no-device')
    if (others.length > 0) throw new LedgerError('several-devices')
    return await usb.open(path)
  } catch (error) {
    throw ledgerErrorOf(error, 'opening', false)
  }
}
