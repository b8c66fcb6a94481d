import { describe, expect, test } from 'vitest'
import { decode } from '../../../src/compiler/decode.js'
import { encodable } from '../../../src/compiler/encodable.js'
import { encode } from '../../../src/compiler/encode.js'
import type { AllowRule } from '../../../src/policy/Rule.js'
import { holdTo } from './laws.js'
import { alice, allowsOf, codesOf, policyOf, policyOfText, router, text, usdc, weth } from './writs.js'

const multicall = 'allow multicall(bytes[] data) on Router each call in calls(data)'
const multisend = 'allow multiSend(bytes transactions) on Router each call in multisend(transactions)'
const commands = 'allow execute(bytes commands, bytes[] inputs) on Router each command in commands(commands, inputs)'
const approved = 'allow approve on [USDC, WETH] where spender == Router budget 1000 USDC/call, 1 WETH/call'

const carrierOf = (rules: string): AllowRule => {
  const [rule] = allowsOf(policyOf(rules))
  if (rule === undefined) throw new Error('no rule')
  return rule
}

/** The rules of the first block of the first rule, in short text. */
const blockOf = (rules: string): string[] =>
  (carrierOf(rules).nested?.[0]?.rules ?? []).map(({ effect, action, target, where }) => {
    const name = action.kind === 'call' ? action.name : action.kind === 'command' ? action.command : action.kind
    return [effect, name, target.slice(0, 6), ...where.map(text)].join(' ')
  })

describe('where the calls stand', () => {
  test('calls are the elements of a bytes[], by name, by position, and inside a tuple or an array', () => {
    const list = (signature: string, path: string) =>
      carrierOf(`allow m(${signature}) on Router each call in calls(${path}) { allow f() }`).nested?.[0]
    const component = (index: number) => ({ kind: 'component', index })
    expect(list('bytes[] data', 'data')).toMatchObject({
      form: 'calls',
      list: { kind: 'argument', path: [component(0)] },
    })
    expect(list('uint256,bytes[]', 'args[1]')).toMatchObject({ list: { path: [component(1)] } })
    expect(list('bytes[] from', 'args.from')).toMatchObject({ list: { path: [component(0)] } })
    expect(list('(uint256 a, bytes[] b) p', 'p.b')).toMatchObject({ list: { path: [component(0), component(1)] } })
    expect(list('bytes[][] all', 'all[last]')).toMatchObject({ list: { path: [component(0), { kind: 'last' }] } })
  })

  test('a multisend and the bytes of commands may be a part of an argument', () => {
    const of = (list: string) =>
      carrierOf(`allow m(bytes data, bytes[] inputs) on Router each call in ${list}`).nested?.[0]
    expect(of('multisend(data[4:]) { allow f() on USDC }')).toMatchObject({
      form: 'multisend',
      list: { slice: { start: 4 } },
    })
    expect(of('multisend(data) { allow f() on USDC }')?.list).not.toHaveProperty('slice')
    expect(of('commands(data[0:2], inputs) { allow 0x00() }')).toMatchObject({
      form: 'commands',
      list: { slice: { start: 0, end: 2 } },
      inputs: { kind: 'argument', path: [{ kind: 'component', index: 1 }] },
    })
  })
})

describe('rules inside a block', () => {
  test('in calls and commands they have the target of the rule around, in a multisend their own', () => {
    expect(blockOf(`${multicall} { allow f(uint256 x) where x == 5 deny f(uint256 x) where x == 6 }`)).toEqual([
      'allow f 0x2626 #0 == 5',
      'deny f 0x2626 #0 == 6',
    ])
    expect(blockOf(`${multisend} { allow f() on [USDC, WETH] deny any on USDC }`)).toEqual([
      'allow f 0x8335',
      'allow f 0x4200',
      'deny any 0x8335',
    ])
    expect(blockOf(`${commands} { allow 0x08(address recipient) where recipient == account }`)).toEqual([
      'allow 8 0x2626 #0 == session.account',
    ])
  })

  test('a list of targets has the block once for each, with one meter', () => {
    const { rules, meters } = policyOf(
      `allow multicall(bytes[] data) on [Router, Alice]
        each call in calls(data) { allow pay(uint256 amount) budget 5 USDC/day counting amount limit 2 calls/day }`,
    )
    const inner = rules.map((rule) => (rule.effect === 'allow' ? rule.nested?.[0]?.rules[0] : undefined))
    expect(inner.map((rule) => rule?.target)).toEqual([router, alice])
    expect(meters.map(({ counts }) => counts)).toEqual(['ETH', usdc, 'calls'])
    expect(
      inner.map((rule) =>
        rule?.effect === 'allow' ? rule.charges.map((charge) => charge.kind === 'meter' && charge.meter) : [],
      ),
    ).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  test('a verb stands for its functions there too, once for each asset', () => {
    const names = blockOf(
      `${multicall} { allow swap budget 500 USDC/day, 1 ETH/day }`.replace('on Router', 'on Router budget 1 ETH/day'),
    ).map((rule) => rule.split(' ')[1])
    expect(names.filter((name) => name === 'exactInputSingle')).toHaveLength(4)
    expect(names.filter((name) => name === 'exactOutput')).toHaveLength(2)
  })

  test('a function of the declared ABI is known there by its name', () => {
    const writ = `ttl 7d fees 0.01 ETH/day contract R = ${router} abi "./r.json"
      allow multicall on R each call in calls(data) { allow sweep where amount == 5 }`
    const abi = '["function multicall(bytes[] data)", "function sweep(uint256 amount)"]'
    const { rules } = policyOfText(writ, { readFile: () => abi })
    expect(rules[0]).toMatchObject({ nested: [{ rules: [{ action: { name: 'sweep' } }] }] })
  })

  test('times, hours and limits may stand there, and several blocks in one rule', () => {
    const rule = carrierOf(
      `allow m(bytes[] a, bytes[] b) on Router
        each x in calls(a) { allow f() from 2026-11-23 13:00:00 ttl 2d hours 09:00-17:00 UTC limit 3 calls/hour }
        each y in calls(b) { allow g() }`,
    )
    expect(rule.nested).toHaveLength(2)
    expect(rule.nested?.[0]?.rules[0]).toMatchObject({
      from: 1_795_438_800,
      until: 1_795_525_200,
      hours: { start: 540, end: 1020 },
    })
  })

  test('blocks may be inside blocks, of other forms too', () => {
    const rule = carrierOf(
      `${multisend} { allow multicall(bytes[] data) on WETH each call in calls(data) { allow execute(bytes c, bytes[] i)
        each command in commands(c, i) { allow 0x21(bytes c, bytes[] i) each command in commands(c, i) { allow 0x04() } } } }`,
    )
    expect(rule).toMatchObject({
      nested: [
        {
          form: 'multisend',
          rules: [
            {
              target: weth,
              nested: [
                {
                  form: 'calls',
                  rules: [
                    {
                      target: weth,
                      nested: [{ form: 'commands', rules: [{ target: weth, nested: [{ form: 'commands' }] }] }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    })
  })

  test('a rule that carries calls needs no budget of its own', () => {
    expect(codesOf(`${multicall} { allow f() }`)).toEqual([])
  })
})

describe('meters', () => {
  test('come in order of first use, those of a rule before those of the rules inside it', () => {
    const { meters } = policyOf(
      `budget shared = 9 USDC/day
      allow multicall(bytes[] data) on Router limit 1 calls/day
        each call in calls(data) {
          allow f(uint256 x, bytes[] more) budget 2 USDC/day counting x
            each call in calls(more) { allow h() limit 3 calls/day }
          allow g(uint256 x) budget shared counting x
        }
      allow h() on Router limit 4 calls/day`,
    )
    expect(meters.map(({ limit }) => limit)).toEqual([10n ** 16n, 1n, 2_000_000n, 3n, 9_000_000n, 4n])
  })

  test('of one name are one meter at every level', () => {
    const { meters } = policyOf(
      `budget shared = 9 USDC/day
      limit all = 9 calls/day
      allow transfer on USDC where to == Alice budget shared limit all
      allow multicall(bytes[] data) on Router limit all each call in calls(data) { allow f(uint256 x) budget shared counting x limit all }`,
    )
    expect(meters.map(({ counts }) => counts)).toEqual(['ETH', usdc, 'calls'])
  })

  test('fees count against the only ETH budget, also where that stands in a block', () => {
    const writ = `ttl 7d contract R = ${router}
      allow multiSend(bytes t) on R each call in multisend(t) { allow send on 0x1111111111111111111111111111111111111111 budget 1 ETH/day }`
    expect(policyOfText(writ)).toMatchObject({
      meters: [{ counts: 'ETH' }],
      fees: { paidBy: { kind: 'budget', meter: 0 } },
    })
  })

  test('tokens that only an inner rule speaks of are tokens of the policy', () => {
    expect(
      policyOf(`${multisend} { allow f(address t) on USDC where t == WETH }`).tokens.map(({ symbol }) => symbol),
    ).toEqual(['USDC', 'WETH'])
  })
})

test('what is read can be compiled, and comes back as it was', () => {
  const policy = policyOf(
    `budget shared = 500 USDC/day
    ${multicall} { allow swap budget shared, 5 WETH/day deny refund(uint256 x) where x == 0 allow refund(uint256 x) }
    ${multisend} { allow transfer on USDC where to == Alice budget shared allow send on Alice budget 1 ETH/day }
    ${commands} { allow 0x08(address to, bytes[] more) each call in calls(more) { allow f() hours 09:00-17:00 UTC } deny 0x08(address to, bytes[] more) where to == Alice }
    deny swap on Router hours 00:00-01:00 UTC`,
  )
  expect(encodable(policy)).toEqual([])
  const binding = { module: `0x${'77'.repeat(20)}`, entityId: 1, tag: `0x${'00'.repeat(6)}` } as const
  expect(decode(encode(policy, binding))).toEqual({ ok: true, policy, binding })
})

holdTo({
  code: 'W081',
  title: 'a token mover inside a block has a budget too',
  refused: [
    `${multisend} { allow transfer on USDC where to == Alice }`,
    `${multisend} { allow send on Alice }`,
    `${multicall} { allow multicall(bytes[] data) each call in calls(data) { allow swap } }`,
  ],
  accepted: [
    `${multisend} { allow transfer on USDC where to == Alice budget 5 USDC/day }`,
    `${multisend} { allow send on Alice budget 1 ETH/day }`,
    `${multicall} { allow multicall(bytes[] data) each call in calls(data) { allow swap budget 5 USDC/day } }\n${approved}`,
  ],
})

holdTo({
  code: 'W085',
  title: 'an approval inside a block names its spender',
  refused: [`${multisend} { allow approve on USDC budget 5 USDC/day }`],
  accepted: [`${multisend} { allow approve on USDC where spender == Alice budget 5 USDC/day }`],
})

holdTo({
  code: 'W054',
  title: 'what is never called is not called inside a block either',
  refused: [
    `${multisend} { allow f() on 0x0000000071727De22E5E9d8BAf0edAc6f37da032 }`,
    `${multisend} { allow f() on 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c }`,
    `${multisend} { allow m(bytes t) on Alice each call in multisend(t) { allow f() on 0x433709009B8330FDa32311DF1C2AFA402eD8D009 } }`,
  ],
  accepted: [`${multisend} { allow f() on Alice }`],
})

holdTo({
  code: 'W082',
  title: 'an inner rule fixes the token that it budgets',
  refused: [`${multicall} { allow supply(address asset, uint256 amount) budget 5 USDC/day }\n${approved}`],
  accepted: [
    `${multicall} { allow supply(address asset, uint256 amount) where asset == USDC budget 5 USDC/day }\n${approved}`,
  ],
})

holdTo({
  code: 'W084',
  title: 'an inner rule may speak of the ether that the call around it brings',
  refused: [
    `${multicall} { allow f() where call.value == 1 }`,
    `${multisend} { allow f() on Alice where call.value == 1 }`,
    `${multisend.replace('on Router', 'on Router budget 1 ETH/day')} { allow f() on Alice where call.value == 1 }`,
  ],
  accepted: [
    `${multicall.replace('on Router', 'on Router budget 1 ETH/day')} { allow f() where call.value == 1 }`,
    `${multisend} { allow f() on Alice where call.value == 1 budget 1 ETH/day }`,
    `${multicall.replace('on Router', 'on Router budget 1 ETH/day')} { allow m(bytes[] d) each call in calls(d) { allow f() where call.value == 1 } }`,
  ],
})

holdTo({
  code: 'W152',
  title: 'ether is budgeted where it can come',
  refused: [
    `${multicall} { allow f() budget 1 ETH/day }`,
    `${multicall} { allow f() budget unlimited ETH }`,
    `${commands} { allow 0x0b(uint256 x) budget 1 ETH/day }`,
  ],
  accepted: [
    `${multicall.replace('on Router', 'on Router budget 1 ETH/day')} { allow f() budget 1 ETH/day }`,
    `${multisend} { allow f() on Alice budget 1 ETH/day each call in calls(args[0]) { allow g() } }`.replace(
      'f()',
      'f(bytes[])',
    ),
  ],
})

holdTo({
  code: 'W088',
  title: 'rules of one block, and rules that carry blocks, charge the same where they can match the same',
  refused: [
    `${multicall} { allow f(uint256 x) limit 1 calls/day allow f(uint256 x) where x == 1 }`,
    `${multicall} { allow f(uint256 x) limit 1 calls/day }\n${multicall} { allow f(uint256 x) }`,
    `${multicall} { allow f(uint256 x) limit 1 calls/day }\n${multicall} { allow f(uint256 x) limit 1 calls/day }`,
    `${multicall} { allow f(uint256 x) limit 1 calls/day }\nallow multicall(bytes[] data) on Router`,
    `limit l = 1 calls/day\n${multicall} { allow f(uint256 x) limit l }\n${multicall} { allow f(uint256 x) limit l allow g() limit l }`,
  ],
  accepted: [
    `${multicall} { allow f(uint256 x) where x == 2 limit 1 calls/day allow f(uint256 x) where x == 1 }`,
    `limit l = 1 calls/day\n${multicall} { allow f(uint256 x) limit l }\n${multicall} { allow f(uint256 x) limit l }`,
    `limit l = 1 calls/day\n${multicall} { allow f(uint256 x) limit l allow g() }\n${multicall} { allow g() allow f(uint256 x) limit l }`,
    `${multicall} { allow f(uint256 x) }\n${multicall} { allow g() }`,
    `${multicall} { allow f(uint256 x) limit 1 calls/day }\nallow f(uint256 x) on Router`,
    `allow m(bytes[] a, uint256 x) on Router where x == 1 each call in calls(a) { allow f() limit 1 calls/day }
     allow m(bytes[] a, uint256 x) on Router where x == 2 each call in calls(a) { allow f() limit 2 calls/day }`,
    `${multisend} { allow f() on USDC limit 1 calls/day allow f() on WETH limit 1 calls/day }`,
  ],
})

holdTo({
  code: 'W055',
  title: 'a command has one form',
  refused: [`${commands} { allow 0x08(address a) deny 0x08(address a, uint256 b) }`],
  accepted: [
    `${commands} { allow 0x08(address a) deny 0x08(address b) where b == account allow 0x88(address a, uint256 b) }`,
  ],
})

holdTo({
  code: 'W103',
  title: 'a deny reaches the rules beside it and what is nested in them',
  refused: [
    `${multicall} { allow f() deny g() }`,
    `${multicall} { allow f() }\ndeny g() on Router`,
    `allow g() on Router\n${multicall} { allow f() deny g() }`,
  ],
  accepted: [
    `${multicall} { allow f() }\ndeny f() on Router hours 00:00-01:00 UTC`,
    `${multicall} { allow m(bytes[] d) each call in calls(d) { allow f() } deny f() }`,
    `${multisend} { allow f() on Alice }\ndeny any on Alice hours 00:00-01:00 UTC`,
  ],
})

holdTo({
  code: 'W089',
  title: 'a deny inside a block counts nothing',
  refused: [`${multicall} { allow f() deny f() limit 1 calls/day }`, `${multicall} { allow f() deny f() ttl 1d }`],
  accepted: [`${multicall} { allow f() deny f() hours 00:00-01:00 UTC }`],
})

holdTo({
  code: 'W104',
  title: 'an inner rule that never holds is a slip',
  refused: [`${multicall} { allow f(uint256 x) where x == 1 and x == 2 }`],
  accepted: [`${multicall} { allow f(uint256 x) where x == 1 or x == 2 }`],
})

holdTo({
  code: 'W086',
  title: 'powers stay with the owner at every depth',
  refused: [
    `${multisend} { allow setApprovalForAll(address operator, bool approved) on Alice where operator == account }`,
  ],
  accepted: [],
})
