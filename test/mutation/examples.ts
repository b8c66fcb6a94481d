import { readdirSync, readFileSync } from 'node:fs'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Policy } from '../../src/policy/Policy.js'

/** The policies that the gate runs on when mutants are tried: the examples of the package, and what they leave unsaid. */
export const examples = (): { readonly name: string; readonly policy: Policy }[] =>
  ['policies', 'test/mutation/policies'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.writ'))
      .map((name) => {
        const { policy, diagnostics } = checkWrit(readFileSync(`${folder}/${name}`, 'utf8'), {
          readFile: (path) => readFileSync(`${folder}/${path}`, 'utf8'),
        })
        if (!policy) throw new Error(`${folder}/${name} is no valid writ: ${JSON.stringify(diagnostics)}`)
        return { name, policy }
      }),
  )

/** Bound like the artifacts that `writ compile` makes. */
export const binding = (): Binding => ({ module: moduleAddress(), entityId: 1, tag: '0x000000000000' })
