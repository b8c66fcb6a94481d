import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import type { Policy } from '../../src/policy/Policy.js'
import { Chain } from '../../src/verify/Chain.js'
import { judgeChangedGrants } from '../../src/verify/changedGrants.js'
import { ACCOUNT, KEY } from '../contracts/harness/actors.js'
import { DAY, FROM } from '../contracts/harness/policies.js'
import { binding } from './examples.js'

const folder = new URL('../../policies/scenarios/', import.meta.url)

/** Scenarios with lists, bytes, masks, sums, nested calls and rolling meters. */
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.writ'))
  .map((file) => file.slice(0, -'.writ'.length))
  .filter((name) => /every|bitmask|bytes|ids|sum|rolling|multisend|ratio|commands/.test(name))

const scenario = (name: string): Policy => {
  const readFile = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
  const { policy, diagnostics } = checkWrit(readFile(`${name}.writ`), {
    file: `${name}.writ`,
    header: { account: ACCOUNT, key: KEY, chain: 'base', from: FROM, ttlSeconds: 7 * DAY },
    readFile,
  })
  if (policy === undefined) throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join('; ')}`)
  return policy
}

test.each(names)('%s: whatever is changed in its grant, module and compiler read the same or nothing', async (name) => {
  const policy = scenario(name)
  const grant = encode(policy, binding)
  const { deployedBytecode: moduleCode } = contractArtifact('WritModule')
  const chain = await Chain.create({ policy, binding, grant, root: rootOf(grant), moduleCode })
  const { accepted, refused } = await judgeChangedGrants(chain, policy, binding, {
    seed: 1,
    count: 60,
    variants: 20,
  })
  expect(accepted).toBeGreaterThan(0)
  expect(refused).toBeGreaterThan(0)
})
