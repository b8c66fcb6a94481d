import { mnemonicToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { readGrantFile, renderGrantFile, type TextGrant } from '../../src/cli/device/grantFile.js'
import { small, writ } from './world.js'

const owner = mnemonicToAccount('test test test test test test test test test test test junk')
const stranger = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 1 })

describe('a grant file', () => {
  let unsigned: string
  let signed: string
  let grant: TextGrant
  const lower = (address: string): `0x${string}` => `0x${address.slice(2).toLowerCase()}`

  beforeAll(async () => {
    const ran = await writ(['grant', 'a.writ', '--offline', '-o', 'a.json', '--no-verify'], {
      files: { 'a.writ': small },
    })
    unsigned = ran.written['a.json'] ?? ''
    const { grant: read } = await readGrantFile(unsigned, 'a.json')
    const signature = await owner.signMessage({ message: read.text })
    grant = { ...read, owner: lower(owner.address), signature }
    signed = renderGrantFile(grant)
  })

  test('says what it was written from', async () => {
    expect((await readGrantFile(signed, 'a.json')).grant).toEqual(grant)
    expect(grant.text).toMatch(/^GRANT AGENT KEY;\n1 rule, /)
  })

  test('is refused with any byte of it changed', async () => {
    const accepted: string[] = []
    // Every byte before the ABI, which is as long as all the rest, and some of that.
    const abi = signed.indexOf('"abi"')
    for (let at = 0; at < signed.length; at += at < abi ? 7 : 411) {
      const changed = signed.slice(0, at) + String.fromCharCode(signed.charCodeAt(at) ^ 1) + signed.slice(at + 1)
      const read = await readGrantFile(changed, 'a.json').catch((error: unknown) => error)
      if (!(read instanceof Error)) accepted.push(`${at}: ${signed.slice(at - 10, at + 10)}`)
      else expect(read).toMatchObject({ name: 'CliError', exitCode: 3, help: expect.any(String) })
    }
    expect(accepted).toEqual([])
  })

  const changes: [string, (json: Record<string, unknown>) => void, RegExp][] = [
    [
      'its text',
      (json) => (json['text'] = String(json['text']).replace('1 ETH/day', '9 ETH/day')),
      /its `text` is not what/,
    ],
    [
      'its signature',
      (json) => (json['signature'] = `0x${'11'.repeat(64)}1b`),
      /its signature is not that of 0xf39fd6/,
    ],
    ['its owner', (json) => (json['owner'] = lower(stranger.address)), /its signature is not that of 0x709979/],
    ['its version', (json) => (json['writGrant'] = 2), /its version is 2, this program reads 1/],
    [
      'the source’s hash',
      (json) => (artifact(json)['sourceHash'] = `0x${'00'.repeat(32)}`),
      /its checksum is not that/,
    ],
    ['the root', (json) => (artifact(json)['root'] = `0x${'00'.repeat(32)}`), /its root is not that of its grant/],
    [
      'the canonical text',
      (json) => (artifact(json)['canonical'] = 'writ 1\n'),
      /its `canonical` is not that of its grant/,
    ],
    [
      'the account',
      (json) => (artifact(json)['account'] = lower(owner.address)),
      /its `account` is not that of its grant/,
    ],
    ['the calldata', (json) => (artifact(json)['calldata'] = {}), /its `calldata` is not that of its grant/],
    ['the grant', (json) => (artifact(json)['grant'] = '0x01'), /at byte \d+ of the grant/],
    ['nothing but what it has besides', (json) => (json['more'] = 1), /not written as writ writes it/],
  ]
  const artifact = (json: Record<string, unknown>): Record<string, unknown> =>
    json['artifact'] as Record<string, unknown>
  test.each(changes)('is refused with another value: %s', async (_, change, why) => {
    const json = JSON.parse(signed) as Record<string, unknown>
    change(json)
    await expect(readGrantFile(`${JSON.stringify(json, null, 2)}\n`, 'a.json')).rejects.toThrow(why)
  })

  test('is refused where the signature is the other one of the same text, with the higher s', async () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const signature = grant.signature ?? '0x'
    const s = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0')
    const high = `${signature.slice(0, 66)}${s}${signature.endsWith('1b') ? '1c' : '1b'}` as const
    const file = renderGrantFile({ ...grant, signature: high as `0x${string}` })
    await expect(readGrantFile(file, 'a.json')).rejects.toThrow(/its signature is not that/)
  })

  test('is refused where it is written in another form', async () => {
    await expect(readGrantFile(JSON.stringify(JSON.parse(signed)), 'a.json')).rejects.toThrow(
      /not written as writ writes/,
    )
    await expect(readGrantFile(signed.slice(0, -40), 'a.json')).rejects.toThrow(/not whole JSON/)
  })

  test('is read wherever an artifact is', async () => {
    for (const command of ['preview', 'explain']) {
      const [one, other] = [signed, JSON.stringify(grant.artifact)].map((text) =>
        writ([command, 'a.json'], { files: { 'a.json': text } }),
      )
      expect(await one).toEqual(await other)
    }
    const inspected = await writ(['inspect', 'a.json'], { files: { 'a.json': signed } })
    expect([inspected.code, inspected.out]).toEqual([0, expect.stringContaining('writ 1\n')])
  })
})
