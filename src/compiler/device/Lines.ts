import type { Hex } from '../../policy/Hex.js'
import { fitsLine, LINE, unitsOf } from '../../policy/device/glyphs.js'

/** Hex digits of a line; the first one has two fewer, and `0x`. */
const GROUP = 14

/** Part of a phrase, and what stands before it where both are on one line. */
type Piece = { text: string; readonly join: '' | ' ' }

/**
 * Fills lines with what is put into it. A **phrase** is put on the line at hand if it fits there, else on the next one; only a phrase that is longer
 * than a line is filled piece by piece, and only a piece that is longer than a line is cut. What is **glued** to a piece never begins a line of its own
 * unless the piece with it is longer than a line.
 */
export class Lines {
  readonly #lines: string[] = []
  #line = ''
  #units = 0
  #phrase: Piece[] = []
  /** The next phrase begins a line. */
  #fresh = false
  /** An opening parenthesis waits for what it stands before. */
  #opened = false

  /** Begins a phrase with a word. */
  word(text: string): void {
    if (this.#opened) {
      this.#opened = false
      this.soft(text)
      return
    }
    this.#place()
    this.#phrase = [{ text, join: '' }]
  }

  /** Adds a word to the phrase. */
  more(text: string): void {
    this.#phrase.push({ text, join: ' ' })
  }

  /** Adds to the last word of the phrase what may stand on the next line if need be. */
  soft(text: string): void {
    this.#phrase.push({ text, join: '' })
  }

  /** Adds to the last word of the phrase what stays with it. */
  glue(text: string): void {
    const last = this.#phrase.at(-1)
    if (last === undefined) throw new RangeError(`nothing stands before \`${text}\``)
    last.text += text
  }

  /** An opening parenthesis, before the next word. */
  open(): void {
    this.word('(')
    this.#opened = true
  }

  /** What comes next begins a line. */
  newline(): void {
    this.#place()
    this.#fresh = this.#line !== ''
    this.#opened = false
  }

  /** Hex digits, as they are to be printed: a word if they are few, else lines of their own. */
  hex(digits: Hex): void {
    if (digits.length <= GROUP) {
      this.word(digits)
      return
    }
    this.newline()
    for (let start = 0; start < digits.length; start += GROUP) {
      if (start > 0) this.newline()
      this.word(digits.slice(start, start + GROUP))
    }
    // What is glued to the last group comes before the break.
    this.#breakBehind = true
  }

  /** Ends a clause. */
  end(mark: ';' | '.' = ';'): void {
    this.glue(mark)
    this.newline()
  }

  /** All lines so far. */
  take(): readonly string[] {
    this.newline()
    return this.#line === '' ? this.#lines : [...this.#lines, this.#line]
  }

  #breakBehind = false

  /** Puts the phrase down. */
  #place(): void {
    const phrase = this.#phrase
    this.#phrase = []
    const breakBehind = this.#breakBehind
    this.#breakBehind = false
    if (phrase.length === 0) return
    if (this.#fresh) this.#next()
    const whole = phrase.map(({ text, join }) => join + text).join('')
    const before = this.#line === '' ? '' : ' '
    if (this.#fits(before + whole)) this.#append(before + whole)
    else if (fitsLine(whole)) {
      this.#next()
      this.#append(whole)
    } else {
      for (const [index, { text, join }] of phrase.entries()) this.#placePiece(text, index === 0 ? ' ' : join)
    }
    this.#fresh = breakBehind
  }

  #placePiece(text: string, join: '' | ' '): void {
    const before = this.#line === '' ? '' : join
    if (this.#fits(before + text)) {
      this.#append(before + text)
      return
    }
    if (this.#line !== '') this.#next()
    for (const character of text) {
      if (!this.#fits(character)) this.#next()
      this.#append(character)
    }
  }

  #fits(text: string): boolean {
    let units = this.#units
    for (const character of text) units += unitsOf(character)
    return this.#line.length + text.length <= LINE.columns && units <= LINE.units
  }

  #append(text: string): void {
    this.#line += text
    for (const character of text) this.#units += unitsOf(character)
  }

  #next(): void {
    this.#lines.push(this.#line)
    this.#line = ''
    this.#units = 0
    this.#fresh = false
  }
}
