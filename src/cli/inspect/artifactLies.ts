import * as calldata from '../../compiler/calldata.js'
import { artifactIn, makeArtifact } from '../artifact.js'
import type { Binding } from '../../policy/Binding.js'
import type { Policy } from '../../policy/Policy.js'

/**
 * What an artifact says that its grant does not: only the grant's bytes count on the chain, while people read the rest. Field names in the
 * order of the artifact; `text` is one that `readArtifact` took.
 */
export const artifactLies = (text: string, policy: Policy, binding: Binding): readonly string[] => {
  const said = artifactIn(JSON.parse(text)) as Readonly<Record<string, unknown>>
  const right = makeArtifact(policy, binding, [])
  const lies: string[] = []
  for (const field of ['canonical', 'chainId', 'account', 'key', 'from', 'until', 'binding'] as const)
    if (JSON.stringify(said[field]) !== JSON.stringify(right[field])) lies.push(field)
  const calls = (typeof said['calldata'] === 'object' ? said['calldata'] : null) as Readonly<
    Record<string, unknown>
  > | null
  for (const field of ['grant', 'revoke', 'revokeAll', 'uninstall'] as const)
    if (calls?.[field] !== right.calldata[field]) lies.push(`calldata.${field}`)
  if (calls !== null && 'install' in calls && !installs(calls['install'], binding)) lies.push('calldata.install')
  return lies
}

/** Whether it is calldata of an install of this module under this entity, with writ's flags and selectors; the owners are free. */
const installs = (given: unknown, { module, entityId }: Binding): boolean => {
  const own = calldata.installValidation(module, { entityId, firstOwner: module, textGrants: true })
  // Selector, configuration, three offsets; the rest holds the owners.
  const head = 10 + 64
  return typeof given === 'string' && given.length === own.length && given.slice(0, head) === own.slice(0, head)
}
