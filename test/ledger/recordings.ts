import { readFileSync } from 'node:fs'
import type { Device } from '../../src/ledger/pages/Device.js'

/** One exchange as it was recorded. */
export type Recording = {
  readonly name: string
  readonly devices: readonly Device[]
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly blindSigning: boolean
  /** Whether the person refused on the device. */
  readonly refused: boolean
  readonly exchange: readonly string[]
  readonly result?: { readonly v: number; readonly r: string; readonly s: string }
}

/** The recordings of one file of test/ledger/recorded. */
export const recordings = (name: 'exchanges' | 'typedData'): readonly Recording[] =>
  JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as readonly Recording[]

/** Its commands with their answers, in order. */
export const turnsOf = ({ exchange }: Recording): readonly { readonly command: string; readonly answer: string }[] =>
  exchange.flatMap((line, index) =>
    line.startsWith('=> ') ? [{ command: line.slice(3), answer: exchange[index + 1]?.slice(3) ?? '' }] : [],
  )
