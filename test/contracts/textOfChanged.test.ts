import { expect, test } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { deviceTextOf } from '../../src/compiler/device/deviceText.js'
import { encode } from '../../src/compiler/encode.js'
import type { Hex } from '../../src/policy/Hex.js'
import { BINDING } from '../compiler/samples.js'
import { Chain } from './harness/Chain.js'

// The deny touches no rule that allows: it is in no leaf, and in the text all the same.
const text = `chain base
account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00 UTC
until 2026-12-22 13:00:00 UTC
fees 0.01 ETH/day
token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6
allow transfer on USDC where to == 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC budget 5 USDC/day
deny pay(address to, uint256 amount) on 0x2626664c2603336E57B271c5C0b26F421741e481 where amount >= 7 USDC`

const { policy, diagnostics } = checkWrit(text)
if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
const grant = encode(policy, BINDING)

const changed = (at: number, to: number): Hex =>
  `0x${grant.slice(2, 2 + 2 * at)}${(to & 0xff).toString(16).padStart(2, '0')}${grant.slice(4 + 2 * at)}`

const printed = async (chain: Chain, lie: Hex): Promise<string | undefined> => {
  const { value, error } = await chain.ask('textOf', [lie])
  return error === undefined ? String(value) : undefined
}

test('whatever byte a host changes, the chain prints what the compiler reads in it, and never a line of the host’s own', async () => {
  const chain = await Chain.create()
  let same = 0
  for (let at = 0; at < grant.length / 2 - 1; at++) {
    const byte = parseInt(grant.slice(2 + 2 * at, 4 + 2 * at), 16)
    for (const to of [byte ^ 1, byte + 2, byte ^ 0x80]) {
      const text = await printed(chain, changed(at, to))
      if (text === undefined) continue
      const note = `byte ${at}, ${byte} to ${to}`
      expect(deviceTextOf(changed(at, to)), note).toEqual({ ok: true, text })
      same++
      expect(text, note).toMatch(/^GRANT AGENT KEY;\n2 rules, \d+ lines;\n[ -~\n]+;\n(-\n)*END 2 rules\.$/)
      expect(text.match(/^\[/gm), note).toHaveLength(2)
    }
  }
  expect(same).toBeGreaterThan(50)
}, 300_000)

test('a token that the grant does not have is not shown, whatever stands in memory there', async () => {
  const chain = await Chain.create()
  // form1, asset1, width1 and seven million.
  const asset = grant.indexOf('036acfc0') / 2 - 2
  expect(await printed(chain, changed(asset, 0))).toContain('7 USDC')
  for (let to = 1; to < 0xff; to++) expect(await printed(chain, changed(asset, to)), String(to)).toBeUndefined()
}, 300_000)
