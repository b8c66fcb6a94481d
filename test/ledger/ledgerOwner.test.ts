import { createClient, custom, type Hex, parseTransaction, recoverTransactionAddress } from 'viem'
import { base } from 'viem/chains'
import { describe, expect, it } from 'vitest'
import { ledgerOwner } from '../../src/ledger/ledgerOwner.js'
import { openLedger } from '../../src/ledger/openLedger.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'

const OWNER = '0xDad77910DbDFdE764fC21FCD4E74D71bBACA6D8D'
const TO = '0x00000000000000000000000000000000000000aa'

/** A node that answers what a sender asks, and keeps what it is sent. */
const node = (sent: Hex[]) =>
  custom({
    request: ({ method, params }: { method: string; params?: readonly unknown[] }) => {
      switch (method) {
        case 'eth_chainId':
          return Promise.resolve('0x2105')
        case 'eth_getTransactionCount':
          return Promise.resolve('0x7')
        case 'eth_estimateGas':
          return Promise.resolve('0x5208')
        case 'eth_maxPriorityFeePerGas':
          return Promise.resolve('0x1')
        case 'eth_getBlockByNumber':
          return Promise.resolve({ baseFeePerGas: '0x10', number: '0x1', timestamp: '0x1', transactions: [] })
        case 'eth_sendRawTransaction':
          sent.push(params?.[0] as Hex)
          return Promise.resolve(`0x${'11'.repeat(32)}`)
        default:
          return Promise.reject(new Error(`not asked of this node: ${method}`))
      }
    },
  })

const owner = async (sent: Hex[], blindSigning: boolean) =>
  ledgerOwner(
    createClient({ chain: base, transport: node(sent) }),
    await openLedger({ transport: new SimulatedTransport({ blindSigning, person: () => true }) }),
  )

describe('a Ledger as owner', () => {
  it('signs on the device and sends, for the chain of the client', async () => {
    const sent: Hex[] = []
    const ledger = await owner(sent, true)
    expect(ledger.address).toBe(OWNER.toLowerCase())
    await ledger.sendTransaction({ to: TO, data: '0x12345678', value: 5n })
    expect(sent).toHaveLength(1)
    const [transaction = '0x'] = sent
    expect(await recoverTransactionAddress({ serializedTransaction: transaction as `0x02${string}` })).toBe(OWNER)
    expect(parseTransaction(transaction)).toMatchObject({ chainId: 8453, nonce: 7, data: '0x12345678', value: 5n })
  })

  it('sends nothing where the device does not sign', async () => {
    const sent: Hex[] = []
    const ledger = await owner(sent, false)
    const sending = ledger.sendTransaction({ to: TO, data: '0x12345678' })
    await expect(sending).rejects.toThrow(/settings forbid to sign/)
    expect(sent).toEqual([])
  })
})
