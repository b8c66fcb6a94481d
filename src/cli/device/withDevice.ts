import type { Address } from '../../policy/Hex.js'
import type { LedgerTransport } from '../../ledger/libraries.js'
import type { Ledger } from '../../ledger/openLedger.js'
import type { Device } from '../../ledger/pages/Device.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'
import type { DeviceFlags } from './deviceOptions.js'
import { deviceFault } from './deviceFault.js'
import { simulatedPerson } from './simulatedPerson.js'

/** A device whose Ethereum app answers. */
export type Opened = {
  readonly ledger: Ledger
  /** What it is; undefined where a Ledger is none of those whose screens are known. */
  readonly model: Device | undefined
  readonly simulated: boolean
}

/**
 * Opens the device that the flags name, uses it, and closes it whatever becomes of that. Where the owner is known, another address on the device
 * ends the command before anything is asked. A failure at the device ends it with what to do.
 */
export const withDevice = async <T>(
  io: Io,
  flags: DeviceFlags,
  use: (opened: Opened) => Promise<T>,
  expectedAddress?: Address,
): Promise<T> => {
  let transport: LedgerTransport | undefined
  try {
    // Ledger's libraries are large: only commands that speak with a device load them.
    const { openLedger } = await import('../../ledger/openLedger.js')
    const opened = await connected(io, flags)
    transport = opened.transport
    const { path } = flags
    const ledger = await openLedger({ transport, ...(path && { path }), ...(expectedAddress && { expectedAddress }) })
    return await use({ ...opened, ledger })
  } catch (error) {
    throw deviceFault(error) ?? error
  } finally {
    await transport?.close().catch(() => undefined)
  }
}

const connected = async (
  io: Io,
  flags: DeviceFlags,
): Promise<Omit<Opened, 'ledger'> & { readonly transport: LedgerTransport }> => {
  if (flags.signer === 'simulated') {
    const { SimulatedTransport } = await import('../../ledger/simulated/SimulatedTransport.js')
    const { device = 'nanosp', mnemonicFile, blindSigning = false, yes } = flags
    const transport = new SimulatedTransport({
      ...(mnemonicFile !== undefined && { mnemonic: await mnemonicIn(io, mnemonicFile) }),
      device,
      blindSigning,
      person: simulatedPerson(io, { device, ...(yes && { yes }) }),
    })
    return { transport, model: device, simulated: true }
  }
  const open = io.ledger ?? (await import('../../ledger/openUsb.js')).openUsb
  const transport = await open()
  return { transport, model: flags.device ?? models[transport.deviceModel?.id ?? ''], simulated: false }
}

/** Ledger's names for the devices whose screens were recorded. */
const models: Readonly<Record<string, Device>> = { nanoSP: 'nanosp', nanoX: 'nanox', stax: 'stax', europa: 'flex' }

const mnemonicIn = async (io: Io, file: string): Promise<string> => {
  const { english } = await import('viem/accounts')
  const words = (readText(io, file).split(/\r?\n/)[0] ?? '').trim().split(/\s+/)
  if (
    words.length >= 12 &&
    words.length <= 24 &&
    words.length % 3 === 0 &&
    words.every((word) => english.includes(word))
  )
    return words.join(' ')
  throw new CliError(
    ExitCode.invalid,
    `the first line of \`${file}\` is not a seed: 12 to 24 English words (BIP-39)`,
    'never write the seed of a real Ledger into a file; the simulated device is for trying things out',
  )
}
