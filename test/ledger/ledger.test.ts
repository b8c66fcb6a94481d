import { createRequire } from 'node:module'
import https from 'node:https'
import type MockerModule from '@ledgerhq/hw-transport-mocker'
import { parseTransaction, recoverTransactionAddress, verifyMessage } from 'viem'
import { describe, expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/ledger/LedgerError.js'
import { ledgerErrorOf } from '../../src/ledger/ledgerErrorOf.js'
import { ethereumApp, type UsbModule } from '../../src/ledger/libraries.js'
import { openLedger } from '../../src/ledger/openLedger.js'
import { openUsb } from '../../src/ledger/openUsb.js'
import { signGrantText } from '../../src/ledger/signGrantText.js'
import type { Person } from '../../src/ledger/simulated/Person.js'
import { type Condition, SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import { recordings } from './recordings.js'

const OWNER = '0xDad77910DbDFdE764fC21FCD4E74D71bBACA6D8D'
const SECOND = '0xd692Cb1346262F584D17B4B470954501f6715a82'
const mocker = createRequire(import.meta.url)('@ledgerhq/hw-transport-mocker') as typeof MockerModule

const device = (person: Person = () => true) => new SimulatedTransport({ person })
const ledger = (person?: Person) => openLedger({ transport: device(person) })
const fails = (fault: string) =>
  expect.objectContaining({ name: 'LedgerError', fault, help: expect.stringMatching(/\w/) })

describe('a Ledger', () => {
  it('gives the address at the path and the version of its app', async () => {
    expect(await ledger()).toMatchObject({ address: OWNER, path: "m/44'/60'/0'/0/0", version: '1.22.0' })
    expect(await openLedger({ transport: device(), path: "44'/60'/0'/0/1" })).toMatchObject({ address: SECOND })
  })

  it('shows the address on the device to be verified, and takes a refusal there for one', async () => {
    const person = vi.fn<Person>(() => true)
    await (await ledger(person)).verifyAddress()
    expect(person.mock.calls).toEqual([[expect.objectContaining({ kind: 'address', address: OWNER })]])
    await expect((await ledger(() => false)).verifyAddress()).rejects.toEqual(fails('refused'))
  })

  it('refuses another address than the owner, naming both', async () => {
    const opened = openLedger({ transport: device(), expectedAddress: SECOND })
    await expect(opened).rejects.toEqual(fails('wrong-address'))
    await expect(opened).rejects.toThrow(new RegExp(`${SECOND}.*${OWNER}`))
  })

  it.each([
    "m/44'/61'/0'/0/0",
    'm',
    '',
    "m/44'/60'",
    "m/44'/60'/x",
    "m/44'/60'/2147483648",
    "m/44'/60'/01",
    `m/44'/60'${'/0'.repeat(9)}`,
  ])('refuses the path %j', async (path) => {
    await expect(openLedger({ transport: device(), path })).rejects.toEqual(fails('bad-path'))
  })

  it('signs a transfer, and refuses a call at factory settings', async () => {
    const owner = await ledger()
    const transfer = {
      type: 'eip1559',
      chainId: 8453,
      nonce: 1,
      maxFeePerGas: 9n,
      gas: 21000n,
      to: SECOND,
      value: 3n,
    } as const
    const signed = await owner.signTransaction(transfer)
    expect(await recoverTransactionAddress({ serializedTransaction: signed as `0x02${string}` })).toBe(OWNER)
    expect(parseTransaction(signed)).toMatchObject({ value: 3n, nonce: 1 })
    await expect(owner.signTransaction({ ...transfer, data: '0x12345678' })).rejects.toEqual(fails('blind-signing'))
  })

  it.each([
    ['locked', 'locked', 'locked'],
    ['other-app', 'wrong-app', 'app-closed'],
    ['unplugged', 'unplugged', 'unplugged'],
  ] as const)(
    'that is %s says so, at the beginning and while it is asked',
    async (condition: Condition, first, later) => {
      const before = device()
      before.condition = condition
      await expect(openLedger({ transport: before })).rejects.toEqual(fails(first))
      const during = device(() => {
        during.condition = condition
        return true
      })
      const owner = await openLedger({ transport: during })
      await expect(owner.signMessage('text')).rejects.toEqual(fails(later))
    },
  )

  it('whose answer is of another key than its address is not believed', async () => {
    const transport = device()
    const owner = await openLedger({ transport })
    const other = new SimulatedTransport({
      mnemonic: 'test test test test test test test test test test test junk',
      person: () => true,
    })
    transport.exchange = (apdu) => other.exchange(apdu)
    await expect(owner.signMessage('text')).rejects.toEqual(fails('wrong-signature'))
    await expect(owner.verifyAddress()).rejects.toEqual(fails('wrong-signature'))
  })
})

describe('the signature of a grant text', () => {
  const text = 'one line\nand another'

  it('is verified and fits the text', async () => {
    const signature = await signGrantText({ owner: await ledger(), text, expectedAddress: OWNER })
    expect(await verifyMessage({ address: OWNER, message: text, signature })).toBe(true)
    expect(signature).toMatch(/^0x[0-9a-f]{128}1[bc]$/)
  })

  it.each([
    ['', 'not-readable'],
    ['tab\t', 'not-readable'],
    ['caf\u00e9', 'not-readable'],
    ['a\r\nb', 'not-readable'],
    ['a'.repeat(7601), 'too-long'],
    ['\n'.repeat(250), 'too-long'],
  ])('is not asked of the device for %j', async (bad, fault) => {
    const person = vi.fn<Person>(() => true)
    await expect(signGrantText({ owner: await ledger(person), text: bad, expectedAddress: OWNER })).rejects.toEqual(
      fails(fault),
    )
    expect(person).not.toHaveBeenCalled()
  })

  it('is not asked of another owner, and not taken from one who refuses or signs something else', async () => {
    const person = vi.fn<Person>(() => false)
    const owner = await ledger(person)
    await expect(signGrantText({ owner, text, expectedAddress: SECOND })).rejects.toEqual(fails('wrong-address'))
    expect(person).not.toHaveBeenCalled()
    await expect(signGrantText({ owner, text, expectedAddress: OWNER })).rejects.toEqual(fails('refused'))
    const honest = await ledger()
    const liar = { address: honest.address, signMessage: () => honest.signMessage('something else') }
    await expect(signGrantText({ owner: liar, text, expectedAddress: OWNER })).rejects.toEqual(fails('wrong-signature'))
  })
})

describe('the USB connection', () => {
  const usb =
    (paths: readonly string[], open = () => Promise.resolve(device())) =>
    (): UsbModule => ({
      default: { list: () => Promise.resolve(paths), open },
    })
  const throwing = (message: string, code?: string) => () => {
    throw Object.assign(new Error(message), code === undefined ? {} : { code })
  }

  it('opens the one device that is there', async () => {
    expect(await openUsb(usb(['a']))).toBeInstanceOf(SimulatedTransport)
  })

  it.each([
    ['no device', usb([]), 'no-device'],
    ['two devices', usb(['a', 'b']), 'several-devices'],
    ['a missing package', throwing('Cannot find module', 'MODULE_NOT_FOUND'), 'no-usb-library'],
    [
      'a missing library',
      throwing('libusb-1.0.so.0: cannot open shared object file', 'ERR_DLOPEN_FAILED'),
      'no-usb-library',
    ],
    [
      'a missing permission',
      usb(['a'], () => Promise.reject(new TypeError('cannot open device with path a'))),
      'no-permission',
    ],
    ['anything else', usb(['a'], () => Promise.reject(new Error('odd'))), 'unknown'],
  ])('tells %s', async (_what, load, fault) => {
    await expect(openUsb(load)).rejects.toEqual(fails(fault))
  })
})

describe('the failures', () => {
  it.each([
    [{ statusCode: 0x6511 }, 'wrong-app'],
    [{ statusCode: 0x6d00 }, 'wrong-app'],
    [{ statusCode: 0x5501 }, 'refused'],
    [{ statusCode: 0x6a84 }, 'too-long'],
    [{ statusCode: 0x6a80 }, 'unknown'],
    [{ statusCode: 0x6f00 }, 'unknown'],
    [{ id: 'TransportLocked' }, 'busy'],
    ['a string', 'unknown'],
    [undefined, 'unknown'],
  ])('%j is told as %s', (error, fault) => {
    expect(ledgerErrorOf(error, 'message', false)).toEqual(fails(fault))
  })

  it('pass unchanged where they are told already', () => {
    const error = new LedgerError('refused')
    expect(ledgerErrorOf(error, 'message', true)).toBe(error)
  })
})

describe('recorded typed data', () => {
  const typed = recordings('typedData').filter(({ params }) => !('loadConfig' in params))

  it.each(typed.map((recording, index) => ({ ...recording, title: `${recording.name} (${String(index)})` })))(
    '$title replays through hw-app-eth without a request on the network',
    async ({ exchange, method, params, result }) => {
      const request = vi.spyOn(https, 'request')
      const store = mocker.RecordStore.fromString(exchange.join('\n'))
      const app = ethereumApp(await mocker.openTransportReplayer(store))
      const { path, typedData, domainSeparatorHex, hashStructMessageHex } = params
      const signing =
        method === 'signEIP712Message'
          ? app.signEIP712Message(String(path), typedData as Parameters<typeof app.signEIP712Message>[1])
          : app.signEIP712HashedMessage(String(path), String(domainSeparatorHex), String(hashStructMessageHex))
      if (result === undefined) await expect(signing).rejects.toMatchObject({ statusCode: expect.any(Number) })
      else expect(await signing).toEqual(result)
      expect(store.isEmpty()).toBe(true)
      expect(request).not.toHaveBeenCalled()
      request.mockRestore()
    },
  )
})
