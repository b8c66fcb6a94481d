/** The devices whose screens were recorded (the Ethereum app 1.22.0 on emulated devices). */
export type Device = 'nanosp' | 'nanox' | 'stax' | 'flex'

/** Their names as people know them. */
export const DEVICES: Readonly<Record<Device, string>> = {
  nanosp: 'Nano S Plus',
  nanox: 'Nano X',
  stax: 'Stax',
  flex: 'Flex',
}

/** One screen of a text to be signed. `review` must be passed to sign, `details` stand behind "More" and may be skipped. */
export type Page = {
  readonly kind: 'review' | 'details'
  readonly title: string
  readonly lines: readonly string[]
  /** Whether the device offers the rest behind "More" here. */
  readonly more: boolean
}
