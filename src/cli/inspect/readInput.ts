import type { Address, Hex } from '../../policy/Hex.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { readText } from '../files.js'
import type { Io } from '../Io.js'

/** What is to be inspected: an artifact, or bytes with who sends them to whom, where the input says so. */
export type Input =
  | { readonly kind: 'artifact'; readonly text: string }
  | {
      readonly kind: 'bytes'
      readonly data: Hex
      readonly account?: Address | undefined
      readonly target?: Address | undefined
      /** Of the operation whose calldata it is. */
      readonly signature?: Hex | undefined
    }

/**
 * Reads what `writ inspect` is given: hex as it stands, or a file (`-`: standard input) that holds hex, an artifact, or the JSON of a
 * transaction (`input` or `data`, `to`) or of a UserOperation (`callData`, `sender`, `signature`), perhaps as the `result` of a node.
 */
export const readInput = (io: Io, given: string): Input => {
  const inline = hexIn(given)
  if (inline !== undefined) return { kind: 'bytes', data: inline }
  if (/^0x/i.test(given)) throw notHex(shortened(given))
  const text = readText(io, given)
  const hex = hexIn(text)
  if (hex !== undefined) return { kind: 'bytes', data: hex }
  if (!/^\s*["{]/.test(text)) throw notHex(given)
  return readJson(text, given)
}

const readJson = (text: string, file: string): Input => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new CliError(ExitCode.invalid, `\`${file}\` is not whole JSON`, accepted)
  }
  // A node answers a question about a transaction in such a frame.
  if (isRecord(json) && 'result' in json && !('writ' in json)) json = json['result']
  if (typeof json === 'string') {
    const data = hexIn(json)
    if (data !== undefined) return { kind: 'bytes', data }
  }
  if (!isRecord(json)) throw notHex(file)
  if ('writ' in json || 'grant' in json || 'writGrant' in json) return { kind: 'artifact', text }
  const operation = hexOf(json['callData'])
  const sender = addressOf(json['sender'])
  const signature = hexOf(json['signature'])
  if (operation !== undefined) return { kind: 'bytes', data: operation, account: sender, target: sender, signature }
  const data = hexOf(json['input']) ?? hexOf(json['data'])
  if (data === undefined)
    throw new CliError(ExitCode.invalid, `\`${file}\` has no grant, callData, input or data`, accepted)
  return { kind: 'bytes', data, target: addressOf(json['to']) }
}

/** What inspect takes, for errors. */
export const accepted =
  'give an artifact, the hex of a grant, or calldata that carries one; of a session on the chain its root, with --rpc and --account'

const notHex = (name: string): CliError =>
  new CliError(ExitCode.invalid, `\`${name}\` is neither hex nor JSON of a grant`, accepted)

/** The hex that a text is, white space aside; undefined where it is something else, or has half a byte. */
const hexIn = (text: string): Hex | undefined => {
  const bare = text.replace(/\s+/g, '').toLowerCase()
  return /^0x(?:[0-9a-f]{2})+$/.test(bare) ? (bare as Hex) : undefined
}

const hexOf = (value: unknown): Hex | undefined => (typeof value === 'string' ? hexIn(value) : undefined)

const addressOf = (value: unknown): Address | undefined =>
  typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value) ? (value.toLowerCase() as Address) : undefined

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
