import { pbkdf2, randomBytes, scrypt, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import type { Keystore as Json } from 'ox/Keystore'
import { privateKeyToAccount, generatePrivateKey, type PrivateKeyAccount } from 'viem/accounts'
import type { Address, Hex } from '../../policy/Hex.js'

/** Why a keystore file cannot be opened. */
export type KeystoreFault =
  /** It is not JSON of Web3 Secret Storage, version 3. */
  | 'not-a-keystore'
  /** A cipher or a derivation that the format knows and this program does not, or one that asks for more memory than is sane. */
  | 'not-supported'
  | 'wrong-password'

/** A keystore that cannot be opened, and why. */
export class KeystoreError extends Error {
  override readonly name = 'KeystoreError'

  constructor(
    readonly fault: KeystoreFault,
    message: string,
  ) {
    super(message)
  }
}

/** A new key that nobody has seen: the text of its keystore file, and its address. */
export type NewKeystore = { readonly text: string; readonly address: Address }

/** scrypt's cost as geth has it (2^18, with r 8: 256 MiB of memory), and the most memory that a file may ask for. */
const COST = 2 ** 18
const MEMORY = 2 ** 29

/** Makes a key and encrypts it (Web3 Secret Storage v3, scrypt, aes-128-ctr). The key itself never leaves this function. */
export const newKeystore = async (password: string, cost: number = COST): Promise<NewKeystore> => {
  const { encrypt } = await import('ox/Keystore')
  const secret = generatePrivateKey()
  const address = lowerCase(privateKeyToAccount(secret).address)
  const kdfparams = { dklen: 32, n: cost, r: 8, p: 1, salt: randomBytes(32).toString('hex') }
  const key = await derive({ kdf: 'scrypt', kdfparams }, password)
  const iv = new Uint8Array(randomBytes(16))
  const json = { address: address.slice(2), ...encrypt(secret, key, { kdf: 'scrypt', kdfparams, iv }) }
  return { text: `${JSON.stringify(json, null, 2)}\n`, address }
}

/** Decrypts a keystore file's text. Rejects with a KeystoreError. */
export const openKeystore = async (text: string, password: string): Promise<PrivateKeyAccount> => {
  const json = read(text)
  const { decrypt, toKey } = await import('ox/Keystore')
  const key = isBeyondNode(json.crypto) ? toKey(json, { password }) : await derive(json.crypto, password)
  let secret: Hex
  try {
    secret = decrypt(json, key)
  } catch (error) {
    if (error instanceof Error && error.message === 'corrupt keystore')
      throw new KeystoreError('wrong-password', 'the password does not open it')
    throw error
  }
  const account = accountOf(secret)
  const said = addressOf(text)
  if (said !== undefined && said !== lowerCase(account.address))
    throw new KeystoreError(
      'not-a-keystore',
      `it says that it is the key of ${said}, but holds that of another address`,
    )
  return account
}

/** OpenSSL keeps to scrypt's own law, N < 2^(16 r), which the format's example (N 2^18, r 1) breaks, and some wallets with it. */
const isBeyondNode = ({ kdfparams }: Pick<Json['crypto'], 'kdfparams'>): boolean =>
  'n' in kdfparams && kdfparams.n >= 2 ** (16 * kdfparams.r)

/** Node's own derivation: as fast as a thief's, and the terminal stays alive meanwhile. */
const derive = async (crypto: Pick<Json['crypto'], 'kdf' | 'kdfparams'>, password: string): Promise<Hex> => {
  const salt = Buffer.from(crypto.kdfparams.salt, 'hex')
  const key =
    'n' in crypto.kdfparams
      ? await promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)(password, salt, 32, {
          N: crypto.kdfparams.n,
          r: crypto.kdfparams.r,
          p: crypto.kdfparams.p,
          maxmem: 2 * MEMORY,
        })
      : await promisify(pbkdf2)(password, salt, crypto.kdfparams.c, 32, 'sha256')
  return `0x${key.toString('hex')}`
}

/** The address that a keystore file says it holds the key of; undefined where it does not say. Throws a KeystoreError. */
export const addressOf = (text: string): Address | undefined => {
  const { address } = read(text)
  if (address === undefined) return undefined
  const digits = typeof address === 'string' ? address.toLowerCase().replace(/^0x/, '') : ''
  if (!/^[0-9a-f]{40}$/.test(digits)) throw new KeystoreError('not-a-keystore', 'its `address` is none')
  return `0x${digits}`
}

const accountOf = (secret: Hex): PrivateKeyAccount => {
  try {
    return privateKeyToAccount(secret)
  } catch {
    throw new KeystoreError('not-a-keystore', 'what it holds is no private key')
  }
}

const read = (text: string): Json & { readonly address?: unknown } => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new KeystoreError('not-a-keystore', 'it is not whole JSON')
  }
  if (!isRecord(json)) throw new KeystoreError('not-a-keystore', 'it is no object')
  if (json['version'] !== 3)
    throw new KeystoreError('not-a-keystore', `its version is ${String(json['version'])}, not 3`)
  // Some old programs write `Crypto`.
  const { crypto = json['Crypto'] } = json
  const fault = isRecord(crypto) ? faultOf(crypto) : 'it has no `crypto`'
  if (fault !== undefined) throw new KeystoreError('not-a-keystore', fault)
  const { cipher, kdf, kdfparams } = crypto as Record<'cipher' | 'kdf' | 'kdfparams', unknown>
  if (cipher !== 'aes-128-ctr') throw new KeystoreError('not-supported', `its cipher is ${String(cipher)}`)
  if (!isDerivation(kdf, kdfparams)) throw new KeystoreError('not-supported', `its derivation is ${String(kdf)}`)
  return { ...json, crypto } as unknown as Json & { readonly address?: unknown }
}

const faultOf = ({ ciphertext, mac, cipherparams, kdfparams }: Record<string, unknown>): string | undefined => {
  if (!isHex(ciphertext, 32)) return 'its `ciphertext` is not 32 bytes of hex'
  if (!isHex(mac, 32)) return 'its `mac` is not 32 bytes of hex'
  if (!isRecord(cipherparams) || !isHex(cipherparams['iv'], 16)) return 'its `iv` is not 16 bytes of hex'
  if (!isRecord(kdfparams) || !isHex(kdfparams['salt'])) return 'its `salt` is not hex'
  return undefined
}

/** Whether the derivation is one that is computed here, within the memory that is granted. */
const isDerivation = (kdf: unknown, parameters: unknown): boolean => {
  if (!isRecord(parameters) || parameters['dklen'] !== 32) return false
  const { n, r, p, c, prf } = parameters
  if (kdf === 'scrypt')
    return isCount(n) && isCount(r) && isCount(p) && Number.isInteger(Math.log2(n)) && 128 * r * (n + p) <= MEMORY
  return kdf === 'pbkdf2' && isCount(c) && c <= 2 ** 24 && prf === 'hmac-sha256'
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isHex = (value: unknown, bytes?: number): boolean =>
  typeof value === 'string' &&
  /^(?:[0-9a-fA-F]{2})+$/.test(value) &&
  (bytes === undefined || value.length === 2 * bytes)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

const lowerCase = (address: string): Address => `0x${address.slice(2).toLowerCase()}`
