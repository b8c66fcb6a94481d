import { readFileSync } from 'node:fs'
import { instructions } from './mutants.js'

/** Where in the source an instruction comes from; no file for code that the compiler made up. */
export type Place = { readonly file?: string; readonly line: number; readonly text: string }

/** Reads a Solidity source map (`s:l:f:j:m` an instruction, empty fields as before): the place of each program counter. */
export const placesOf = (code: Uint8Array, sourceMap: string, sources: readonly string[]): ((pc: number) => Place) => {
  const entries = sourceMap.split(';')
  const places = new Map<number, { readonly start: number; readonly file: number }>()
  let [start, file, index] = [0, -1, 0]
  for (const pc of instructions(code)) {
    const [s, , f] = (entries[index++] ?? '').split(':')
    if (s) start = Number(s)
    if (f) file = Number(f)
    places.set(pc, { start, file })
  }
  const texts = new Map<string, Buffer>()
  return (pc) => {
    const place = places.get(pc)
    const name = place && sources[place.file]
    if (!name) return { line: 0, text: '(made by the compiler)' }
    const bytes = texts.get(name) ?? readFileSync(name)
    texts.set(name, bytes)
    const before = bytes.subarray(0, place.start).toString('utf8').split('\n')
    const line = before.length
    return { file: name, line, text: bytes.toString('utf8').split('\n')[line - 1]?.trim() ?? '' }
  }
}
