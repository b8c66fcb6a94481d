import { describe, expect, it } from 'vitest'
import { writ } from './world.js'

const HEAD = `account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00
fees 0.01 ETH/day
`
const send = (target: number): string => `allow send on 0x${target.toString(16).padStart(40, '0')} budget 0.1 ETH/day\n`

const check = async (text: string): Promise<string> => {
  const { code, err } = await writ(['check', '-'], { stdin: text })
  expect(code).toBe(0)
  return err
}

describe('writ check', () => {
  it('says nothing of a writ that a device can show', async () => {
    expect(await check(`${HEAD}chain base\nttl 7d\n${send(0xabc)}`)).toBe('')
  })

  it('warns of a text that a device shows blank in parts', async () => {
    const many = Array.from({ length: 40 }, (_, index) => send(0xabc0 + index)).join('')
    expect(await check(`${HEAD}chain base\nttl 7d\n${many}`)).toMatch(
      /warning\[W121\]: the device text has \d+ lines, more than 250/,
    )
  })

  it('warns of a chain and an end that are too long for their lines', async () => {
    const err = await check(`${HEAD}chain 9007199254740991\nttl 3000000d\n${send(0xabc)}`)
    expect(err).toMatch(/W121.*9007199254740991 is too long for a line/)
    expect(err).toMatch(/W121.*after the year 9999/)
  })
})
