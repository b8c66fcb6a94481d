import { parseTransaction, recoverMessageAddress, recoverTransactionAddress, serializeTransaction } from 'viem'
import { describe, expect, it } from 'vitest'
import type { Asked } from '../../src/ledger/simulated/Person.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import { ethereumApp } from '../../src/ledger/libraries.js'
import { recordings, turnsOf } from './recordings.js'

const OWNER = '0xDad77910DbDFdE764fC21FCD4E74D71bBACA6D8D'
const PATH = "44'/60'/0'/0/0"
const yes = () => true

const cases = recordings('exchanges').flatMap((recording) =>
  recording.devices.map((device) => ({ device, recording, name: recording.name })),
)

describe('the software device', () => {
  it.each(cases)('answers $name as the emulated $device did, byte for byte', async ({ device, recording }) => {
    const { blindSigning, refused } = recording
    const transport = new SimulatedTransport({ device, blindSigning, person: () => !refused })
    const answers: string[] = []
    for (const { command } of turnsOf(recording)) {
      answers.push((await transport.exchange(Buffer.from(command, 'hex'))).toString('hex'))
    }
    expect(answers).toEqual(turnsOf(recording).map(({ answer }) => answer))
    expect(answers.length).toBeGreaterThan(0)
  })

  it('is compared with recordings of every kind, refusals and limits among them', () => {
    const kinds = new Set(
      cases.map(({ recording }) => `${recording.method} ${recording.exchange.at(-1)?.slice(-4) ?? ''}`),
    )
    for (const kind of [
      'getAddress 9000',
      'getAddress 6985',
      'getAppConfiguration 9000',
      'signPersonalMessage 9000',
      'signPersonalMessage 6985',
      'signPersonalMessage 6a84',
      'signTransaction 9000',
      'signTransaction 6985',
      'signTransaction 6a80',
    ]) {
      expect(kinds).toContain(kind)
    }
    expect(cases.length).toBeGreaterThan(190)
  })

  it.each([1, 124, 125, 126, 150, 275, 276, 3000, 7600])(
    'signs a message of %i bytes that was never recorded',
    async (length) => {
      const message = 'never recorded. '.repeat(500).slice(0, length)
      const app = ethereumApp(new SimulatedTransport({ person: yes }))
      const { v, r, s } = await app.signPersonalMessage(PATH, Buffer.from(message).toString('hex'))
      const signature = `0x${r}${s}${v.toString(16)}` as const
      expect(await recoverMessageAddress({ message, signature })).toBe(OWNER)
    },
  )

  it('has no memory for one byte more than 7,600', async () => {
    const app = ethereumApp(new SimulatedTransport({ person: yes }))
    await expect(app.signPersonalMessage(PATH, '61'.repeat(7601))).rejects.toMatchObject({ statusCode: 0x6a84 })
  })

  it('shows a text as it is, and as hex as soon as one byte of it is not printable', async () => {
    const shown: Asked[] = []
    const app = ethereumApp(
      new SimulatedTransport({
        person: (asked) => {
          shown.push(asked)
          return true
        },
      }),
    )
    await app.signPersonalMessage(PATH, Buffer.from('one\ntwo').toString('hex'))
    await app.signPersonalMessage(PATH, '6f6e6507')
    await app.signPersonalMessage(PATH, '6f6e657f')
    expect(shown).toMatchObject([
      { kind: 'message', text: 'one\ntwo', inHex: false },
      { kind: 'message', text: '0x6f6e6507', inHex: true },
      { kind: 'message', text: '0x6f6e657f', inHex: true },
    ])
  })

  it('signs a transfer that was never recorded, and shows it', async () => {
    const shown: Asked[] = []
    const person = (asked: Asked) => shown.push(asked) > 0
    const transaction = {
      type: 'eip1559',
      chainId: 8453,
      nonce: 9,
      maxFeePerGas: 7n,
      maxPriorityFeePerGas: 1n,
      gas: 21000n,
      to: OWNER,
      value: 5n,
    } as const
    const unsigned = serializeTransaction(transaction)
    const { v, r, s } = await ethereumApp(new SimulatedTransport({ person })).signTransaction(
      PATH,
      unsigned.slice(2),
      null,
    )
    const signed = serializeTransaction(transaction, { r: `0x${r}`, s: `0x${s}`, yParity: Number.parseInt(v, 16) })
    expect(await recoverTransactionAddress({ serializedTransaction: signed })).toBe(OWNER)
    expect(shown).toMatchObject([{ kind: 'transaction', blind: false, transaction: parseTransaction(unsigned) }])
  })

  it('asks nobody for a call with data or a new contract at factory settings, and says blind where the setting allows it', async () => {
    const asked: Asked[] = []
    const person = (a: Asked) => asked.push(a) > 0
    const base = { type: 'eip1559', chainId: 1, nonce: 0, maxFeePerGas: 1n, gas: 50000n } as const
    const calls = [
      serializeTransaction({ ...base, to: OWNER, data: '0x01' }),
      serializeTransaction({ ...base, to: OWNER, data: `0x${'ab'.repeat(700)}` }),
      serializeTransaction(base),
    ]
    for (const call of calls) {
      const app = ethereumApp(new SimulatedTransport({ person }))
      await expect(app.signTransaction(PATH, call.slice(2), null)).rejects.toMatchObject({
        name: 'EthAppPleaseEnableContractData',
      })
    }
    expect(asked).toEqual([])
    const app = ethereumApp(new SimulatedTransport({ person, blindSigning: true }))
    for (const call of calls) await app.signTransaction(PATH, call.slice(2), null)
    expect(asked.map((a) => a.kind === 'transaction' && a.blind)).toEqual([true, true, true])
  })

  it.each([
    ['00', '6700'],
    ['e00600000100', '9000'],
    ['b006000000', '6e00'],
    ['e0ff000000', '6d00'],
    ['e002020000', '6b00'],
    ['e002000000', '6a80'],
    ['e00200000501800000', '6700'],
    ['e0088000021234', '6a80'],
    ['e0080000090180000000000000', '6700'],
  ])('answers the command %s with status %s', async (command, status) => {
    const answer = await new SimulatedTransport({ person: yes }).exchange(Buffer.from(command, 'hex'))
    expect(answer.toString('hex').slice(-4)).toBe(status)
  })
})
