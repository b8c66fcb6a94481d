/** What can go wrong between the owner and the device. */
export type LedgerFault =
  | 'no-usb-library'
  | 'no-permission'
  | 'no-device'
  | 'several-devices'
  | 'busy'
  | 'locked'
  | 'wrong-app'
  | 'app-closed'
  | 'refused'
  | 'blind-signing'
  | 'too-long'
  | 'unplugged'
  | 'bad-path'
  | 'wrong-address'
  | 'not-readable'
  | 'wrong-signature'
  | 'unknown'

type Words = { readonly message: string; readonly help: string }

const WORDS: Readonly<Record<LedgerFault, Words>> = {
  'no-usb-library': {
    message: 'USB support for the Ledger is not installed',
    help: 'on Debian or Ubuntu: apt install libusb-1.0-0-dev libudev-dev build-essential, then npm install again; without it use a grant file that another machine signs',
  },
  'no-permission': {
    message: 'the Ledger is there, but this user may not open it',
    help: "close other wallet programs; on Linux install Ledger's udev rules and plug the device in again",
  },
  'no-device': {
    message: 'no Ledger was found',
    help: 'plug it in with a data cable, unlock it and open its Ethereum app',
  },
  'several-devices': {
    message: 'more than one Ledger is plugged in',
    help: "leave only the owner's device plugged in",
  },
  busy: {
    message: 'the Ledger is busy with another request',
    help: 'finish or refuse what the device shows, close other wallet programs, and try again',
  },
  locked: { message: 'the Ledger is locked', help: 'enter its PIN, open its Ethereum app and try again' },
  'wrong-app': {
    message: "the Ledger's Ethereum app is not open",
    help: 'open the Ethereum app on the device and try again',
  },
  'app-closed': {
    message: 'the Ethereum app was closed on the Ledger before it answered',
    help: 'open the Ethereum app again and start over; nothing was sent',
  },
  refused: {
    message: 'it was refused on the Ledger',
    help: 'nothing was signed; compare the text again and start over if the refusal was a mistake',
  },
  'blind-signing': {
    message: 'the Ledger cannot show this, and its settings forbid to sign what it cannot show',
    help: 'prefer a text grant, which the device shows whole; only if you must: Ethereum app > Settings > Blind signing, and switch it off afterwards',
  },
  'too-long': {
    message: "the text is too long for the Ledger's memory",
    help: 'split the writ into two with fewer rules each',
  },
  unplugged: {
    message: 'the Ledger was unplugged before it answered',
    help: 'plug it in, open its Ethereum app and start over; nothing was sent',
  },
  'bad-path': {
    message: 'the path of the address is not one',
    help: "write it as m/44'/60'/0'/0/0; the last number chooses the address",
  },
  'wrong-address': {
    message: 'this Ledger address is not the owner',
    help: 'choose the path of the owner (the last number of it), or plug in the device that holds it',
  },
  'not-readable': {
    message: 'the Ledger would not show this text as it is written',
    help: 'only printable ASCII and line ends are shown; anything else turns the whole text into hex',
  },
  'wrong-signature': {
    message: "the Ledger's answer does not fit what was asked",
    help: 'do not use it: check the cable, the device and this computer, and start over',
  },
  unknown: {
    message: 'the Ledger did not do what was asked',
    help: 'unplug it, plug it in, open its Ethereum app and try again',
  },
}

/** A failure at the device in the owner's words: one lower-case clause, and in `help` what to do about it. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  readonly help: string

  constructor(
    readonly fault: LedgerFault,
    /** What the clause is about, e.g. both addresses or the device's status. */
    detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail === undefined ? WORDS[fault].message : `${WORDS[fault].message}: ${detail}`, options)
    this.help = WORDS[fault].help
  }
}
