import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import type { Policy } from '../../src/policy/Policy.js'
import { Chain } from '../../src/verify/Chain.js'
import { type GrantTally, judgeChangedGrants } from '../../src/verify/changedGrants.js'
import { SIZE } from '../arbitraries/Source.js'
import { policies, widePolicies } from '../arbitraries/policy.js'
import { shownPolicies } from '../arbitraries/shown.js'
import { ACCOUNT, KEY } from '../contracts/harness/actors.js'
import { DAY, FROM } from '../contracts/harness/policies.js'
import { binding } from './examples.js'

/** Generated policies of each kind that are changed; the full measure is WRIT_CHANGED=100. */
const CASES = Number(process.env['WRIT_CHANGED'] ?? 3)

const folder = new URL('../../policies/scenarios/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.writ'))
  .map((file) => file.slice(0, -'.writ'.length))

/** A scenario under the header of these tests; none of the one that begins in a later year. */
const scenario = (name: string): Policy | undefined => {
  const readFile = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
  return checkWrit(readFile(`${name}.writ`), {
    file: `${name}.writ`,
    header: { account: ACCOUNT, key: KEY, chain: 'base', from: FROM, ttlSeconds: 7 * DAY },
    readFile,
  }).policy
}

const judge = async (
  policy: Policy,
  options: { seed: number; count: number; variants: number },
): Promise<GrantTally> => {
  const grant = encode(policy, binding)
  const { deployedBytecode: moduleCode } = contractArtifact('WritModule')
  const chain = await Chain.create({ policy, binding, grant, root: rootOf(grant), moduleCode })
  return judgeChangedGrants(chain, policy, binding, options)
}

describe('whatever is changed in a grant, the chain and the compiler read the same or nothing, and print the same or nothing:', () => {
  const scenarios = names.flatMap((name) => {
    const policy = scenario(name)
    return policy === undefined ? [] : [[name, policy] as const]
  })

  test('all scenarios are there but one', () => {
    expect(scenarios.length).toBe(names.length - 1)
  })

  test.each(scenarios)('%s', { timeout: 60_000 }, async (_, policy) => {
    const { accepted, refused } = await judge(policy, { seed: 1, count: 60, variants: 20 })
    expect(accepted).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  })

  test.each([
    ['in a writ', policies(SIZE.small)],
    ['in bytes', widePolicies(SIZE.small)],
    ['on a device', shownPolicies()],
  ])(`${CASES} generated policies, %s`, { timeout: 3_600_000 }, async (_, each) => {
    await fc.assert(
      fc.asyncProperty(each, fc.nat(), async (policy, seed) => {
        await judge(policy, { seed, count: 100, variants: 5 })
      }),
      { numRuns: CASES },
    )
  })
})
