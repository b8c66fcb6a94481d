import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Device, DEVICES } from '../../src/ledger/pages/Device.js'
import { pagesOf } from '../../src/ledger/pages/pagesOf.js'

type Screen = readonly ['review' | 'details', readonly string[]]

const folder = new URL('recorded/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const recorded = JSON.parse(read('pages.json')) as Record<string, Partial<Record<Device, readonly Screen[]>>>
const devices = Object.keys(DEVICES).filter((name): name is Device => name in DEVICES)

/** What a touch screen shows below the text. */
const BUTTONS = new Set(['More', 'Reject', '2 of 3'])

/** A recorded screen as a page is predicted: its lines without the buttons. */
const pageOf = ([kind, [title = '', ...lines]]: Screen) => ({
  kind,
  title,
  lines: lines.filter((line) => kind === 'details' || !BUTTONS.has(line)),
  more: kind === 'review' && lines.includes('More'),
})

const cases = Object.entries(recorded).flatMap(([name, screens]) =>
  devices.flatMap((device) => {
    const shown = screens[device]
    return shown === undefined ? [] : [{ name, device, shown }]
  }),
)

describe('the predicted pages', () => {
  it.each(cases)('of $name on $device are those that were recorded', ({ name, device, shown }) => {
    const pages = pagesOf(read(`messages/${name}.txt`), device)
    const expected = shown.map(pageOf)
    // Whoever went behind "More" came back to the page that offers it.
    const returned = expected.length > 1 && expected.at(-1)?.more === true ? expected.slice(0, -1) : expected
    expect(pages).toEqual(returned)
  })

  it('are there for every recorded text, on the devices it was shown on', () => {
    const names = readdirSync(new URL('messages/', folder)).map((name) => name.replace('.txt', ''))
    expect(Object.keys(recorded).sort()).toEqual(names.sort())
    expect(cases.length).toBeGreaterThanOrEqual(40)
  })

  it.each([
    ['H1', 12, 6, 6],
    ['H2', 20, 9, 8],
    ['H6', 39, 14, 13],
    ['H12', 44, 16, 15],
  ] as const)('of %s are so many as were counted on each device', (name, nano, flex, stax) => {
    const text = read(`messages/${name}.txt`)
    expect(pagesOf(text, 'nanosp')).toHaveLength(nano)
    expect(pagesOf(text, 'nanox')).toHaveLength(nano)
    // Of the pages before and behind the text one was counted.
    expect(pagesOf(text, 'flex').length + 1).toBe(flex)
    expect(pagesOf(text, 'stax').length + 1).toBe(stax)
  })
})
