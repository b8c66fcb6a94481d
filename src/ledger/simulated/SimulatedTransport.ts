import { type LedgerTransport, TransportClass } from '../libraries.js'
import { answerOf, readApdu, Refusal, STATUS } from './Apdu.js'
import { SimulatedApp, type SimulatedSettings } from './SimulatedApp.js'

/** How the simulated device stands: ready, or one of the ways in which it does not answer. */
export type Condition = 'ready' | 'locked' | 'other-app' | 'unplugged'

/** The well-known words of the emulator on which the exchanges were recorded: everybody has these keys. */
export const WELL_KNOWN_MNEMONIC =
  'glory promote mansion idle axis finger extra february uncover one trip resource lawn turtle enact monster seven myth punch hobby comfort wild raise skin'

class Unplugged extends Error {
  override readonly name = 'DisconnectedDeviceDuringOperation'
}

/**
 * A Ledger in software, for demonstrations and tests: NO PROTECTION. The key lies in this process, the screens are drawn by the same computer
 * that asks for the signature, and the default words are known to everybody. It answers as the Ethereum app 1.22.0 was recorded to answer.
 */
export class SimulatedTransport extends TransportClass implements LedgerTransport {
  condition: Condition = 'ready'
  readonly #app: SimulatedApp

  constructor({
    mnemonic = WELL_KNOWN_MNEMONIC,
    device = 'nanosp',
    blindSigning = false,
    person,
  }: Partial<SimulatedSettings> & Pick<SimulatedSettings, 'person'>) {
    super()
    this.#app = new SimulatedApp({ mnemonic, device, blindSigning, person })
  }

  override async exchange(apdu: Buffer): Promise<Buffer> {
    const before = this.#unready()
    if (before !== undefined) return before
    try {
      const data = await this.#app.answer(readApdu(apdu))
      // What happened to the device while its holder read the screen.
      return this.#unready() ?? answerOf(data)
    } catch (error) {
      if (error instanceof Refusal) return this.#unready() ?? answerOf(Buffer.alloc(0), error.status)
      throw error
    }
  }

  override setScrambleKey(): void {
    // Nothing is scrambled here.
  }

  override close(): Promise<void> {
    return Promise.resolve()
  }

  #unready(): Buffer | undefined {
    switch (this.condition) {
      case 'ready':
        return undefined
      case 'locked':
        return answerOf(Buffer.alloc(0), STATUS.locked)
      case 'other-app':
        return answerOf(Buffer.alloc(0), STATUS.badClass)
      case 'unplugged':
        throw new Unplugged('the device is gone')
      default:
        return this.condition satisfies never
    }
  }
}
