import { openLedger } from '../ledger/openLedger.js'
import { DEVICES, type Page } from '../ledger/pages/Device.js'
import { signGrantText } from '../ledger/signGrantText.js'
import { SimulatedTransport } from '../ledger/simulated/SimulatedTransport.js'
import type { Address, Hex } from '../policy/Hex.js'

/** The owner's device of the demo: in software, driven by Ledger's own library as a real one is; whoever holds it approves. */
export type DemoDevice = {
  readonly address: Address
  /** What it is called, e.g. `Nano S Plus`. */
  readonly name: string
  /** Signs a text; the pages are those that it showed. */
  readonly sign: (text: string) => Promise<{ readonly signature: Hex; readonly pages: readonly Page[] }>
}

export const openDemoDevice = async (): Promise<DemoDevice> => {
  let pages: readonly Page[] = []
  const transport = new SimulatedTransport({
    person: (asked) => {
      if (asked.kind === 'message') pages = asked.pages
      return true
    },
  })
  const ledger = await openLedger({ transport })
  return {
    address: ledger.address.toLowerCase() as Address,
    name: DEVICES.nanosp,
    sign: async (text) => {
      const signature = await signGrantText({ owner: ledger, text, expectedAddress: ledger.address })
      return { signature, pages }
    },
  }
}
