import http from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import type EthModule from '@ledgerhq/hw-app-eth'
import type MockerModule from '@ledgerhq/hw-transport-mocker'
import {
  type Address,
  createClient,
  custom,
  type Hex,
  recoverTypedDataAddress,
  serializeSignature,
  slice,
  type TypedDataDefinition,
} from 'viem'
import { getUserOperationTypedData } from 'viem/account-abstraction'
import { base } from 'viem/chains'
import { describe, expect, test, vi } from 'vitest'
import { ledgerOwner } from '../../src/ledger/ledgerOwner.js'
import { type Ledger, openLedger } from '../../src/ledger/openLedger.js'
import type { Person } from '../../src/ledger/simulated/Person.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import { type Recording, recordings, turnsOf } from './recordings.js'

const OWNER = '0xDad77910DbDFdE764fC21FCD4E74D71bBACA6D8D'
const mocker = createRequire(import.meta.url)('@ledgerhq/hw-transport-mocker') as typeof MockerModule

const eth = createRequire(import.meta.url)('@ledgerhq/hw-app-eth') as typeof EthModule
/** No look-up but in what is given. */
const NOBODY = {
  nftExplorerBaseURL: null,
  pluginBaseURL: null,
  cryptoassetsBaseURL: null,
  calServiceURL: null,
} as const

const opening = ['getAppConfiguration', 'getAddress_0'].flatMap((name) => {
  const found = recordings('exchanges').find((recording) => recording.name === name)
  if (found === undefined) throw new Error(`${name} was not recorded`)
  return found.exchange
})

/** A Ledger that answers as it was recorded, to exactly the same questions. */
const replaying = async ({ exchange }: Recording): Promise<{ ledger: Ledger; isAllAsked: () => boolean }> => {
  const store = mocker.RecordStore.fromString([...opening, ...exchange].join('\n'))
  const transport = await mocker.openTransportReplayer(store)
  return { ledger: await openLedger({ transport, expectedAddress: OWNER }), isAllAsked: () => store.isEmpty() }
}

const dataOf = ({ params }: Recording) => params['typedData'] as TypedDataDefinition
const recorded = recordings('typedData').filter(
  ({ method, params }) => method === 'signEIP712Message' && !('loadConfig' in params),
)
/** Those that a device which may show typed data would show otherwise than they are: strings of 1,000 characters, and one that is not ASCII. */
const misleading = new Set(['string_509', 'string_510', 'string_1000', 'string_2000', 'string_utf8'])

const faults: Readonly<Record<string, string>> = { '6a80': 'blind-signing', '6985': 'refused', '6a84': 'too-long' }

const fails = (fault: string) =>
  expect.objectContaining({ name: 'LedgerError', fault, help: expect.stringMatching(/\w/) })

describe('typed data that was recorded', () => {
  const cases = recorded.filter(({ name }) => !misleading.has(name)).map((recording, index) => ({ recording, index }))

  test.each(cases)('$recording.name ($index) is asked for and answered as it was', async ({ recording }) => {
    const requests = [vi.spyOn(https, 'request'), vi.spyOn(http, 'request'), vi.spyOn(globalThis, 'fetch')]
    const { ledger, isAllAsked } = await replaying(recording)
    const signing = ledger.signTypedData(dataOf(recording))
    const { result, exchange } = recording
    if (result === undefined)
      await expect(signing).rejects.toEqual(fails(faults[exchange.at(-1)?.slice(-4) ?? ''] ?? 'none'))
    else {
      const signature = serializeSignature({ r: `0x${result.r}`, s: `0x${result.s}`, yParity: result.v - 27 })
      expect(await signing).toBe(signature)
      expect(await recoverTypedDataAddress({ ...dataOf(recording), signature })).toBe(OWNER)
    }
    expect(isAllAsked()).toBe(true)
    for (const request of requests) {
      expect(request).not.toHaveBeenCalled()
      request.mockRestore()
    }
  })

  test('is of every kind of answer: signed, refused by the person, forbidden by the settings, too large', () => {
    const statuses = new Set(cases.map(({ recording }) => recording.exchange.at(-1)?.slice(-4)))
    expect([...statuses].sort()).toEqual(['6985', '6a80', '6a84', '9000'])
    expect(cases.length).toBeGreaterThan(12)
  })

  test.each(recorded.filter(({ name }) => misleading.has(name)))(
    '$name is not sent to the device, which would not show it as it is',
    async (recording) => {
      const { ledger, isAllAsked } = await replaying(recording)
      await expect(ledger.signTypedData(dataOf(recording))).rejects.toEqual(fails('not-readable'))
      expect(isAllAsked()).toBe(false)
    },
  )
})

type Config = NonNullable<ConstructorParameters<typeof EthModule.default>[2]>

// Filters name the fields that are shown, and their signatures here are of a test key of the app: writ has none, and asks nobody for them.
test.each(recordings('typedData').filter(({ params }) => 'loadConfig' in params))(
  'typed data with filters, recorded on $devices, replays through hw-app-eth, and not through writ, which has no filters',
  async (recording) => {
    const request = vi.spyOn(https, 'request')
    const store = mocker.RecordStore.fromString(recording.exchange.join('\n'))
    const config: Config = { ...NOBODY, ...(recording.params['loadConfig'] as Config) }
    const app = new eth.default(await mocker.openTransportReplayer(store), undefined, config)
    const data = recording.params['typedData'] as Parameters<typeof app.signEIP712Message>[1]
    expect(await app.signEIP712Message(String(recording.params['path']), data)).toEqual(recording.result)
    expect(store.isEmpty()).toBe(true)
    expect(request).not.toHaveBeenCalled()
    request.mockRestore()

    const { ledger } = await replaying(recording)
    await expect(ledger.signTypedData(dataOf(recording))).rejects.toMatchObject({ name: 'LedgerError' })
  },
)

describe('an owner’s UserOperation as typed data', () => {
  const recording = recorded.find(({ name }) => name === 'userop_v08_raw_on_blind_off')
  if (recording === undefined) throw new Error('it was not recorded')
  const message = dataOf(recording).message as Readonly<Record<string, Hex>>
  const half = (field: string, first: boolean): bigint =>
    BigInt(first ? slice(message[field] ?? '0x', 0, 16) : slice(message[field] ?? '0x', 16))
  const { chainId = 0, verifyingContract = '0x' } = dataOf(recording).domain ?? {}

  test('is, made by viem, what was recorded, and its signature is the owner’s', async () => {
    const typedData = getUserOperationTypedData({
      chainId: Number(chainId),
      entryPointAddress: verifyingContract,
      userOperation: {
        sender: message['sender'] as Address,
        nonce: BigInt(message['nonce'] ?? 0),
        callData: message['callData'] ?? '0x',
        callGasLimit: half('accountGasLimits', false),
        verificationGasLimit: half('accountGasLimits', true),
        preVerificationGas: BigInt(message['preVerificationGas'] ?? 0),
        maxFeePerGas: half('gasFees', false),
        maxPriorityFeePerGas: half('gasFees', true),
        signature: '0x',
      },
    }) as TypedDataDefinition
    const { ledger, isAllAsked } = await replaying(recording)
    const nobody = custom({ request: () => Promise.reject(new Error('no node is asked')) })
    const owner = ledgerOwner(createClient({ chain: base, transport: nobody }), ledger)
    const signature = await owner.signTypedData(typedData)
    expect(await recoverTypedDataAddress({ ...typedData, signature })).toBe(OWNER)
    expect(isAllAsked()).toBe(true)
  })

  test('with an answer that was given for other data is not believed', async () => {
    const { ledger } = await replaying(recording)
    const other = recordings('typedData').find(({ name }) => name === 'eip712_raw_on_blind_off')
    const forged = other?.exchange.at(-1)?.slice(3)
    if (forged === undefined) throw new Error('it was not recorded')
    const lying: Recording = { ...recording, exchange: [...recording.exchange.slice(0, -1), `<= ${forged}`] }
    const { ledger: liar } = await replaying(lying)
    await expect(liar.signTypedData(dataOf(recording))).rejects.toEqual(fails('wrong-signature'))
    expect(await ledger.signTypedData(dataOf(recording))).toMatch(/^0x/)
  })
})

describe('a device in software', () => {
  test.each([
    ['eip712_both_off', 'flex'],
    ['hashed_blind_off', 'nanosp'],
  ])('refuses typed data as was recorded at factory settings: %s on %s', async (name, device) => {
    const recording = recordings('typedData').find((r) => r.name === name && r.devices.some((d) => d === device))
    if (recording === undefined) throw new Error('it was not recorded')
    const transport = new SimulatedTransport({ person: () => true })
    for (const { command, answer } of turnsOf(recording))
      expect((await transport.exchange(Buffer.from(command, 'hex'))).toString('hex')).toBe(answer)
  })

  test('says what is needed, and asks nobody', async () => {
    const person = vi.fn<Person>(() => true)
    const ledger = await openLedger({ transport: new SimulatedTransport({ person }) })
    const typedData: TypedDataDefinition = {
      domain: { name: 'x' },
      primaryType: 'Text',
      types: { Text: [{ name: 'text', type: 'string' }] },
      message: { text: 'x' },
    }
    await expect(ledger.signTypedData(typedData)).rejects.toEqual(fails('blind-signing'))
    await expect(ledger.signTypedData(typedData)).rejects.toThrow(/its settings forbid to sign what it cannot show/)
    expect(person).not.toHaveBeenCalled()
  })
})
