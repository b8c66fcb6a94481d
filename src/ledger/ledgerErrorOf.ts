import { LedgerError, type LedgerFault } from './LedgerError.js'

/** What was being done when it failed: some statuses mean something else for each. */
export type Doing = 'opening' | 'asking' | 'message' | 'transaction' | 'typed data'

type Raw = {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly id?: unknown
  readonly statusCode?: unknown
}

const STATUS: Readonly<Record<number, LedgerFault>> = {
  0x5515: 'locked',
  0x6982: 'locked',
  0x5501: 'refused',
  0x6985: 'refused',
  0x6a84: 'too-long',
}

/** No app, or another one, answers: unknown class, unknown instruction, app not started. */
const OTHER_APP = new Set([0x6511, 0x6d00, 0x6d02, 0x6e00, 0x6e01])

const NAMES: Readonly<Record<string, LedgerFault>> = {
  LockedDeviceError: 'locked',
  DisconnectedDevice: 'unplugged',
  DisconnectedDeviceDuringOperation: 'unplugged',
  EthAppPleaseEnableContractData: 'blind-signing',
  CantOpenDevice: 'no-permission',
  TransportRaceCondition: 'busy',
}

const IDS: Readonly<Record<string, LedgerFault>> = {
  NoDevice: 'no-device',
  NoDeviceFound: 'no-device',
  ListenTimeout: 'no-device',
  TransportLocked: 'busy',
}

const ofStatus = (status: number, doing: Doing, answered: boolean): LedgerFault => {
  if (OTHER_APP.has(status)) return answered ? 'app-closed' : 'wrong-app'
  if (status === 0x6a80 && (doing === 'transaction' || doing === 'typed data')) return 'blind-signing'
  return STATUS[status] ?? 'unknown'
}

const ofOpening = (raw: Raw, message: string): LedgerFault | undefined => {
  if (raw.code === 'MODULE_NOT_FOUND' || raw.code === 'ERR_DLOPEN_FAILED') return 'no-usb-library'
  if (/lib(usb|udev)|No native build|bindings/i.test(message)) return 'no-usb-library'
  return /cannot open device|unable to open|permission/i.test(message) ? 'no-permission' : undefined
}

/** The failure in the owner's words. `answered`: the Ethereum app had answered on this connection before, so it was open. */
export const ledgerErrorOf = (error: unknown, doing: Doing, answered: boolean): LedgerError => {
  if (error instanceof LedgerError) return error
  const raw: Raw = typeof error === 'object' && error !== null ? error : {}
  const message = String(raw.message ?? error)
  const status = typeof raw.statusCode === 'number' ? raw.statusCode : undefined
  const fault =
    NAMES[String(raw.name)] ??
    IDS[String(raw.id)] ??
    (status !== undefined ? ofStatus(status, doing, answered) : undefined) ??
    (doing === 'opening' ? ofOpening(raw, message) : undefined) ??
    'unknown'
  const detail = fault === 'unknown' ? (status === undefined ? message : `status 0x${status.toString(16)}`) : undefined
  return new LedgerError(fault, detail, { cause: error })
}
