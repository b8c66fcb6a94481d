import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { oneLine, small, writ } from './world.js'

const operations = JSON.stringify({
  account: '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c',
  key: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  chainId: 8453,
  granted: 1_795_352_400,
  ttlSeconds: 86_400,
  steps: [
    {
      at: 1_795_352_400,
      calls: [{ to: '0xa11ce00000000000000000000000000000000001', value: '600000000000000000', data: '0x' }],
    },
    {
      at: 1_795_352_401,
      calls: [{ to: '0xa11ce00000000000000000000000000000000001', value: '400000000000000001', data: '0x' }],
    },
    {
      at: 1_795_352_402,
      calls: [{ to: '0xa11ce00000000000000000000000000000000001', value: '400000000000000000', data: '0x' }],
    },
  ],
})

/** One clear error: something on standard error (or a JSON object), no stack trace, no inner names. */
const isClear = (text: string) => {
  expect(text.trim()).not.toBe('')
  expect(text).not.toMatch(/\n\s+at .*:\d+:\d+|NoViableAlt|Mismatched|undefined|\[object|a fault of writ itself/)
}

describe('bad input gets one clear error and a non-zero exit code', () => {
  const cases: [string, string[], Parameters<typeof writ>[1], number][] = [
    ['an empty file', ['check', 'a.writ'], { files: { 'a.writ': '' } }, 3],
    [
      'a binary file',
      ['check', 'a.writ'],
      { files: { 'a.writ': Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0, 1]) } },
      3,
    ],
    ['text of control characters', ['check', 'a.writ'], { files: { 'a.writ': '\u0000\u0001\u0002\u0003' } }, 3],
    ['a megabyte of parentheses', ['check', 'a.writ'], { files: { 'a.writ': '('.repeat(1_000_000) } }, 3],
    [
      'a condition of a megabyte of parentheses',
      ['check', 'a.writ'],
      {
        files: {
          'a.writ': `${small}allow f(uint256 a) on 0xa11ce00000000000000000000000000000000001 where ${'('.repeat(1_000_000)}`,
        },
      },
      3,
    ],
    ['a wrong checksum', ['check', 'a.writ'], { files: { 'a.writ': small.replace('0x5A0b', '0x5a0b') } }, 3],
    [
      'a missing ABI',
      ['check', 'a.writ'],
      {
        files: {
          'a.writ': small.replace(
            'allow send',
            'contract R = 0x2626664c2603336E57B271c5C0b26F421741e481 abi "./none.json"\nallow send',
          ),
        },
      },
      3,
    ],
    ['an unknown chain', ['check', 'a.writ'], { files: { 'a.writ': small.replace('chain base', 'chain bass') } }, 3],
    [
      'a list that the bytes cannot hold',
      ['check', 'a.writ'],
      {
        files: {
          'a.writ': `${small}allow f(address a) on 0xa11ce00000000000000000000000000000000001 where a in [${Array.from(
            { length: 4000 },
            (_, index) => `0x${(index + 1).toString(16).padStart(40, '0')}`,
          ).join(', ')}]`,
        },
      },
      3,
    ],
    ['a file that is not there', ['check', 'none.writ'], {}, 4],
    ['a folder', ['check', 'policies'], {}, 4],
    ['a truncated artifact', ['verify', 'a.json'], { files: { 'a.json': '{"writ":1,"grant":"0x01' } }, 3],
    [
      'an artifact with cut bytes',
      ['explain', 'a.json'],
      { files: { 'a.json': '{"writ":1,"grant":"0x01ff","root":"0x"}' } },
      3,
    ],
    [
      'operations that are not JSON',
      ['decide', 'a.writ', '--ops', 'o.json'],
      { files: { 'a.writ': small, 'o.json': '{"steps": [' } },
      3,
    ],
    [
      'operations with a wrong address',
      ['decide', 'a.writ', '--ops', 'o.json'],
      { files: { 'a.writ': small, 'o.json': '{"steps":[{"at":1,"calls":[{"to":"0x12"}]}]}' } },
      3,
    ],
    [
      'operations of another chain',
      ['decide', 'a.writ', '--ops', 'o.json'],
      { files: { 'a.writ': small, 'o.json': '{"chainId":1,"steps":[]}' } },
      3,
    ],
    ['a flag that contradicts the writ', ['check', 'a.writ', '--chain', '1'], { files: { 'a.writ': small } }, 3],
    ['an unknown flag', ['check', 'a.writ', '--chian', '1'], { files: { 'a.writ': small } }, 2],
    ['an unknown command', ['chek', 'a.writ'], {}, 2],
    ['a missing argument', ['check'], {}, 2],
    ['a header that is left open', ['compile', 'a.writ'], { files: { 'a.writ': oneLine } }, 2],
    ['a wrong tag', ['compile', 'a.writ', '--tag', '0x12'], { files: { 'a.writ': small } }, 2],
    [
      'a place that cannot be written',
      ['compile', 'a.writ', '-o', 'x.json'],
      { files: { 'a.writ': small }, unwritable: true },
      4,
    ],
    [
      'a module that is no bytecode',
      ['verify', 'a.writ', '--module', 'm.txt'],
      { files: { 'a.writ': small, 'm.txt': 'hello' } },
      3,
    ],
    [
      'a strange SOURCE_DATE_EPOCH',
      ['compile', 'a.writ'],
      { files: { 'a.writ': small.replace(/from.*\n/, '') }, env: { SOURCE_DATE_EPOCH: 'x' } },
      2,
    ],
  ]
  test.each(cases)('%s', async (_title, argv, world, code) => {
    const started = performance.now()
    const ran = await writ(argv, world)
    expect([ran.code, ran.err === '' ? ran.out : ran.err]).toEqual([code, expect.anything()])
    isClear(ran.err)
    expect(ran.written).toEqual({})
    // Not a benchmark: a hostile file must not hang the program.
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test('a file of 10,000 rules is read, and one fault in it is found', async () => {
    const rules = Array.from(
      { length: 10_000 },
      (_, i) => `allow f${i}(uint256 a) on 0xa11ce00000000000000000000000000000000001 where a <= ${i}\n`,
    )
    const good = await writ(['check', 'a.writ'], { files: { 'a.writ': small + rules.join('') } })
    expect([good.code, good.out]).toEqual([0, expect.stringContaining('10001 rules')])
    rules[7000] = 'allow g(uint256 a) on 0xa11ce00000000000000000000000000000000001 where b <= 1\n'
    const bad = await writ(['check', 'a.writ'], { files: { 'a.writ': small + rules.join('') } })
    expect(bad.code).toBe(3)
    expect(bad.err).toContain('a.writ:7010')
  })

  test('with --json the faults of a writ are one JSON object on standard output', async () => {
    const ran = await writ(['check', 'a.writ', '--json'], {
      files: { 'a.writ': small.replace('chain base', 'chain bass') },
    })
    expect(ran.code).toBe(3)
    expect(JSON.parse(ran.out)).toMatchObject({
      valid: false,
      diagnostics: [{ file: 'a.writ', line: 3, severity: 'error' }],
    })
  })
})

describe('decide', () => {
  test.each(['evaluator', 'reference', 'module', 'all'])(
    '%s answers each step and carries the meters forward',
    async (engine) => {
      const ran = await writ(['decide', 'a.writ', '--ops', 'o.json', '--engine', engine, '--json'], {
        files: { 'a.writ': oneLine, 'o.json': operations },
      })
      expect([ran.err, ran.code]).toEqual(['', 0])
      const lines = ran.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { outcome: string; denials: { code: string }[] })
      expect(lines.map((line) => line.outcome)).toEqual(['allow', 'deny', 'allow'])
      expect(lines[1]?.denials.map((denial) => denial.code)).toContain('meter-exceeded')
    },
  )

  test('without --json the answers are sentences with the reason', async () => {
    const ran = await writ(['decide', 'a.writ', '--ops', 'o.json'], {
      files: { 'a.writ': oneLine, 'o.json': operations },
    })
    expect(ran.out).toMatch(/step 1 at .*: deny\n {4}meter-exceeded/)
  })
})

describe('compile', () => {
  test('gives one artifact that explain, decide and a second look agree on', async () => {
    const ran = await writ(['compile', 'a.writ'], { files: { 'a.writ': small } })
    expect(ran.code).toBe(0)
    const artifact = JSON.parse(ran.out) as { canonical: string; grant: string; root: string }
    const again = await writ(['compile', 'b.writ'], { files: { 'b.writ': artifact.canonical } })
    expect((JSON.parse(again.out) as { grant: string }).grant).toBe(artifact.grant)
    const explained = await writ(['explain', 'a.json'], { files: { 'a.json': ran.out } })
    expect([explained.code, explained.err]).toEqual([0, ''])
    expect(explained.out).toBe((await writ(['explain', 'a.writ'], { files: { 'a.writ': small } })).out)
  })

  test('without a start, SOURCE_DATE_EPOCH or the clock gives it, and the artifact records it', async () => {
    const open = small.replace(/from.*\n/, '')
    const epoch = await writ(['compile', 'a.writ'], {
      files: { 'a.writ': open },
      env: { SOURCE_DATE_EPOCH: '1700000000' },
    })
    expect(JSON.parse(epoch.out)).toMatchObject({ from: 1_700_000_000, until: 1_700_086_400 })
    const clock = await writ(['compile', 'a.writ'], { files: { 'a.writ': open }, now: 1_790_000_000 })
    expect(JSON.parse(clock.out)).toMatchObject({ from: 1_790_000_000 })
  })

  test('with --output the file is written and standard output says so', async () => {
    const ran = await writ(['compile', 'a.writ', '-o', 'x.json'], { files: { 'a.writ': small } })
    expect(ran.out).toMatch(/^wrote x\.json\nroot 0x[0-9a-f]{64}\ninto force: the agent's first operation \(up to /)
    expect(ran.out).toMatch(/\npages on the device: Nano S Plus 9, Nano X 9, Stax 1 and 3 behind "More", Flex 1 and 3/)
    expect(Object.keys(ran.written)).toEqual(['x.json'])
  })

  test('it says for programs too how the signed text can come into force', async () => {
    const rules = (count: number) =>
      small.replace(/\n\nallow[^]*/, '\n') +
      Array.from(
        { length: count },
        (_, index) => `allow send on 0x${String(index + 10).repeat(20)} budget 1 ETH/day\n`,
      ).join('')
    const hint = async (text: string) => {
      const ran = await writ(['compile', 'a.writ', '-o', 'x.json', '--json'], { files: { 'a.writ': text } })
      return (JSON.parse(ran.out) as { activation: { route: string; pages: object; pinFirst: unknown } }).activation
    }
    expect(await hint(rules(1))).toMatchObject({
      route: 'first operation',
      reasons: [],
      pinFirst: [],
      pages: { nanosp: { review: 9, details: 0 }, flex: { review: 1, details: 3 } },
    })
    const token = 'token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6\n'
    const pay = 'allow transfer on USDC where to == 0xa11ce00000000000000000000000000000000001 budget 5 USDC/day\n'
    expect((await hint(`${rules(0)}${token}${pay}`)).pinFirst).toEqual(['USDC'])
    expect(await hint(rules(60))).toMatchObject({ route: 'account', pages: {}, verificationGas: 0 })
  })
})

describe('init and fmt', () => {
  test('init writes a valid writ that is in the standard layout, and never overwrites', async () => {
    const ran = await writ(['init', 'new.writ'])
    const text = ran.written['new.writ'] ?? ''
    expect((await writ(['check', 'n.writ'], { files: { 'n.writ': text } })).code).toBe(0)
    expect((await writ(['fmt', '--check', 'n.writ'], { files: { 'n.writ': text } })).code).toBe(0)
    const again = await writ(['init', 'new.writ'], { files: { 'new.writ': 'mine' } })
    expect([again.code, again.written]).toEqual([2, {}])
  })

  test('fmt --check fails on a file that is not in the layout and writes nothing', async () => {
    const ran = await writ(['fmt', '--check', 'a.writ'], {
      files: { 'a.writ': small.replace('allow send', 'allow   send') },
    })
    expect([ran.code, ran.written]).toEqual([1, {}])
  })

  test('fmt leaves a file that does not parse as it is', async () => {
    const ran = await writ(['fmt', 'a.writ'], { files: { 'a.writ': 'allow allow allow' } })
    expect([ran.code, ran.written]).toEqual([3, {}])
  })

  test('fmt - prints what it read in the standard layout', async () => {
    const ran = await writ(['fmt', '-'], { stdin: small })
    expect([ran.code, ran.out]).toEqual([0, small])
  })
})

describe('help', () => {
  const commands = [
    'init',
    'check',
    'fmt',
    'explain',
    'compile',
    'decide',
    'verify',
    'inspect',
    'status',
    'send',
    'demo',
  ]
  test.each(commands)('%s --help teaches and exits 0', async (command) => {
    const ran = await writ([command, '--help'])
    expect(ran.code).toBe(0)
    expect(ran.out).toContain(`Usage: writ ${command}`)
    expect(ran.out).toContain('--json')
  })

  test('no argument at all shows the help and is a usage error', async () => {
    const ran = await writ([])
    expect([ran.code, ran.out]).toEqual([2, ''])
    for (const command of commands) expect(ran.err).toContain(command)
  })

  test.each<[string[], number, object]>([
    [['explain', 'nowhere.writ', '--json'], 4, { error: /^`nowhere.writ` cannot be read/ }],
    [['compile', 'open.writ', '--json'], 2, { error: /does not say its account, key, chain/, help: /^add --account/ }],
    [['check', 'open.writ', '--json', '--colour'], 2, { error: "unknown option '--colour'" }],
    [['decode', '--json'], 2, { error: "unknown command 'decode'", help: '(Did you mean decide?)' }],
    [
      ['status', '--account', '0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c', '--rpc', 'http://127.0.0.1:9', '--json'],
      4,
      { code: 'rpc-unreachable' },
    ],
  ])('%j fails in JSON too, and people are told as ever', async (argv, exitCode, wanted) => {
    const ran = await writ(argv, {
      files: { 'open.writ': 'allow send on 0xa11ce00000000000000000000000000000000001 budget 1 ETH/day ttl 1d' },
    })
    const failure = JSON.parse(ran.out) as Record<string, unknown>
    for (const [name, text] of Object.entries(wanted))
      expect(failure[name]).toEqual(text instanceof RegExp ? expect.stringMatching(text) : text)
    expect([failure['exitCode'], ran.code]).toEqual([exitCode, exitCode])
    expect(ran.err).toContain(`error: ${String(failure['error'])}\n`)
  })
})

describe('the example policies', () => {
  const files = readdirSync('policies').filter((name) => name.endsWith('.writ'))
  test('there are at least eight', () => expect(files.length).toBeGreaterThanOrEqual(8))
  test.each(files)('%s is valid without a flag and in the standard layout', async (name) => {
    const ran = await writ(['check', `policies/${name}`])
    expect([ran.err.split('\n').filter((line) => line.startsWith('error')), ran.code]).toEqual([[], 0])
    expect((await writ(['fmt', '--check', `policies/${name}`])).code).toBe(0)
    expect(readFileSync(`policies/${name}`, 'utf8')).toMatch(/^# /)
  })
})
