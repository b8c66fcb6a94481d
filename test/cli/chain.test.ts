import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getContractAddress, recoverTransactionAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { newKeystore, openKeystore, addressOf } from '../../src/account/owners/keystore.js'
import { deployerTransaction } from '../../src/cli/chain/deployment.js'
import { create2Deployer } from '../../src/evm/create2.js'
import { small, writ } from './world.js'

const someone = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
/** Nothing listens on port 1 of loopback. */
const nowhere = ['--rpc', 'http://127.0.0.1:1']

/** The example of the format's own text (Web3 Secret Storage), a key and a password known to everybody. */
const published = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      n: 262144,
      p: 8,
      r: 1,
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}

describe('keystores', () => {
  test('the example of the format opens with its password', async () => {
    const { address } = await openKeystore(JSON.stringify(published), 'testpassword')
    expect(address).toBe('0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b')
  })

  test('a new key opens with its password and no other, and its file says its address', async () => {
    const { text, address } = await newKeystore('secret', 2 ** 10)
    expect(addressOf(text)).toBe(address)
    expect((await openKeystore(text, 'secret')).address.toLowerCase()).toBe(address)
    await expect(openKeystore(text, 'Secret')).rejects.toMatchObject({ fault: 'wrong-password' })
  })

  test('no two keys are alike', async () => {
    const [one, other] = [await newKeystore('secret', 2), await newKeystore('secret', 2)]
    expect(one.address).not.toBe(other.address)
  })

  test('a file that says another address than its key has is refused', async () => {
    const { text, address } = await newKeystore('secret', 2)
    const lying = text.replace(address.slice(2), someone.slice(2))
    await expect(openKeystore(lying, 'secret')).rejects.toMatchObject({ fault: 'not-a-keystore' })
  })

  test('a keystore that a wallet made with other costs of scrypt opens too', async () => {
    const keystore = await import('ox/Keystore')
    const [key, options] = keystore.scrypt({ password: 'secret', n: 1024, r: 8, p: 1 })
    const text = JSON.stringify(keystore.encrypt(`0x${'11'.repeat(32)}`, key, options))
    expect((await openKeystore(text, 'secret')).address).toBe('0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A')
  })

  test('a keystore of pbkdf2 opens too', async () => {
    const keystore = await import('ox/Keystore')
    const [key, options] = keystore.pbkdf2({ password: 'secret', iterations: 1000 })
    const text = JSON.stringify(keystore.encrypt(`0x${'11'.repeat(32)}`, key, options))
    expect((await openKeystore(text, 'secret')).address).toBe('0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A')
    expect(addressOf(text)).toBeUndefined()
  })

  const broken: [string, object | string, string][] = [
    ['half a file', '{"crypto"', 'not-a-keystore'],
    ['another version', { ...published, version: 1 }, 'not-a-keystore'],
    ['no crypto', { version: 3 }, 'not-a-keystore'],
    ['a short mac', { ...published, crypto: { ...published.crypto, mac: '21' } }, 'not-a-keystore'],
    ['another cipher', { ...published, crypto: { ...published.crypto, cipher: 'aes-128-cbc' } }, 'not-supported'],
    [
      'a derivation of four gigabytes',
      { ...published, crypto: { ...published.crypto, kdfparams: { ...published.crypto.kdfparams, n: 2 ** 22, r: 8 } } },
      'not-supported',
    ],
    [
      'a cost that is no power of two',
      { ...published, crypto: { ...published.crypto, kdfparams: { ...published.crypto.kdfparams, n: 262_143 } } },
      'not-supported',
    ],
  ]
  test.each(broken)('%s is refused', async (_, json, fault) => {
    const text = typeof json === 'string' ? json : JSON.stringify(json)
    await expect(openKeystore(text, 'testpassword')).rejects.toMatchObject({ fault })
  })
})

describe('key', () => {
  test('a person types a new password twice, and the key is not printed', async () => {
    const ran = await writ(['key', 'new', 'a.json', '--json'], { answers: ['secret', 'secret'] })
    const { file, address } = JSON.parse(ran.out) as { file: string; address: string }
    expect([ran.code, file, ran.asked.length]).toEqual([0, 'a.json', 2])
    const key = await openKeystore(ran.written['a.json'] ?? '', 'secret')
    expect(key.address.toLowerCase()).toBe(address)
    expect(Object.keys(JSON.parse(ran.out) as object)).toEqual(['file', 'address'])
  })

  test('two different passwords make no key', async () => {
    const ran = await writ(['key', 'new', 'a.json'], { answers: ['secret', 'sekret'] })
    expect([ran.code, ran.err, ran.written]).toEqual([
      5,
      'error: the two passwords differ, nothing was done\nhelp: try again\n',
      {},
    ])
  })

  test('an empty password makes no key', async () => {
    const ran = await writ(['key', 'new', 'a.json'], { env: { WRIT_PASSWORD: '' } })
    expect([ran.code, ran.written]).toEqual([2, {}])
  })

  test('without a password and without a person it is said how to give one', async () => {
    const ran = await writ(['key', 'new', 'a.json'])
    expect([ran.code, ran.err]).toEqual([
      2,
      'error: a password is needed, and nobody is at a terminal to type it\nhelp: add --password-file FILE, or set WRIT_PASSWORD\n',
    ])
  })

  test('a file that is there is never overwritten, and nobody is asked for a password', async () => {
    const ran = await writ(['key', 'new', 'a.json'], { files: { 'a.json': 'mine' }, answers: [] })
    expect([ran.code, ran.written, ran.asked]).toEqual([2, {}, []])
  })

  test('show needs no password where the file says its address, and with --check opens it', async () => {
    const { text, address } = await newKeystore('secret', 2 ** 10)
    const world = { files: { 'a.json': text } }
    const shown = await writ(['key', 'show', 'a.json', '--json'], world)
    expect(JSON.parse(shown.out)).toEqual({ file: 'a.json', address })
    const checked = await writ(['key', 'show', 'a.json', '--check'], { ...world, env: { WRIT_PASSWORD: 'wrong' } })
    expect([checked.code, checked.err]).toEqual([
      5,
      'error: the password does not open `a.json`\nhelp: it is that of WRIT_PASSWORD; for another one: --password-file FILE\n',
    ])
    const file = { files: { ...world.files, 'p.txt': 'secret\r\n' } }
    expect((await writ(['key', 'show', 'a.json', '--check', '--password-file', 'p.txt'], file)).code).toBe(0)
  })

  test('what is no keystore is said so', async () => {
    const ran = await writ(['key', 'show', 'a.writ'], { files: { 'a.writ': small } })
    expect([ran.code, ran.err]).toEqual([
      3,
      expect.stringContaining('`a.writ` is not a keystore: it is not whole JSON'),
    ])
  })
})

describe('commands that speak with a chain', () => {
  const usage: [string, string[], string][] = [
    ['no node', ['deploy'], 'no node is named'],
    ['a node that is no URL', ['deploy', '--rpc', 'localhost:8545'], "option '--rpc <url>' argument"],
    ['neither session nor --all', ['revoke'], 'name either a session or --all'],
    ['a session and --all', ['revoke', '0x12', '--all'], 'name either a session or --all'],
    ['--all and --renounce', ['revoke', '--all', '--renounce'], "--renounce ends one session, the key's own"],
    ['--renounce without a key', ['revoke', '0x12', '--renounce'], '--renounce needs the key'],
    ['a kind that nobody knows', ['install', '--kind', 'safe'], "option '--kind <name>' argument 'safe' is invalid"],
    ['a salt that is no number', ['install', '--salt', 'one'], "argument 'one' is invalid"],
    ['a gate that tries nothing', ['verify', 'a.writ', '--cases', '0'], 'With no operation nothing is proved.'],
    ['an install that nobody owns', ['compile', 'policies/payroll.writ', '--no-text-grants'], 'goes with --owner'],
    [
      'a simulated device that nobody answers',
      ['key', 'show', '--signer', 'simulated'],
      'nobody is at a terminal to give it\nhelp: add --yes, which presses its buttons\n',
    ],
    ['an owner validation without an entity', ['install', '--owner-validation', someone], 'is invalid'],
  ]
  test.each(usage)('%s is a fault of the command line', async (_, argv, message) => {
    const ran = await writ(argv)
    expect([ran.code, ran.out, ran.err]).toEqual([2, '', expect.stringContaining(message)])
  })

  test('a WRIT_RPC that is no URL is named as such', async () => {
    const ran = await writ(['deploy'], { env: { WRIT_RPC: 'ws://127.0.0.1' } })
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('WRIT_RPC is not an http:// or https:// URL')])
  })

  const unreachable: [string, string[]][] = [
    ['deploy', ['deploy', '--from-unlocked', someone, '--yes']],
    ['install', ['install', '--account', someone, '--owner-unlocked', someone, '--yes']],
    ['grant', ['grant', 'a.writ', '--owner-unlocked', someone, '--yes']],
    ['revoke', ['revoke', '--all', '--account', someone, '--owner-unlocked', someone, '--yes']],
  ]
  test.each(unreachable)('%s says that the node does not answer', async (_, argv) => {
    const ran = await writ([...argv, ...nowhere], { files: { 'a.writ': small } })
    expect([ran.code, ran.out]).toEqual([4, ''])
    expect(ran.err).toBe(
      'error: the node at 127.0.0.1:1 cannot be reached\nhelp: is it running, and is the URL of --rpc right?\n',
    )
  })
})

test('a bundler that does not answer is named, and not the node', async () => {
  const node = createServer((_, answer) => answer.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x2105' })))
  await new Promise<void>((listening) => node.listen(0, '127.0.0.1', listening))
  const { text } = await newKeystore('secret', 2)
  try {
    const { port } = node.address() as AddressInfo
    const where = ['--rpc', `http://127.0.0.1:${port}`, '--bundler', 'http://127.0.0.1:1']
    const ran = await writ(
      ['send', '--account', someone, '--key-keystore', 'a.json', '--to', someone, '--yes', ...where],
      { files: { 'a.json': text }, env: { WRIT_PASSWORD: 'secret' } },
    )
    expect([ran.code, ran.err]).toEqual([
      4,
      'error: the bundler at 127.0.0.1:1 cannot be reached\nhelp: is it running, and is the URL of --bundler right?\n',
    ])
  } finally {
    node.close()
  }
})

test('the transaction that makes the CREATE2 deployer comes from the address that is named, and makes it where it stands', async () => {
  const { raw, from } = deployerTransaction
  const sender = await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })
  expect(sender.toLowerCase()).toBe(from)
  expect(getContractAddress({ from, nonce: 0n }).toLowerCase()).toBe(create2Deployer)
})
