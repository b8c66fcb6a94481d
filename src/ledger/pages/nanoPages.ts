import type { Page } from './Device.js'

/** Lines of a page, and width of a line in px. */
const PAGE = { lines: 3, width: 114 } as const

/** Widths in px of the characters 0x20 to 0x7e in the face of a Nano's text. With them the recorded pages of all messages come out as they were shown. */
const WIDTHS: readonly number[] = [
  3,
  3,
  4,
  7,
  6,
  9,
  8,
  3,
  3,
  3,
  6,
  6,
  3,
  3,
  3,
  4, //  !"#$%&'()*+,-./
  6,
  6,
  6,
  6,
  8,
  6,
  6,
  6,
  6,
  6,
  3,
  3,
  6,
  6,
  6,
  5, // 0123456789:;<=>?
  10,
  7,
  7,
  7,
  8,
  6,
  6,
  8,
  8,
  3,
  4,
  7,
  6,
  10,
  8,
  9, // @ABCDEFGHIJKLMNO
  7,
  9,
  7,
  6,
  7,
  8,
  7,
  10,
  7,
  7,
  6,
  4,
  5,
  4,
  6,
  5, // PQRSTUVWXYZ[\]^_
  6,
  6,
  7,
  5,
  7,
  6,
  5,
  6,
  7,
  3,
  3,
  6,
  3,
  10,
  7,
  7, // `abcdefghijklmno
  7,
  7,
  4,
  5,
  4,
  7,
  6,
  9,
  6,
  6,
  5,
  4,
  6,
  4,
  6, // pqrstuvwxyz{|}~
]

const widthOf = (character: string): number => WIDTHS[character.charCodeAt(0) - 0x20] ?? 0

/**
 * The pages of a text on a Nano S Plus or Nano X, all of which must be passed. Every white space is shown as a space; a line ends behind a space, `-` or `_`, or
 * in the middle of a word that is longer than a line. The space at which a line ends takes no room.
 */
export const nanoPages = (text: string): readonly Page[] => {
  const lines = nanoLines(text.replace(/\s/g, ' '))
  const count = Math.ceil(lines.length / PAGE.lines)
  return Array.from({ length: count }, (_, index) => ({
    kind: 'review',
    title: `Message (${index + 1}/${count})`,
    lines: lines.slice(PAGE.lines * index, PAGE.lines * (index + 1)),
    more: false,
  }))
}

const nanoLines = (text: string): readonly string[] => {
  const lines: string[] = []
  let start = 0
  let width = 0
  /** Behind the last place at which the line may end. */
  let breakAt: number | undefined
  const end = (at: number): number => {
    lines.push(text.slice(start, at))
    start = at
    width = 0
    breakAt = undefined
    return at
  }
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at)
    if (width + widthOf(character) > PAGE.width) {
      at = end(character === ' ' ? at + 1 : (breakAt ?? at))
      continue
    }
    width += widthOf(character)
    at += 1
    if (character === ' ' || character === '-' || character === '_') breakAt = at
  }
  if (start < text.length) lines.push(text.slice(start))
  return lines
}
