import { formatEther, formatGwei } from 'viem'
import { type Device, DEVICES } from '../../ledger/pages/Device.js'
import type { Asked, Person } from '../../ledger/simulated/Person.js'
import type { Io } from '../Io.js'
import { drawnPages } from './drawnPages.js'

/**
 * Whoever holds the simulated device: its screens are drawn on standard error, and the person at the terminal presses its buttons, or `--yes`
 * does. Where nobody can be asked, and a question that is broken off, is a refusal.
 */
export const simulatedPerson =
  (io: Io, { device, yes }: { readonly device: Device; readonly yes?: true }): Person =>
  async (asked) => {
    io.err(
      `\nSIMULATED DEVICE: NO PROTECTION, this computer draws its screen and holds its key.\n${shown(asked, device)}`,
    )
    if (yes) {
      io.err('approved on the simulated device, by --yes\n')
      return true
    }
    return (await io.person?.confirm('Approve on the simulated device?').catch(() => false)) ?? false
  }

const shown = (asked: Asked, device: Device): string => {
  switch (asked.kind) {
    case 'address':
      return `${DEVICES[device]}: verify address\n  ${asked.address}\n  ${asked.path}\n`
    case 'message':
      return drawnPages(asked.pages, device)
    case 'transaction': {
      const { to, value = 0n, gas = 0n, maxFeePerGas = 0n, chainId } = asked.transaction
      const blind = asked.blind ? '  BLIND SIGNING: it cannot be shown what this does\n' : ''
      return `${DEVICES[device]}: review transaction\n${blind}  amount ${formatEther(value)} ETH\n  to ${to ?? 'a new contract'}\n  chain ${chainId}\n  at most ${formatEther(gas * maxFeePerGas)} ETH of fees (${formatGwei(maxFeePerGas)} gwei a gas)\n`
    }
    default:
      return asked satisfies never
  }
}
