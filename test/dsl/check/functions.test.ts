import { describe, expect, test } from 'vitest'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { holdTo } from './laws.js'
import { account, codesOf, header, policyOf } from './writs.js'

holdTo({
  code: 'W054',
  title: 'the account and the EntryPoints are no targets',
  refused: [
    'allow poke() on 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c',
    'allow send on 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c budget 1 ETH/day',
    'allow poke() on [Router, 0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789]',
    'allow poke() on 0x0000000071727De22E5E9d8BAf0edAc6f37da032',
    'allow poke() on 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108',
    'allow poke() on 0x433709009B8330FDa32311DF1C2AFA402eD8D009',
  ],
  accepted: ['allow poke() on 0x433709009b8330fda32311df1c2afa402ed8d008'],
})

test('W054: the module is no target where it is known', () => {
  expect(codesOf('allow poke() on Router', { module: '0x2626664c2603336E57B271c5C0b26F421741e481' })).toEqual(['W054'])
})

holdTo({
  code: 'W055',
  title: 'a selector means one signature',
  refused: ['allow collate_propagate_storage(bytes16 x) on Router\nallow burn(uint256 x) on Alice'],
  accepted: ['allow burn(uint256 x) on Router\nallow burn(uint256 amount) on Alice'],
})

holdTo({
  code: 'W056',
  title: 'the selector of a dangerous function goes with its own name',
  refused: ['allow many_msg_babbage(bytes1 x) on Router'],
  accepted: ['allow many_msg_babbage(bytes2 x) on Router'],
})

holdTo({
  code: 'W053',
  title: 'types exist, and the format can hold them',
  refused: [
    'allow put(uint257 x) on Router',
    'allow put(bytes33 x) on Router',
    'allow put(uint7 x) on Router',
    'allow put(function x) on Router',
    'allow put(uint256[256] x) on Router',
    'allow put(uint256[128] x, uint256[128] y) on Router',
    'allow put((uint256[16])[16][] x) on Router',
    `allow put(${Array.from({ length: 256 }, () => 'uint8').join(',')}) on Router`,
    `allow ${'a'.repeat(65)}() on Router`,
    'allow $put() on Router',
  ],
  accepted: [
    'allow put(uint x, int y, bytes1 z, bytes32 w, (uint8 a, (bool b, string c)[] d)[2] e) on Router',
    'allow put(uint256[255] x) on Router',
    'allow put(uint256[] x, (uint256[15])[17][] y) on Router',
    `allow ${'a'.repeat(64)}() on Router`,
  ],
})

holdTo({
  code: 'W052',
  title: 'nothing allows everything',
  refused: ['allow any on Router'],
  accepted: ['allow any(uint256 x) on Router', 'allow poke() on Router\ndeny any on Router'],
})

holdTo({
  code: 'W089',
  title: 'a deny counts nothing',
  refused: [
    'allow poke() on Router\ndeny poke() on Router limit 3 calls/day',
    'allow poke() on Router\ndeny poke() on Router ttl 1d',
  ],
  accepted: ['allow poke() on Router\ndeny poke() on Router hours 00:00-01:00 UTC from 2026-11-23 until 2026-11-24'],
})

describe('what an action stands for', () => {
  const withAbi = (abi: unknown, rules: string) =>
    checkWrit(`${header}contract Board = 0x3333333333333333333333333333333333333333 abi "board.json"\n${rules}`, {
      readFile: (path) => (path === 'board.json' ? (typeof abi === 'string' ? abi : JSON.stringify(abi)) : undefined),
    })
  const summary = (abi: unknown, rules: string) => {
    const { policy, diagnostics } = withAbi(abi, rules)
    return (
      policy?.rules.map(({ action }) => action) ??
      diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
    )
  }
  const json = [
    { type: 'constructor', inputs: [] },
    { type: 'event', name: 'Poked', inputs: [] },
    { type: 'error', name: 'NoPoke', inputs: [] },
    {
      type: 'function',
      name: 'poke',
      inputs: [
        {
          name: 'order',
          type: 'tuple[2]',
          components: [
            { name: 'to', type: 'address' },
            { name: 'bad name', type: 'uint256[]' },
          ],
        },
      ],
    },
    { type: 'function', name: 'peek', inputs: [{ type: 'bytes4' }] },
    { type: 'function', name: 'peek', inputs: [] },
    { type: 'function', name: 'swap', inputs: [] },
  ]

  test('a function of the ABI, with its own names', () => {
    const type = {
      kind: 'array',
      length: 2,
      element: {
        kind: 'tuple',
        components: [
          { name: 'to', type: { kind: 'address' } },
          { name: '', type: { kind: 'array', element: { kind: 'uint', bits: 256 } } },
        ],
      },
    }
    expect(summary(json, 'allow poke on Board')).toEqual([
      { kind: 'call', name: 'poke', inputs: [{ name: 'order', type }] },
    ])
    expect(summary({ contractName: 'Board', abi: json }, 'allow poke on Board')).toHaveLength(1)
  })

  test('a function of a human-readable ABI', () => {
    const abi = [
      'event Poked()',
      'function poke(address to, (uint a, bool)[] memory list) external payable returns (uint256)',
      'constructor()',
    ]
    expect(summary(abi, 'allow poke on Board where list[0].a == 5 and list[0][1] == true')).toMatchObject([
      { name: 'poke', inputs: [{ name: 'to' }, { name: 'list' }] },
    ])
  })

  test('a function of the ABI wins over a verb, and the address finds the ABI too', () => {
    expect(summary(json, 'allow swap on Board')).toEqual([{ kind: 'call', name: 'swap', inputs: [] }])
    expect(summary(json, 'allow swap on 0x3333333333333333333333333333333333333333')).toHaveLength(1)
  })

  test('one of several functions only by its signature', () => {
    expect(summary(json, 'allow peek on Board')).toEqual(['W051'])
    expect(summary(json, 'allow peek(bytes4 tag) on Board where tag == 0x12345678')).toHaveLength(1)
    expect(summary([...json, json[3]], 'allow poke on Board')).toHaveLength(1)
  })

  test('for a verb only what the ABI lists', () => {
    expect(summary(['function poke()'], 'allow swap on Board budget 1 ETH/day')).toEqual(['W058'])
    const v2 = ['function swapExactETHForTokens(uint256 a, address[] b, address c, uint256 d) payable']
    expect(summary(v2, 'allow swap on Board budget 1 ETH/day')).toMatchObject([{ name: 'swapExactETHForTokens' }])
    expect(summary(v2, 'allow swap on Board budget 5 USDC/day')).toEqual(['W093'])
    expect(summary(v2, 'allow swap on [Router, Board] budget 5 USDC/day')).toEqual(['W093'])
  })

  test.each([
    ['not JSON', 'it is not JSON'],
    ['{}', 'it holds no list of functions'],
    ['[]', 'it holds no function'],
    ['["function (address"]', 'entry 0 cannot be read'],
    ['[{"type":"function","name":"poke","inputs":[{"name":"x","type":"uint7"}]}]', 'entry 0 cannot be read'],
    ['[{"type":"function","name":"poke","inputs":[{"name":"x","type":"tuple"}]}]', 'entry 0 cannot be read'],
    ['["event A()", 5]', 'entry 1 cannot be read'],
  ])('an ABI that is none: %s', (text, reason) => {
    const { diagnostics } = withAbi(text, 'allow poke() on Board')
    expect(diagnostics.map(({ code, message }) => [code, message])).toContainEqual([
      'W042',
      `\`board.json\` is no ABI: ${reason}`,
    ])
  })

  test('nothing, if it is unknown: then the nearest name is offered', () => {
    const help = (rules: string, abi: unknown = json) =>
      withAbi(abi, rules).diagnostics.find(({ code }) => code === 'W050')?.help
    expect(help('allow pokee on Board')).toBe('did you mean `poke`?')
    expect(help('allow transferr on USDC')).toBe('did you mean `transfer`?')
    expect(help('allow frobnicate on USDC')).toMatch(/^write its signature/)
  })

  test('rules of all targets of a list', () => {
    expect(
      policyOf('allow poke() on [Alice, Bob, 0x3333333333333333333333333333333333333333]').rules.map(({ target }) =>
        target.slice(0, 3),
      ),
    ).toEqual(['0x1', '0x2', '0x3'])
    expect(codesOf('allow poke() on [Alice, Bob, Alice]')).toEqual(['W057'])
  })
})

test('bytes32(…) is an address as 32 bytes', () => {
  const [rule] = policyOf(
    'allow put(bytes32 x, bytes32 y) on Router where x == bytes32(account) and y == bytes32(Alice)',
  ).rules
  expect(JSON.stringify(rule?.where, (_, value: unknown) => (typeof value === 'bigint' ? 'n' : value))).toContain(
    `0x${'0'.repeat(24)}${account.slice(2)}`,
  )
  expect(codesOf('allow put(bytes32 x) on Router where x == bytes32(x)')).toEqual(['W063'])
})
