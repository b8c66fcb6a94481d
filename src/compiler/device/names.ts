import { fitsLine } from '../../policy/device/glyphs.js'
import { isKeyword } from '../../policy/device/keywords.js'

/** The longest name that is not cut, in characters. */
const LONGEST = 16

/** A name in pieces, each on a line of its own: cut before a capital if it can be, and marked `-` where it goes on. */
export const cutName = (name: string): readonly string[] => {
  const pieces: string[] = []
  let rest = name
  while (!fitsPiece(rest)) {
    const length = cutOf(rest)
    pieces.push(`${rest.slice(0, length)}-`)
    rest = rest.slice(length)
  }
  return [...pieces, rest]
}

const fitsPiece = (text: string): boolean => text.length <= LONGEST && fitsLine(text)

/** How much of a name is cut off: up to the last capital that comes early enough, else as much as fits. */
const cutOf = (name: string): number => {
  let most = 1
  while (fitsPiece(`${name.slice(0, most + 1)}-`)) most += 1
  for (let length = most; length > 0; length -= 1) if (/^[A-Z]/.test(name.slice(length))) return length
  return most
}

/** What is shown of a parameter's name before its path: the name if it can mean nothing else and fits a line with the path, otherwise nothing. */
export const shownName = (name: string, path: string): string | undefined =>
  // With the sign that may follow it.
  /^[A-Za-z0-9]{1,14}$/.test(name) && !isKeyword(name) && fitsLine(`${name}@${path};`) ? name : undefined
