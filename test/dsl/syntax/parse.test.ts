// Longer than most: a few lines for each form of the grammar, in its order.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clause, Expression, HeaderLine, Rule } from '../../../src/dsl/ast.js'
import { Grammar } from '../../../src/dsl/grammar.js'
import { lex } from '../../../src/dsl/lex.js'
import { parse } from '../../../src/dsl/parse.js'
import { print } from '../../../src/dsl/print.js'
import { arbitraryWrit } from './arbitraryWrit.js'
import { withoutSpans } from './withoutSpans.js'

const target = '0x1111111111111111111111111111111111111111'

/** The only rule of a text without faults. */
const ruleOf = (text: string): Rule => {
  const { writ, diagnostics } = parse(text)
  expect(diagnostics).toEqual([])
  const [rule] = writ.rules
  if (!rule) throw new Error('no rule')
  return rule
}
const clausesOf = (text: string): readonly Clause[] => ruleOf(`allow f on ${target} ${text}`).clauses
const conditionOf = (text: string): Expression => {
  const [clause] = clausesOf(`where ${text}`)
  if (clause?.kind !== 'where') throw new Error('no condition')
  return clause.condition
}
const headerOf = (text: string): HeaderLine => {
  const { writ, diagnostics } = parse(text)
  expect(diagnostics).toEqual([])
  const [line] = writ.header
  if (!line) throw new Error('no header')
  return line
}
/** An expression with every pair of parentheses that its tree implies. */
const grouped = (node: Expression): string => {
  switch (node.kind) {
    case 'and':
    case 'or':
      return `(${node.operands.map(grouped).join(` ${node.kind} `)})`
    case 'not':
      return `(not ${grouped(node.operand)})`
    case 'comparison':
    case 'arithmetic':
      return `(${grouped(node.left)} ${node.operator} ${grouped(node.right)})`
    case 'mask':
      return `(${grouped(node.left)} & ${grouped(node.right)})`
    case 'negative':
      return `(- ${grouped(node.operand)})`
    case 'percentage':
      return `(${node.percent.text}% of ${grouped(node.of)})`
    case 'priced':
      return `(${grouped(node.amount)} ${node.direction} P)`
    case 'path':
      return node.root.text
    default:
      return node.kind
  }
}

describe('the grammar', () => {
  test('has no ambiguity, no left recursion and no rule that is missing', () => {
    expect(() => new Grammar(false)).not.toThrow()
  })
})

describe('rules', () => {
  test('one line is a complete writ', () => {
    const rule = ruleOf('allow swap on 0x2626664c2603336E57B271c5C0b26F421741e481 budget 1 ETH/day ttl 24h')
    expect(withoutSpans(rule)).toEqual({
      kind: 'rule',
      effect: 'allow',
      action: { kind: 'named', name: { kind: 'name', text: 'swap' } },
      targets: [{ kind: 'address', text: '0x2626664c2603336E57B271c5C0b26F421741e481' }],
      clauses: [
        {
          kind: 'budget',
          terms: [
            {
              kind: 'budget amount',
              amount: {
                kind: 'amount',
                number: { kind: 'number', text: '1', value: { digits: 1n, decimals: 0 } },
                unit: { kind: 'name', text: 'ETH' },
              },
              window: {
                kind: 'period',
                period: { kind: 'period length', text: 'day', seconds: 86_400 },
                rolling: false,
              },
            },
          ],
        },
        { kind: 'ttl', duration: { kind: 'duration', text: '24h', seconds: 86_400 } },
      ],
      incomplete: false,
    })
  })

  test('an overloaded function is named by its signature, structs by their components', () => {
    const { action } = ruleOf(`deny exactInputSingle((address tokenIn, uint24 fee) params, bytes32[2][]) on ${target}`)
    expect(withoutSpans(action)).toMatchObject({
      kind: 'signature',
      inputs: [
        {
          type: {
            kind: 'tuple type',
            components: [
              { type: { text: 'address' }, name: { text: 'tokenIn' } },
              { type: { text: 'uint24' }, name: { text: 'fee' } },
            ],
          },
          name: { text: 'params' },
        },
        { type: { kind: 'array', element: { kind: 'array', length: { text: '2' }, element: { text: 'bytes32' } } } },
      ],
    })
  })

  test('`send` and `any` are actions, and functions may be called so', () => {
    expect(ruleOf(`allow send on ${target}`).action.kind).toBe('send')
    expect(ruleOf(`deny any on ${target}`).action.kind).toBe('any')
    expect(ruleOf(`allow send(address to) on ${target}`).action).toMatchObject({
      kind: 'signature',
      name: { text: 'send' },
    })
  })

  test('targets are one or a list', () => {
    expect(ruleOf(`allow f on [Router, ${target}]`).targets.map(({ kind }) => kind)).toEqual(['name', 'address'])
  })

  test('a rule without `on` stands inside a block only', () => {
    const [clause] = clausesOf(
      'each command in commands(commands, inputs) { allow 0x0b(address recipient) deny 0x00() }',
    )
    expect(clause).toMatchObject({
      kind: 'each',
      form: { text: 'commands' },
      rules: [{ action: { kind: 'command' } }, { targets: [] }],
    })
    expect(parse('allow swap budget 1 ETH/day').diagnostics.map(({ code }) => code)).toEqual(['W014'])
  })

  test('the span of a node is what the author would call it', () => {
    const text = `allow f on ${target} where (a == b) and not (c < 2 ETH) budget 1 ETH/day`
    const slice = ({ span }: { span: { start: number; end: number } }) => text.slice(span.start, span.end)
    const rule = ruleOf(text)
    expect(slice(rule)).toBe(text)
    const [where, budget] = rule.clauses
    if (where?.kind !== 'where' || where.condition.kind !== 'and' || budget?.kind !== 'budget')
      throw new Error('not so')
    expect(where.condition.operands.map(slice)).toEqual(['(a == b)', 'not (c < 2 ETH)'])
    expect(budget.terms.map(slice)).toEqual(['1 ETH/day'])
  })
})

describe('clauses', () => {
  test.each([
    ['budget 100 USDC/day, 300 USDC/week, 25 USDC/call', ['period', 'period', 'per call']],
    ['budget 1 ETH total, 5 USDC/5m rolling, 3 ETH', ['total', 'period', undefined]],
  ])('%s', (text, windows) => {
    const [clause] = clausesOf(text)
    if (clause?.kind !== 'budget') throw new Error('no budget')
    expect(clause.terms.map((term) => (term.kind === 'budget amount' ? term.window?.kind : 'no'))).toEqual(windows)
  })

  test('a budget may be shared, unlimited, and say what it counts', () => {
    expect(clausesOf('budget trading counting params.amountIn')[0]).toMatchObject({
      terms: [{ kind: 'shared', name: { text: 'trading' } }],
      counting: { kind: 'path', root: { text: 'params' } },
    })
    expect(clausesOf('budget unlimited USDC')[0]).toMatchObject({
      terms: [{ kind: 'unlimited', asset: { text: 'USDC' } }],
    })
  })

  test('limits, hours and times', () => {
    expect(clausesOf('limit votes, 20 calls/hour')[0]).toMatchObject({
      terms: [
        { kind: 'shared' },
        { kind: 'limit amount', calls: { text: '20' }, window: { period: { seconds: 3600 } } },
      ],
    })
    expect(clausesOf('hours 09:00-24:00 UTC mon-fri,sun')[0]).toMatchObject({
      start: { minutes: 540 },
      end: { minutes: 1440 },
      days: [
        { first: 0, last: 4 },
        { first: 6, last: 6 },
      ],
    })
    expect(clausesOf('from 2026-11-22 13:00:00 until 2026-11-29 UTC ttl 2w')).toMatchObject([
      { kind: 'from', date: { seconds: Date.UTC(2026, 10, 22, 13) / 1000 } },
      { kind: 'until', date: { seconds: Date.UTC(2026, 10, 29) / 1000 } },
      { kind: 'ttl', duration: { seconds: 1_209_600 } },
    ])
  })
})

describe('header lines', () => {
  test.each([
    ['writ 1', { kind: 'version', version: { value: { digits: 1n, decimals: 0 } } }],
    [`account ${target}`, { kind: 'account', address: { kind: 'address' } }],
    ['chain base-sepolia', { kind: 'chain', chain: { text: 'base-sepolia' } }],
    ['chain 8453', { kind: 'chain', chain: { kind: 'number', text: '8453' } }],
    [`token USDC = ${target} decimals 6 abi "./a.json"`, { decimals: { text: '6' }, abi: { value: './a.json' } }],
    [`token DAI = ${target} base units`, { decimals: { kind: 'base units' } }],
    [
      'let Pairs = [(Alice, 1 ETH), (Bob, 2 ETH)]',
      { kind: 'let', value: { kind: 'list', items: [{ kind: 'tuple' }, {}] } },
    ],
    ['budget trading = 500 USDC/day', { kind: 'budget line', amounts: [{ window: { kind: 'period' } }] }],
    ['limit votes = 3 calls/day', { kind: 'limit line', amounts: [{ calls: { text: '3' } }] }],
    ['import "./tokens.writ"', { kind: 'import', path: { value: './tokens.writ' } }],
    ['fees unlimited', { alternatives: [{ kind: 'unlimited fees' }] }],
    [
      `fees 0.002 ETH/day or sponsored by ${target} where op.maxFeePerGas <= 50 gwei`,
      { alternatives: [{ kind: 'budget amount' }, { kind: 'sponsored' }], where: { kind: 'comparison' } },
    ],
  ])('%s', (text, shape) => {
    expect(headerOf(text)).toMatchObject(shape)
  })

  test('an action lists functions, each with what it spends and requires', () => {
    const line = headerOf(`action pay {
      function pay((address to, uint256 amount) p) ; spends p.amount of target unless ETH budget ; requires p.to == account
      function send2(address to) requires to != account when ETH budget
    }`)
    expect(line).toMatchObject({
      kind: 'action',
      name: { text: 'pay' },
      functions: [
        {
          signature: { name: { text: 'pay' } },
          spends: [{ asset: { root: { text: 'target' } }, when: { negated: true, asset: { text: 'ETH' } } }],
          requires: [{ condition: { kind: 'comparison' } }],
        },
        { spends: [], requires: [{ when: { negated: false } }] },
      ],
    })
  })
})

describe('expressions', () => {
  test.each([
    ['a or b and not c == d', '(a or (b and (not (c == d))))'],
    ['a + b * c - d == e & f', '(((a + (b * c)) - d) == (e & f))'],
    ['a & b + c == d', '((a & (b + c)) == d)'],
    ['a - b - c / d / e < f', '(((a - b) - ((c / d) / e)) < f)'],
    ['98% of a + b >= 2.5% of c at 1 ETH per X', '(((98% of a) + b) >= ((2.5% of c) at P))'],
    ['a / b at 1 ETH per X == - c sold at 1 ETH per X', '(((a / b) at P) == ((- c) sold at P))'],
    ['not not a and (b or c)', '((not (not a)) and (b or c))'],
  ])('%s is read as %s', (text, tree) => {
    expect(grouped(conditionOf(text))).toBe(tree)
  })

  test.each([
    ['to in [Alice, Bob]', { kind: 'membership', negated: false, set: { kind: 'list' } }],
    ['to not in Friends', { kind: 'membership', negated: true, set: { kind: 'path' } }],
    [
      'x in -5..5e18',
      { set: { kind: 'range', first: { kind: 'negative' }, last: { value: { digits: 5n * 10n ** 18n } } } },
    ],
    ['(to, amount) in [(Alice, 1 ETH)]', { left: { kind: 'tuple' }, set: { items: [{ kind: 'tuple' }] } }],
    ['x starts with 0x1234', { kind: 'starts with', prefix: { kind: 'hex', text: '0x1234' } }],
    ['x & 0xff == 1', { left: { kind: 'mask' } }],
    [
      'every t in path (t == USDC)',
      { kind: 'quantified', quantifier: 'every', over: { kind: 'path' }, body: { kind: 'comparison' } },
    ],
    [
      'any t in slices(path, 20, 3) (t == USDC)',
      { quantifier: 'any', over: { kind: 'function call', arguments: [{}, {}, {}] } },
    ],
    ['len(calls(data)) <= 5', { left: { kind: 'function call', arguments: [{ kind: 'function call' }] } }],
    ['bytes32(account) == x', { left: { kind: 'function call', name: { text: 'bytes32' } } }],
    ['deadline <= now + 20m', { right: { kind: 'arithmetic', right: { kind: 'duration', seconds: 1200 } } }],
    ['x == 1000 units', { right: { kind: 'amount', unit: { text: 'units' } } }],
    ['x == 1000 units DAI', { right: { kind: 'amount', of: { text: 'DAI' } } }],
    ['x == "a\\"\\x41\\n\u00e9"', { right: { kind: 'string', value: 'a"A\n\u00e9', bytes: '0x6122410ac3a9' } }],
    ['x == "\\xff"', { right: { bytes: '0xff' } }],
    ['x == true', { right: { kind: 'boolean', value: true } }],
    ['x < 1_000.50', { right: { text: '1_000.50', value: { digits: 10005n, decimals: 1 } } }],
    ['x == 1.5e18', { right: { value: { digits: 15n * 10n ** 17n, decimals: 0 } } }],
  ])('%s', (text, shape) => {
    expect(conditionOf(text)).toMatchObject(shape)
  })

  test.each([
    ['p.a.b', ['member', 'member']],
    ['args[0]', ['index']],
    ['path[last].x', ['last', 'member']],
    ['path[-20:]', ['slice']],
    ['path[0:20]', ['slice']],
    ['path[ # why\n 0 : 20]', ['slice']],
    ['path[:20][1]', ['slice', 'index']],
  ])('the steps of %s', (text, steps) => {
    expect(conditionOf(text)).toMatchObject({ kind: 'path', steps: steps.map((kind) => ({ kind })) })
  })

  test('a time of the day in brackets is a slice', () => {
    expect(conditionOf('x[10:20]')).toMatchObject({ steps: [{ start: { value: 10n }, end: { value: 20n } }] })
    expect(conditionOf('x[-20:10]')).toMatchObject({ steps: [{ start: { value: -20n }, end: { value: 10n } }] })
  })
})

describe('contextual keywords', () => {
  const argumentNames = [
    ...[
      'to',
      'from',
      'key',
      'value',
      'token',
      'account',
      'permit',
      'amount',
      'deny',
      'allow',
      'limit',
      'budget',
      'fees',
      'ttl',
    ],
    ...[
      'until',
      'chain',
      'contract',
      'where',
      'hours',
      'each',
      'on',
      'by',
      'total',
      'action',
      'function',
      'base',
      'abi',
      'of',
      'at',
    ],
  ]
  test.each(argumentNames)('an argument may be called `%s` wherever an argument stands', (word) => {
    const text = `allow f(address ${word}, (uint256 ${word}) params) on ${target}
      where ${word} == args.${word} and params.${word} in [${word}, 1] and not (2 * ${word} < ${word} + 1)
        and ${word} != 3 and (${word}, x) in [(1, ${word})] and any ${word} in ${word} (${word} > len(${word}))
      budget 1 ETH/day counting ${word} limit 3 calls/day`
    const { clauses } = ruleOf(text)
    expect(clauses.map(({ kind }) => kind)).toEqual(['where', 'budget', 'limit'])
  })

  test('a keyword behind a complete value begins a clause, also on the same line', () => {
    expect(clausesOf('where x == limit limit 3 calls/day from 2026-11-22').map(({ kind }) => kind)).toEqual([
      'where',
      'limit',
      'from',
    ])
  })
})

describe('nothing is dropped in silence', () => {
  const tokensOf = (text: string): string[] =>
    lex(text)
      .tokens.map(({ image }) => image)
      .filter((image) => !['', '(', ')', '[', ']'].includes(image))

  test('a text without faults has the tokens of its tree, whatever was deleted, doubled or swapped in it', () => {
    let accepted = 0
    const edit = fc.record({ kind: fc.constantFrom('delete', 'double', 'swap'), at: fc.nat() })
    fc.assert(
      fc.property(arbitraryWrit, fc.array(edit, { minLength: 1, maxLength: 2 }), (writ, edits) => {
        const tokens = lex(print(writ)).tokens.map(({ image }) => image)
        for (const { kind, at } of edits) {
          const index = at % tokens.length
          const taken = tokens[index] ?? ''
          if (kind === 'delete') tokens.splice(index, 1)
          else if (kind === 'double') tokens.splice(index, 0, taken)
          else tokens.splice(index, 2, ...tokens.slice(index, index + 2).reverse())
        }
        const text = tokens.join(' ')
        const parsed = parse(text)
        expect(parsed.writ.incomplete).toBe(parsed.diagnostics.length > 0)
        if (parsed.diagnostics.length > 0) return
        accepted++
        // Parentheses that are not needed, and brackets round a single target, are all that may go.
        const printed = print(parsed.writ)
        expect(tokensOf(printed)).toEqual(tokensOf(text))
        expect(withoutSpans(parse(printed).writ)).toEqual(withoutSpans(parsed.writ))
      }),
      { numRuns: 1000 },
    )
    // About 65 are expected.
    expect(accepted).toBeGreaterThan(20)
  })

  test('any text is answered with a tree or with faults, and never with an exception', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'allow',
        'deny',
        'on',
        'where',
        'budget',
        'limit',
        'each',
        'in',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        '==',
        '..',
        '"',
        '#',
      ),
      fc.constantFrom(
        'x',
        '1',
        '1 ETH',
        '0x12',
        '/',
        '-',
        'not',
        'and',
        '\n',
        '\t',
        ';',
        ',',
        '.',
        '%',
        'action a {',
        'function',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const { writ, diagnostics } = parse(pieces.join(' '))
        expect(writ.incomplete).toBe(diagnostics.length > 0)
      }),
      { numRuns: 2000 },
    )
  })
})
