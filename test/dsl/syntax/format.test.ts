import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { format } from '../../../src/dsl/format.js'
import { lex } from '../../../src/dsl/lex.js'
import { parse } from '../../../src/dsl/parse.js'
import { print } from '../../../src/dsl/print.js'
import { arbitraryWrit } from './arbitraryWrit.js'
import { withoutSpans } from './withoutSpans.js'

const commentsOf = (text: string): string[] => lex(text).comments.map(({ image }) => image.trimEnd())

/** A text of any tree, its tokens pulled apart by blanks, line ends and comments. */
const arbitraryMess = fc
  .tuple(
    arbitraryWrit,
    fc.infiniteStream(fc.constantFrom(' ', '  ', '\n', '\r\n', '\n\n\n', '\t', ' # why\n', '\n# so\n   ', '')),
  )
  .map(([writ, gaps]) => {
    const text = print(writ)
    const { tokens } = lex(text)
    return tokens
      .map((token, i) => {
        const before = tokens[i - 1]
        const written = before ? text.slice(before.startOffset + before.image.length, token.startOffset) : ''
        const gap = gaps.next().value ?? ''
        // Where nothing stood something may stand now, but not the other way round.
        return (written === '' || gap !== '' ? gap : written) + token.image
      })
      .join('')
  })

describe('format', () => {
  test('format(format(x)) equals format(x), the tree stays and every comment stays', () => {
    let laidOut = 0
    fc.assert(
      fc.property(arbitraryMess, (text) => {
        const { writ, diagnostics } = parse(text)
        // A word of the language that stands first on its line may be read as the beginning of a clause.
        if (diagnostics.length > 0) {
          expect(format(text)).toBe(text)
          return
        }
        laidOut++
        const once = format(text)
        expect(format(once)).toBe(once)
        expect(withoutSpans(parse(once).writ)).toEqual(withoutSpans(writ))
        expect(commentsOf(once)).toEqual(commentsOf(text))
      }),
      { numRuns: 300 },
    )
    expect(laidOut).toBeGreaterThan(150)
  })

  test.each(readdirSync('policies').filter((file) => file.endsWith('.writ')))('policies/%s keeps its tree', (file) => {
    const text = readFileSync(`policies/${file}`, 'utf8')
    const once = format(text)
    expect(format(once)).toBe(once)
    expect(withoutSpans(parse(once).writ)).toEqual(withoutSpans(parse(text).writ))
  })

  const layout = (lines: string[]): string => `${lines.join('\n')}\n`

  test('the example of the language is laid out as it stands', () => {
    const text = layout([
      'writ 1                                     # language version',
      'chain base                                 # or 8453',
      'key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8      # the key',
      'ttl 7d',
      'fees 0.002 ETH/day or sponsored by 0x2222222222222222222222222222222222222222',
      '  where op.maxFeePerGas <= 50 gwei',
      '',
      'contract Router = 0x2626664c2603336E57B271c5C0b26F421741e481 abi "./abi/swap-router-02.json"',
      'budget trading = 500 USDC/day              # shared by every rule that names it',
      '',
      '# swaps',
      'allow exactInputSingle on Router',
      '  where params.recipient == account',
      '    and params.tokenIn == USDC and params.tokenOut == WETH',
      '    and params.amountOutMinimum >= 98% of params.amountIn at 3000 USDC per WETH',
      '  budget trading counting params.amountIn',
      '  # twenty',
      '  limit 20 calls/hour',
      '  hours 09:00-17:00 UTC mon-fri,sun',
      '',
      'deny transfer on USDC where to == 0x2222222222222222222222222222222222222222',
    ])
    expect(format(text)).toBe(text)
  })

  test('spacing and indentation are put right', () => {
    const text =
      'ttl   7d\nallow swap on X   where (a ==b and path [ - 20 : ]==c)\n      budget 1   ETH / day ,2 USDC/ call\n\n\n\n\tdeny any on [A ,B]'
    expect(format(text)).toBe(
      layout([
        'ttl 7d',
        'allow swap on X where (a == b and path[-20:] == c)',
        '  budget 1 ETH/day, 2 USDC/call',
        '',
        'deny any on [A, B]',
      ]),
    )
  })

  test('what stands in brackets may have lines of its own', () => {
    const text = layout([
      'let Friends = [',
      '  Alice,  # the first',
      '  Bob, Carol,',
      '  # and',
      '  Dave',
      ']',
      '',
      'allow transfer(',
      '  address to,',
      '  uint256 amount',
      ') on USDC',
      '  where (to in Friends',
      '    or amount == 1) and (',
      '      to != Eve',
      '    )',
    ])
    expect(format(text)).toBe(text)
  })

  test('a line that ends with `and` is broken before it', () => {
    expect(format('allow swap on X where a == b and\n c == d')).toBe(
      layout(['allow swap on X where a == b', '    and c == d']),
    )
  })

  test('a rule that is too wide is broken before its clauses, then before its conjuncts', () => {
    const equal = (n: number) => `argument${n} == 0x222222222222222222222222222222222222222${n}`
    const rule = `allow swap on X where ${[1, 2, 3].map(equal).join(' and ')} budget 1 ETH/day`
    expect(format(rule)).toBe(
      layout([
        'allow swap on X',
        `  where ${equal(1)}`,
        `    and ${equal(2)}`,
        `    and ${equal(3)}`,
        '  budget 1 ETH/day',
      ]),
    )
  })

  test('blocks stand on lines of their own', () => {
    const text =
      'action pay{function pay(address to)requires to==account}allow multicall on X each call in calls (data){allow pay on Y}'
    expect(format(text)).toBe(
      layout([
        'action pay {',
        '  function pay(address to)',
        '    requires to == account',
        '}',
        'allow multicall on X',
        '  each call in calls(data) {',
        '    allow pay on Y',
        '  }',
      ]),
    )
  })

  test('a text with faults comes back as it is', () => {
    expect(format('allow  swap on')).toBe('allow  swap on')
    expect(format('')).toBe('')
  })
})
