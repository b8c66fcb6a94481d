import { canonical } from '../../compiler/canonical.js'
import { parse } from '../../dsl/parse.js'
import type { Binding } from '../../policy/Binding.js'
import type { Policy } from '../../policy/Policy.js'
import { readArtifact } from '../artifact.js'
import { readText } from '../files.js'
import type { HeaderFlags } from '../headerOptions.js'
import type { Io } from '../Io.js'
import { checkText } from '../loadWrit.js'
import { differenceOf, type Difference } from './difference.js'

/** How something found compares with a file; `open` are the header values that the file lacks, which were not compared. */
export type Comparison = { readonly open: readonly string[]; readonly difference?: Difference }

/**
 * Compares a policy with FILE, a writ or an artifact. Header values that a writ lacks are taken from what was found; an artifact's binding
 * counts too, because bytes and root depend on it. Ends the command where the file is not valid.
 */
export const compareWithFile = (
  io: Io,
  file: string,
  found: { readonly policy: Policy; readonly binding: Binding },
  json: boolean,
): Comparison => {
  const text = readText(io, file)
  if (text.trimStart().startsWith('{')) {
    const { policy, binding } = readArtifact(text, file)
    return comparison(
      [],
      differenceOf(canonical(found.policy), canonical(policy)) ?? bindingDifference(found.binding, binding),
    )
  }
  const { account, key, chainId, from, until } = found.policy
  const values: HeaderFlags = { account, key, chain: chainId, from, until }
  const end: HeaderFlags = hasEnd(text) ? {} : { until }
  const first = checkText(io, file, text, end, json)
  const lacking = Object.fromEntries(first.open.map((field) => [field, values[field]]))
  const { policy } = first.open.length === 0 ? first : checkText(io, file, text, { ...end, ...lacking }, json)
  const open = [...first.open, ...('until' in end ? ['until'] : [])]
  return comparison(open, differenceOf(canonical(found.policy), canonical(policy)))
}

const comparison = (open: readonly string[], difference: Difference | undefined): Comparison => ({
  open,
  ...(difference ? { difference } : {}),
})

/** Whether a writ says when it ends: in its header, or in each of its allow rules. */
const hasEnd = (text: string): boolean => {
  const { header, rules } = parse(text).writ
  const ends = ({ kind }: { readonly kind: string }) => kind === 'until' || kind === 'ttl'
  return header.some(ends) || rules.every(({ effect, clauses }) => effect !== 'allow' || clauses.some(ends))
}

const bindingDifference = (found: Binding, file: Binding): Difference | undefined => {
  const parts = [
    ['the module', found.module, file.module],
    ['the entity', String(found.entityId), String(file.entityId)],
    ['the kill tag', found.tag, file.tag],
  ] as const
  const differing = parts.find(([, one, other]) => one !== other)
  return differing && { part: differing[0], found: differing[1], file: differing[2] }
}
