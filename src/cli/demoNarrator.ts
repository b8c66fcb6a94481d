/** Takes text as it is. */
export type Print = (text: string) => void

type Operation = {
  readonly outcome: 'allow' | 'deny'
  readonly what: string
  readonly why: string
  readonly evaluator: string
  readonly chain: string
}

type Facts = Readonly<Record<string, string>>

/** Tells the story of `writ demo`, for people or as JSON Lines, and remembers whether all went as told. */
export class Narrator {
  readonly #print: Print
  readonly #json: boolean
  #chapters = 0
  #chapter = 'begin'
  readonly #failures: string[] = []

  constructor({ print, json }: { readonly print: Print; readonly json: boolean }) {
    this.#print = print
    this.#json = json
  }

  title(title: string, lines: readonly string[]): void {
    if (!this.#json) this.#print([title, '', ...lines, ''].join('\n'))
  }

  /** `name` is for programs. */
  chapter(name: string, title: string): void {
    this.#chapter = name
    this.#chapters += 1
    if (!this.#json) this.#print(`\n${this.#chapters}. ${title}\n`)
  }

  /** A text shown as it is, without its comments. */
  quote(text: string): void {
    const lines = text.split('\n').filter((line) => !line.startsWith('#'))
    const trimmed = lines.join('\n').trim()
    if (this.#json) this.#object({ text: trimmed })
    else this.#print(`\n${trimmed.replaceAll(/^(?=.)/gm, '     ')}\n`)
  }

  /** One line: what, and how it stands. `more` is for programs. */
  fact(name: string, value: string, more: Facts = {}): void {
    if (this.#json) this.#object({ name, value, ...more })
    else this.#print(`   ${name.padEnd(10)} ${value}\n`)
  }

  /** An operation, why it should go so, what was said of it, and what the chain did. */
  operation(operation: Operation): void {
    if (this.#json) return this.#object(operation)
    const { outcome, what, why, evaluator, chain } = operation
    this.#print(`   ${outcome === 'allow' ? '✓' : '✗'} ${what}: ${why}\n`)
    this.#print(`     before, the evaluator says   ${evaluator}\n`)
    this.#print(`     then, on the chain           ${chain}\n`)
  }

  /** Whatever is not so fails the demo. */
  expect(so: boolean, otherwise: string): void {
    if (!so) this.#failures.push(otherwise)
  }

  number(value: bigint): string {
    return value.toLocaleString('en-US')
  }

  /** The last words, and the exit code. */
  end(): number {
    const failed = this.#failures.length > 0
    this.#chapter = 'end'
    if (this.#json) this.#print(`${JSON.stringify({ step: 'end', ok: !failed, failures: this.#failures })}\n`)
    else if (failed) this.#print(`\nNot as told: ${this.#failures.join('; ')}.\n`)
    else this.#print('\nAll went as told. Write your own: writ init my.writ\n')
    return failed ? 1 : 0
  }

  #object(facts: object): void {
    this.#print(`${JSON.stringify({ step: this.#chapter, ...facts })}\n`)
  }
}
