import type * as fc from 'fast-check'
import { displayable } from '../../src/compiler/device/deviceText.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Policy } from '../../src/policy/Policy.js'
import { BINDING } from '../compiler/samples.js'
import { widePolicies } from './policy.js'
import { SIZE, type Size } from './Source.js'

/** Policies that the bytes can hold and a device can show. Chain ids that are too long for a line become shorter ones. */
export const shownPolicies = (size: Size = SIZE.medium, binding: Binding = BINDING): fc.Arbitrary<Policy> =>
  widePolicies(size)
    .map((policy) => (policy.chainId > 2 ** 40 ? { ...policy, chainId: 2 ** 40 } : policy))
    .filter((policy) => displayable(policy, binding).length === 0)
