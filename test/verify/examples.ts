import { readdirSync, readFileSync } from 'node:fs'
import { checkWrit } from '../../src/actions/checkWrit.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Policy } from '../../src/policy/Policy.js'

const folder = new URL('../../policies/', import.meta.url)

/** The names of the example writs, without `.writ`. */
export const exampleNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.writ'))
  .map((file) => file.slice(0, -'.writ'.length))

/** An example writ, checked. */
export const example = (name: string): Policy => {
  const readFile = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
  const { policy, diagnostics } = checkWrit(readFile(`${name}.writ`), { file: `${name}.writ`, readFile })
  if (policy === undefined) throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join('; ')}`)
  return policy
}

/** A binding like any other. */
export const binding: Binding = {
  module: '0x7777777777777777777777777777777777777777',
  entityId: 7,
  tag: '0x00a1b2c3d4e5',
}
