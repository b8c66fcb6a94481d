import type { Hex } from '../policy/Hex.js'

const utf8 = new TextEncoder()

/** What the inside of a string literal stands for: as characters, and as bytes (UTF-8; `\xNN` is one byte). */
export const unescape = (
  inside: string,
  unknown: (offset: number, sequence: string) => void,
): { readonly value: string; readonly bytes: Hex } => {
  let value = ''
  let bytes = ''
  const add = (text: string) => {
    value += text
    for (const byte of utf8.encode(text)) bytes += hexByte(byte)
  }
  for (const { 0: part, 1: escape, index } of inside.matchAll(/\\(x[0-9a-fA-F]{2}|.)|[^\\]+/gsu)) {
    if (escape === undefined) add(part)
    else if (escape === '"' || escape === '\\') add(escape)
    else if (escape === 'n') add('\n')
    else if (escape.length === 3) {
      const byte = Number.parseInt(escape.slice(1), 16)
      value += String.fromCharCode(byte)
      bytes += hexByte(byte)
    } else unknown(index, part)
  }
  return { value, bytes: `0x${bytes}` }
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0')
