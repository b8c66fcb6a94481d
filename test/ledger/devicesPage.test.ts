import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Doing, ledgerErrorOf } from '../../src/ledger/ledgerErrorOf.js'
import { DEVICES } from '../../src/ledger/pages/Device.js'
import { type Recording, recordings } from './recordings.js'

const page = readFileSync('docs/devices.md', 'utf8')

/** The cells of the table's row that begins so. */
const row = (beginning: string): readonly string[] => {
  const line = page.split('\n').find((text) => text.startsWith(`| ${beginning}`))
  if (line === undefined) throw new Error(`docs/devices.md has no row that begins with ${beginning}`)
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

const statusOf = ({ exchange }: Recording): string => `0x${exchange.at(-1)?.slice(-4) ?? ''}`

const all = [...recordings('exchanges'), ...recordings('typedData')]
const statuses = (name: string): readonly string[] => {
  const found = all.filter((recording) => recording.name === name).map(statusOf)
  if (found.length === 0) throw new Error(`nothing was recorded under ${name}`)
  return [...new Set(found)]
}

/** What a cell says of a recorded call: refused with the status that it names, or signed. */
const says = (cell: string, status: string): boolean =>
  status === '0x9000' ? /signed|shown/.test(cell) && !/^refused/.test(cell) : cell.includes(`refused (${status})`)

const FACTORY = 1
const BLIND = 2
const RAW = 3

describe('the page of devices says what was recorded of', () => {
  test.each([
    ['**text**', FACTORY, 'A'],
    ['text with any other byte', FACTORY, 'S_utf8'],
    ['text above 7,600', FACTORY, 'L8000'],
    ['**transaction without data**', FACTORY, 'tx1559_transfer'],
    ['**transaction with data**', FACTORY, 'tx_installValidation_blind_off'],
    ['**transaction with data**', BLIND, 'tx_installValidation_blind_on'],
    ['**typed data** (EIP-712) without', FACTORY, 'eip712_both_off'],
    ['**typed data** (EIP-712) without', BLIND, 'eip712_raw_off_blind_on'],
    ['**typed data** (EIP-712) without', RAW, 'eip712_raw_on_blind_off'],
    ['typed data as two hashes', FACTORY, 'hashed_blind_off'],
    ['typed data as two hashes', BLIND, 'hashed_blind_on'],
    ['UserOperation of EntryPoint 0.8', RAW, 'userop_v08_raw_on_blind_off'],
  ])('%s (column %i): %s', (beginning, column, name) => {
    for (const status of statuses(name)) expect(says(row(beginning)[column] ?? '', status), status).toBe(true)
  })

  test('typed data that is refused for its size', () => {
    const cell = row('**typed data** (EIP-712) without')[RAW] ?? ''
    for (const length of ['254', '509', '510']) {
      expect(cell).toContain(length)
      expect(statuses(`string_${length}`)).toEqual(['0x6a80'])
    }
    expect(cell).toMatch(/lists of 120 elements \(0x6a84\)/)
    expect(statuses('array_120')).toEqual(['0x6a84'])
  })
})

test('the page of devices names every device, and nothing as tried that was not', () => {
  for (const name of Object.values(DEVICES)) expect(page).toContain(name)
  const devicesOf = (match: (recording: Recording) => boolean) => [
    ...new Set(all.filter(match).flatMap(({ devices }) => devices)),
  ]
  expect(page).toMatch(/Typed data on Nano X and Stax; transactions with data on Nano X and Stax/)
  expect(devicesOf(({ method }) => method.startsWith('signEIP712')).sort()).toEqual(['flex', 'nanosp'])
  expect(devicesOf(({ name }) => name.startsWith('tx_')).sort()).toEqual(['flex', 'nanosp'])
})

test.each<[number, Doing]>([
  [0x6a80, 'transaction'],
  [0x6a80, 'typed data'],
  [0x6985, 'message'],
  [0x6a84, 'message'],
  [0x5515, 'asking'],
  [0x6511, 'asking'],
])('the page of devices has the words that the owner reads for status %i while doing: %s', (statusCode, doing) => {
  expect(page).toContain(`| ${ledgerErrorOf({ statusCode }, doing, false).message} |`)
})
