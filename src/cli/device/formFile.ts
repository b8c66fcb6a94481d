import { keccak256, stringToHex } from 'viem'
import type { Hex } from '../../policy/Hex.js'

/** A file of the owner's words as it is written: JSON in one form, and at its end the hash of the rest. */
export const renderForm = (content: object): string =>
  `${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 2)}\n`

/** Against what happens to a file on its way; what is enforced is compared with the grant's bytes and the signature, not with this. */
const checksumOf = (content: object): Hex => keccak256(stringToHex(JSON.stringify(content)))

/** What keeps a text from being, byte for byte, the file of this content; undefined: nothing does. */
export const formFault = (text: string, content: object): string | undefined => {
  if (text === renderForm(content)) return undefined
  const json: unknown = JSON.parse(text)
  const own = typeof json === 'object' && json !== null && 'checksum' in json ? json.checksum : undefined
  return own === checksumOf(content) ? 'it is not written as writ writes it' : 'its checksum is not that of its content'
}
