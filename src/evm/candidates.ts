import { decodeFunctionData, parseAbi } from 'viem'
import { selectorOf, signatureOf } from '../compiler/FunctionShape.js'
import type { Hex } from '../policy/Hex.js'
import type { Call } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'

/** At most so many rules are tried for a call that none concerns. */
const nearest = 4

/**
 * For each call of an operation, the rules (indexes into `policy.rules`) that a session key might name in a witness, in the policy's order: those of its
 * target and function; where there are none, some of its target or of its function; where there are none either, the first. Never empty.
 */
export function candidatesOf(policy: Policy, callData: Hex): readonly (readonly number[])[] {
  const index = indexOf(policy)
  return looseCalls(callData).map(({ to, data }) => {
    const action = data === '0x' ? send : data.slice(0, 10).toLowerCase()
    const exact = index.exact.get(`${to}/${action}`)
    if (exact) return exact
    const near = [...(index.byTarget.get(to) ?? []), ...(index.byAction.get(action) ?? [])]
    return near.length > 0 ? near.slice(0, nearest) : index.first
  })
}

type Index = {
  readonly exact: ReadonlyMap<string, readonly number[]>
  readonly byTarget: ReadonlyMap<string, readonly number[]>
  readonly byAction: ReadonlyMap<string, readonly number[]>
  readonly first: readonly number[]
}

const send = 'send'
const indexes = new WeakMap<Policy, Index>()

function indexOf(policy: Policy): Index {
  const known = indexes.get(policy)
  if (known) return known
  const exact = new Map<string, number[]>()
  const byTarget = new Map<string, number[]>()
  const byAction = new Map<string, number[]>()
  const selectors = new Map<string, string>()
  const add = (map: Map<string, number[]>, key: string, rule: number) => {
    const rules = map.get(key)
    if (rules) rules.push(rule)
    else map.set(key, [rule])
  }
  for (const [number, rule] of policy.rules.entries()) {
    // A command stands in a list of commands only.
    if (rule.effect !== 'allow' || rule.action.kind === 'command') continue
    const { target, action } = rule
    const signature = action.kind === 'send' ? send : signatureOf(action)
    const selector = selectors.get(signature) ?? (signature === send ? send : selectorOf(signature))
    selectors.set(signature, selector)
    add(exact, `${target}/${selector}`, number)
    add(byTarget, target, number)
    add(byAction, selector, number)
  }
  const first = [policy.rules.findIndex(({ effect }) => effect === 'allow')]
  const index = { exact, byTarget, byAction, first }
  indexes.set(policy, index)
  return index
}

const outer = parseAbi([
  'struct Call { address target; uint256 value; bytes data; }',
  'function execute(address target, uint256 value, bytes data)',
  'function executeBatch(Call[] calls)',
])
const executeUserOp = '0x8dd7712f'
const unreadable: Call = { to: '0x0000000000000000000000000000000000000000', value: 0n, data: '0x' }

/** The calls as a lenient reader would see them; one call to nowhere where even that fails. It only serves to pick rules: the module judges. */
function looseCalls(callData: Hex): readonly Call[] {
  const lower = callData.toLowerCase()
  const data: Hex = `0x${lower.slice(lower.startsWith(executeUserOp) ? 10 : 2)}`
  try {
    const { functionName, args } = decodeFunctionData({ abi: outer, data })
    const calls =
      functionName === 'execute'
        ? [{ target: args[0], value: args[1], data: args[2] }]
        : args[0].length > 0
          ? args[0]
          : []
    if (calls.length === 0) return [unreadable]
    return calls.map(({ target, value, data }) => ({ to: `0x${target.slice(2).toLowerCase()}`, value, data }))
  } catch {
    return [unreadable]
  }
}
