import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceText, displayable } from '../../../src/compiler/device/deviceText.js'
import { decode } from '../../../src/compiler/decode.js'
import { encodable } from '../../../src/compiler/encodable.js'
import { encode } from '../../../src/compiler/encode.js'
import { rootOf } from '../../../src/compiler/root.js'
import type { Binding } from '../../../src/policy/Binding.js'
import type { Hex } from '../../../src/policy/Hex.js'
import type { Policy } from '../../../src/policy/Policy.js'
import { changedPolicies } from '../../../src/verify/changedPolicies.js'
import { shownPolicies } from '../../arbitraries/shown.js'
import { SIZE } from '../../arbitraries/Source.js'
import { BINDING } from '../samples.js'
import { oneThingChanged } from './oneThingChanged.js'

const RUNS = Number(process.env['DEVICE_TEXTS'] ?? 300)

/** The policy as its bytes say it, if the compiler would let it be signed. Changed things need not even be of their types. */
const shown = (policy: Policy, binding: Binding): Policy | undefined => {
  try {
    if (encodable(policy).length > 0 || displayable(policy, binding).length > 0) return undefined
    const decoded = decode(encode(policy, binding))
    return decoded.ok ? decoded.policy : undefined
  } catch {
    return undefined
  }
}

/** Remembers which root a text has, and expects that it has no other. */
const oneRootEach = () => {
  const roots = new Map<string, Hex>()
  return {
    see(policy: Policy, binding: Binding = BINDING): void {
      const text = deviceText(policy, binding)
      const root = rootOf(encode(policy, binding))
      expect(roots.get(text) ?? root, text).toBe(root)
      roots.set(text, root)
    },
    get size(): number {
      return roots.size
    },
  }
}

describe('grants of different meaning', () => {
  it('have different texts when one thing of a policy is changed', () => {
    let seen = 0
    fc.assert(
      fc.property(shownPolicies(SIZE.small), fc.infiniteStream(fc.nat(99)), (policy, dice) => {
        const roots = oneRootEach()
        roots.see(policy)
        const changes = [...oneThingChanged(policy)]
        // Of many changes about so many that a case takes no more than a blink.
        const percent = Math.min(100, (100 * 150) / changes.length)
        for (const changed of changes) {
          if ((dice.next().value ?? 0) >= percent) continue
          const meant = shown(changed, BINDING)
          if (meant !== undefined) roots.see(meant)
        }
        seen += roots.size
      }),
      { numRuns: Math.ceil(RUNS / 6) },
    )
    // Most changes are none of a policy; a fair part must be, or nothing was compared.
    expect(seen).toBeGreaterThan(RUNS)
  })

  it('have different texts when they lie at the bounds of the format', () => {
    fc.assert(
      fc.property(shownPolicies(SIZE.small), (policy) => {
        const roots = oneRootEach()
        for (const { policy: changed, long } of changedPolicies(policy)) {
          const meant = long === true ? undefined : shown(changed, BINDING)
          if (meant !== undefined) roots.see(meant)
        }
        expect(roots.size).toBeGreaterThan(50)
      }),
      { numRuns: Math.ceil(RUNS / 100) },
    )
  })

  it('have different texts for another module, entity or tag', () => {
    fc.assert(
      fc.property(shownPolicies(SIZE.small), (policy) => {
        const roots = oneRootEach()
        const module: Hex = `0x${'ab'.repeat(20)}`
        for (const change of [
          {},
          { module },
          { entityId: 4_294_967_295 },
          { entityId: 10 },
          { tag: '0xffffffffffff' as const },
        ])
          roots.see(policy, { ...BINDING, ...change })
        expect(roots.size).toBe(5)
      }),
      { numRuns: 10 },
    )
  })
})
