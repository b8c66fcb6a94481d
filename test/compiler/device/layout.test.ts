import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { deviceText, deviceTextOf } from '../../../src/compiler/device/deviceText.js'
import { encode } from '../../../src/compiler/encode.js'
import { shownPolicies } from '../../arbitraries/shown.js'
import { SIZE } from '../../arbitraries/Source.js'
import { BINDING } from '../samples.js'
import { layoutFaults } from './layoutFaults.js'

/** How many generated policies are printed; DEVICE_TEXTS=10000 prints as many as the project promises. */
const RUNS = Number(process.env['DEVICE_TEXTS'] ?? 300)

describe('a device text', () => {
  it('keeps every layout rule, whatever the policy', () => {
    fc.assert(
      fc.property(shownPolicies(), (policy) => {
        const text = deviceText(policy, BINDING)
        expect(layoutFaults(text), text).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  it('is a function of the bytes alone', () => {
    fc.assert(
      fc.property(shownPolicies(SIZE.small), (policy) => {
        expect(deviceTextOf(encode(policy, BINDING))).toEqual({ ok: true, text: deviceText(policy, BINDING) })
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    )
  })

  const folder = new URL('../../../policies/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.writ'))
  it.each(names)('of %s keeps every layout rule, and is what it was when it was read through', async (name) => {
    const readFile = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
    const { policy } = checkWrit(readFile(name), { readFile })
    if (policy === undefined) throw new Error(`${name} is no policy`)
    const text = deviceText(policy, BINDING)
    expect(layoutFaults(text), text).toEqual([])
    await expect(text).toMatchFileSnapshot(`texts/${name.replace('.writ', '.txt')}`)
  })
})
