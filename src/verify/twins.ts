import { keccak256, stringToHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { assetsIn } from '../compiler/laws/usageLaws.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import type { Rule } from '../policy/Rule.js'
import { bytesOf, flipped, hexOf } from './bytes.js'
import { ENTRY_POINTS } from './cases/forbidden.js'
import { forbiddenRule } from './cases/forbiddenRule.js'
import type { Kind } from './cases/Kind.js'
import { realSignature } from './cases/realSignature.js'

/** A policy that differs from the one at hand in one thing, put into force beside it, and what is tried on it. */
export type Twin = { readonly policy: Policy; readonly kind: Kind; readonly cases: number }

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
const keyOf = (name: string): Hex => keccak256(stringToHex(name))

/** The rule with another target, which is that of the calls and commands inside it too. */
const retargeted = <R extends Rule>(rule: R, target: Address): R =>
  rule.effect === 'deny' || rule.nested === undefined
    ? { ...rule, target }
    : {
        ...rule,
        target,
        nested: rule.nested.map((block) =>
          block.form === 'multisend'
            ? block
            : { ...block, rules: block.rules.map((inner) => retargeted(inner, target)) },
        ),
      }

/**
 * Twins of a policy: one with a key whose private key is known here, and for each target that nobody may call one whose rule names it.
 * The runs of the policy itself can show neither a real signature nor that such a rule would be of no use.
 */
export const twinsOf = (policy: Policy, binding: Binding): Twin[] => {
  const [key, other] = [keyOf('the session key of a twin'), keyOf('somebody else')]
  const address = lowerCase(privateKeyToAddress(key))
  // Its account has the other highest bit: a word cut by one bit shows on one of the two.
  const account = hexOf(flipped(bytesOf(policy.account), 0))
  const signed = { policy: { ...policy, key: address, account }, kind: realSignature(key, other), cases: 8 }
  const allows = policy.rules.flatMap(({ effect }, index) => (effect === 'allow' ? [index] : []))
  const forbidden = [policy.account, binding.module, ...ENTRY_POINTS].flatMap((target, index): Twin[] => {
    const rule = allows[index % allows.length]
    const old = rule === undefined ? undefined : policy.rules[rule]
    if (rule === undefined || old === undefined) return []
    const twin = { ...policy, rules: policy.rules.with(rule, retargeted(old, target)) }
    const used = assetsIn(twin)
    const tokens = policy.tokens.filter((token) => used.has(token.address))
    return [{ policy: { ...twin, tokens }, kind: forbiddenRule(rule), cases: 4 }]
  })
  return [signed, ...forbidden]
}
