import { describe, expect, test } from 'vitest'
import { allowancesOf } from '../../src/account/allowances.js'
import { checkWrit } from '../../src/actions/checkWrit.js'
import type { Policy } from '../../src/policy/Policy.js'
import type { Rule } from '../../src/policy/Rule.js'

const token = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const permit2 = '0x000000000022d473030f116ddee9f6b43ac78ba3'
const one = '0xb0b0000000000000000000000000000000000001'
const other = '0xb0b0000000000000000000000000000000000002'

const read = (rules: string): Policy => {
  const { policy, diagnostics } = checkWrit(`account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
chain base
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00
ttl 1d
fees 0.01 ETH/day
token USDC = ${token} decimals 6
${rules}`)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return policy
}

const allowances = (rules: string) => allowancesOf(read(rules))

describe('what a session may leave approved', () => {
  test('an approval for one spender', () => {
    expect(allowances(`allow approve on USDC where spender == ${one} budget 5 USDC/day`)).toEqual({
      known: [{ kind: 'token', token, spender: one }],
      unclear: [],
    })
  })

  test('each spender of a list and of alternatives, once', () => {
    const rules = `allow approve on USDC where spender in [${one}, ${other}] budget 5 USDC/day
allow increaseAllowance(address spender, uint256 addedValue) on USDC where spender == ${other} or spender == ${one} budget 5 USDC/day counting addedValue`
    expect(allowances(rules).known).toEqual([
      { kind: 'token', token, spender: one },
      { kind: 'token', token, spender: other },
    ])
  })

  test('of Permit2 the token and the spender', () => {
    const rules = `allow approve(address token, address spender, uint160 amount, uint48 expiration) on ${permit2}
  where token == USDC and spender == ${one} budget 5 USDC/day counting amount`
    expect(allowances(rules).known).toEqual([{ kind: 'permit2', permit2, token, spender: one }])
  })

  test('an operator of a collection, which the language refuses and another compiler may not', () => {
    const policy = read(`allow transfer on USDC where to == ${one} budget 1 USDC/day
allow setAll(address operator, bool approved) on ${other} where operator == ${one} and approved == true`)
    const rules = policy.rules.map((rule): Rule => {
      if (rule.effect === 'deny' || rule.action.kind !== 'call' || rule.action.name !== 'setAll') return rule
      return { ...rule, action: { ...rule.action, name: 'setApprovalForAll' } }
    })
    expect(allowancesOf({ ...policy, rules }).known).toEqual([{ kind: 'operator', collection: other, operator: one }])
  })

  test('what writ cannot tell is named, and not left out', () => {
    const rules = `allow transfer on USDC where to == ${one} budget 1 USDC/day
allow permitAll(address holder) on ${other}`
    expect(allowances(rules)).toEqual({
      known: [],
      unclear: [{ target: other, function: 'permitAll(address)' }],
    })
  })

  test('a rule that approves nobody leaves nothing', () => {
    expect(allowances(`allow transfer on USDC where to == ${one} budget 1 USDC/day`)).toEqual({
      known: [],
      unclear: [],
    })
  })
})
