import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writ } from './world.js'

const model = 'test/ledger/models/H1.writ'
const module = ['--module', '0x7C2e65252560Fc88927d4a18521d462fc016FD83']
const text = readFileSync('test/ledger/models/H1.txt', 'utf8')

describe('writ preview', () => {
  it('prints the text that the owner signs', async () => {
    const { code, out, err } = await writ(['preview', model, ...module])
    expect({ code, out }).toEqual({ code: 0, out: `${text}\n` })
    // On the other stream, so that the text can be kept as it is.
    expect(err).toMatch(
      /^into force: the agent's first operation \(up to [\d,]+ verification gas, .* once the decimals of USDC/,
    )
    expect(err).toContain('Nano S Plus 12, Nano X 12, Stax 1 and 4 behind "More"')
  })

  it('prints the pages of a Nano, all of which must be passed', async () => {
    const { out } = await writ(['preview', model, ...module, '--device', 'nanosp'])
    expect(out).toMatch(/^Nano S Plus: 12 pages to pass\n/)
    expect(out).toContain(
      '+- Message (1/12) ----------\n| GRANT AGENT KEY; 1\n| rule, 37 lines; until\n| UTC 2026/11/23\n+-',
    )
  })

  it('says how much a touch screen hides behind "More"', async () => {
    const { out } = await writ(['preview', model, ...module, '--device', 'stax'])
    expect(out).toMatch(/^Stax: 1 page to pass, 4 pages behind "More", which may be skipped\n/)
    expect(out).toContain('| fees 0.01 ETH/day;\n| from UTC\n| (More)\n+')
  })

  it('gives all of it to programs', async () => {
    const { out } = await writ(['preview', model, ...module, '--device', 'flex', '--json'])
    const answer = JSON.parse(out) as { text: string; device: string; pages: unknown[] }
    expect(answer).toMatchObject({ file: model, text, device: 'flex', activation: { route: 'first operation' } })
    expect(answer.pages).toHaveLength(5)
  })

  it('names the devices that it knows', async () => {
    const { code, err } = await writ(['preview', model, '--device', 'nano'])
    expect(code).toBe(2)
    expect(err).toContain('nanosp, nanox, stax, flex')
  })

  it('refuses what no device shows whole', async () => {
    const stdin = readFileSync(model, 'utf8').replace('chain base', 'chain 9007199254740991')
    const { code, err } = await writ(['preview', '-'], { stdin })
    expect(code).toBe(3)
    expect(err).toContain('no device can show')
  })
})
