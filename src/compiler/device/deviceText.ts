import type { Binding } from '../../policy/Binding.js'
import type { Hex } from '../../policy/Hex.js'
import type { Policy } from '../../policy/Policy.js'
import { decode } from '../decode.js'
import type { Problem } from '../Problem.js'
import { displayLaws } from './displayLaws.js'
import { Lines } from './Lines.js'
import { printingOf } from './meters.js'
import { printHeader } from './printHeader.js'
import { printRule } from './printRule.js'
import { crashes, MOST } from './screens.js'

/** The text of a grant, or why it has none and at which byte. */
export type DeviceText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string; readonly offset: number }

/**
 * The text that the owner's device shows and the owner signs: a function of the grant's bytes alone, as docs/device-text.md draws it. The policy is one
 * that `displayable` has no problem with; another one is a RangeError.
 */
export const deviceText = (policy: Policy, binding: Binding): string => {
  const [problem] = displayLaws(policy)
  if (problem !== undefined) throw new RangeError(`${problem.message}: the policy has no device text`)
  const text = print(policy, binding)
  const [excess] = sizeLaws(text)
  if (excess !== undefined) throw new RangeError(`${excess.message}: the policy has no device text`)
  return text
}

/** What keeps a policy from being shown on a device; none if `deviceText` prints it. */
export const displayable = (policy: Policy, binding: Binding): readonly Problem[] => {
  const problems = displayLaws(policy)
  return problems.length > 0 ? problems : sizeLaws(print(policy, binding))
}

/** The same from foreign bytes: what `decode` refuses has no text, nor has what no device can show. */
export const deviceTextOf = (grant: Hex): DeviceText => {
  const decoded = decode(grant)
  if (!decoded.ok) return decoded
  const [problem] = displayable(decoded.policy, decoded.binding)
  if (problem !== undefined) return { ok: false, reason: problem.message, offset: 0 }
  return { ok: true, text: deviceText(decoded.policy, decoded.binding) }
}

const print = (policy: Policy, binding: Binding): string => {
  const printing = printingOf(policy)
  const lines = new Lines()
  printHeader(lines, printing, binding)
  for (const [index, rule] of policy.rules.entries()) printRule(lines, rule, [index + 1], true, printing)
  const body = lines.take()
  const rules = `${policy.rules.length} rule${policy.rules.length === 1 ? '' : 's'}`
  // The first two lines and the last one.
  let count = body.length + 3
  while (count <= MOST.lines && crashes(count)) count += 1
  const padding = Array.from({ length: count - body.length - 3 }, () => '-')
  return ['GRANT AGENT KEY;', `${rules}, ${count} lines;`, ...body, ...padding, `END ${rules}.`].join('\n')
}

/** How long the text would be that is too long for a device to show; undefined where nothing, or something else, keeps it from being shown. */
export const sizeIfTooLong = (
  policy: Policy,
  binding: Binding,
): { readonly lines: number; readonly characters: number } | undefined => {
  if (displayLaws(policy).length > 0) return undefined
  const text = print(policy, binding)
  return sizeLaws(text).length > 0 ? { lines: text.split('\n').length, characters: text.length } : undefined
}

const sizeLaws = (text: string): readonly Problem[] => {
  const problems: Problem[] = []
  const lines = text.split('\n').length
  if (lines > MOST.lines) problems.push({ message: `the device text has ${lines} lines, more than ${MOST.lines}` })
  if (text.length > MOST.characters)
    problems.push({ message: `the device text has ${text.length} characters, more than ${MOST.characters}` })
  return problems
}
