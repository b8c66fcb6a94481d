import fc from 'fast-check'
import { concat, encodeFunctionData, type Hex, parseAbi, zeroHash } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import { kindNames, kindOf } from '../../src/account/kinds.js'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { activation } from '../../src/compiler/activation.js'
import { canonical } from '../../src/compiler/canonical.js'
import * as calldata from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata, executeUserOpCalldata, runtimeCalldata } from '../../src/evm/accountCalldata.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { policies } from '../arbitraries/policy.js'
import { small, writ } from './world.js'

const module: Address = '0xc0dec0dec0dec0dec0dec0dec0dec0dec0dec0de'
const binding = { module, entityId: 7, tag: '0x0123456789ab' } as const
const policyOf = (text: string): Policy => {
  const { policy } = checkWrit(text)
  if (policy === undefined) throw new Error('the sample is not valid')
  return policy
}
const policy = policyOf(small)
const grant = encode(policy, binding)
const text = canonical(policy)
const toModule = (data: Hex, to: Address = module) => executeCalldata([{ to, value: 0n, data }])
const installed = (bytes?: Hex, entityId = 7) =>
  calldata.installValidation(module, {
    entityId,
    firstOwner: '0x0badc0de0badc0de0badc0de0badc0de0badc0de',
    textGrants: true,
    ...(bytes ? { grant: bytes } : {}),
  })
const handled = (...operations: (readonly [sender: Address, callData: Hex, signature?: Hex])[]): Hex =>
  encodeFunctionData({
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [
      operations.map(([sender, callData, signature = '0x']) => ({
        sender,
        nonce: 0n,
        initCode: '0x' as const,
        callData,
        accountGasLimits: zeroHash,
        preVerificationGas: 0n,
        gasFees: zeroHash,
        paymasterAndData: '0x' as const,
        signature,
      })),
      module,
    ],
  })

const activateCalldata = (bytes: Hex, signature: Hex): Hex =>
  encodeFunctionData({ abi: parseAbi(['function activate(bytes grant, bytes signature)']), args: [bytes, signature] })
const ownerSigned: Hex = `0x${'5a'.repeat(65)}`
/** What the module is given by an operation that puts its own session into force: a witness follows, and the key's signature. */
const carrying = concat([activation({ grant, signature: ownerSigned }), '0x002c0170', ownerSigned])
const segments = [{ index: 3, data: '0xfeed' }] as const
const nothingElse = executeCalldata([{ to: module, value: 0n, data: '0x' }])
const other: Address = '0x00000000000000000000000000000000000bad00'
const revoke = calldata.revoke(rootOf(grant))
const ways: [string, Hex, string[]][] = [
  ['the bytes of a grant', grant, []],
  ['grant(bytes)', calldata.grant(grant), ['grant']],
  ['an install with a grant', installed(grant), ['installValidation']],
  ['execute', toModule(calldata.grant(grant)), ['execute', 'grant']],
  [
    'a batch of other calls',
    executeCalldata([
      { to: other, value: 1n, data: '0x' },
      { to: module, value: 0n, data: calldata.grant(grant) },
      { to: other, value: 0n, data: '0xa9059cbb' },
    ]),
    ['executeBatch', 'call 1', 'grant'],
  ],
  [
    'a batch that installs first',
    executeCalldata([
      { to: policy.account, value: 0n, data: installed() },
      { to: module, value: 0n, data: calldata.grant(grant) },
    ]),
    ['executeBatch', 'call 1', 'grant'],
  ],
  ['executeUserOp', executeUserOpCalldata(toModule(calldata.grant(grant))), ['executeUserOp', 'execute', 'grant']],
  [
    'executeWithRuntimeValidation',
    runtimeCalldata(toModule(calldata.grant(grant)), '0x'),
    ['executeWithRuntimeValidation', 'execute', 'grant'],
  ],
  [
    'handleOps of two operations',
    handled([other, executeCalldata([{ to: other, value: 0n, data: '0x' }])], [policy.account, installed(grant)]),
    ['handleOps', 'operation 1', 'installValidation'],
  ],
  [
    'activate, which anyone may send',
    handled([other, toModule(activateCalldata(grant, ownerSigned))]),
    ['handleOps', 'operation 0', 'execute', 'activate'],
  ],
  ...kindNames.flatMap((name): [string, Hex, string[]][] => {
    const { validation } = kindOf(name)
    const [entity, hooks] = [{ module, entityId: 7 }, name === 'test' ? [] : segments]
    return [
      [
        `the signature of an operation, ${name}`,
        handled([policy.account, nothingElse, validation.userOpSignature(entity, carrying, hooks)]),
        ['handleOps', 'operation 0', 'signature'],
      ],
      [
        `the authorization of a direct call, ${name}`,
        runtimeCalldata(nothingElse, validation.authorization(entity, carrying, hooks)),
        ['executeWithRuntimeValidation', 'authorization'],
      ],
    ]
  }),
]

describe('writ inspect', () => {
  test('calldata of any policy’s grant becomes its canonical text', async () => {
    await fc.assert(
      fc.asyncProperty(policies(), async (policy) => {
        const ran = await writ(['inspect', calldata.grant(encode(policy, binding))])
        expect([ran.code, ran.out]).toEqual([0, canonical(policy)])
      }),
      { numRuns: 60 },
    )
  })

  test.each(ways)('finds a grant in %s', async (_title, data, via) => {
    const ran = await writ(['inspect', data, '--json'])
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(JSON.parse(ran.out)).toEqual({
      root: rootOf(grant),
      grant,
      binding,
      chainId: 8453,
      account: policy.account,
      key: policy.key,
      from: policy.from,
      until: policy.until,
      canonical: text,
      via,
      warnings: [],
    })
    expect((await writ(['inspect', data])).out).toBe(text)
  })

  test('reads hex in capitals and over lines, JSON of a transaction, of an operation, of a node, and an artifact', async () => {
    const data = calldata.grant(grant)
    const artifact = await writ(['compile', 'a.writ', '--module', module, '--entity', '7', '--tag', binding.tag], {
      files: { 'a.writ': small },
    })
    const inputs = [
      `0x${data.slice(2, 100).toUpperCase()}\n  ${data.slice(100)}\n`,
      JSON.stringify(data),
      JSON.stringify({ to: module, data }),
      JSON.stringify({ result: { from: policy.account, to: policy.account, input: toModule(data) } }),
      JSON.stringify({ sender: policy.account, callData: toModule(data) }),
      JSON.stringify({ sender: policy.account, callData: nothingElse, signature: concat(['0xff', carrying]) }),
      artifact.out,
    ]
    for (const input of inputs)
      for (const ran of [
        await writ(['inspect', 'in.txt'], { files: { 'in.txt': input } }),
        await writ(['inspect', '-'], { stdin: input }),
      ])
        expect([ran.out, ran.code, ran.err]).toEqual([text, 0, expect.not.stringContaining('warning')])
  })

  const odd: [string, Hex, string][] = [
    [
      'another module',
      toModule(calldata.grant(grant), other),
      `names the module ${module}, but it is sent to ${other}`,
    ],
    [
      'another account',
      handled([other, toModule(calldata.grant(grant))]),
      `is for the account ${policy.account}, but ${other} sends it`,
    ],
    ['another entity', installed(grant, 3), 'is for entity 7, but it comes with the install of entity 3'],
  ]
  test.each(odd)('warns of a grant for %s than its call', async (_title, data, words) => {
    const ran = await writ(['inspect', data])
    expect([ran.code, ran.out]).toEqual([0, text])
    expect(ran.err).toContain(`warning: the grant ${words}`)
    expect(JSON.parse((await writ(['inspect', data, '--json'])).out)).toMatchObject({
      warnings: [`the grant ${words}`],
    })
  })

  test('warns of an install that names one entity to the account and another to the module', async () => {
    const honest = installed(grant)
    const lying = honest.replace(`${module.slice(2)}00000007`, `${module.slice(2)}00000003`) as Hex
    expect(lying).not.toBe(honest)
    const ran = await writ(['inspect', lying])
    expect(ran.err).toContain('warning: the install names entity 3 to the account, but 7 to the module')
  })

  test('says which fields of an artifact its grant contradicts, and fails', async () => {
    const artifact = await writ(['compile', 'a.writ'], { files: { 'a.writ': small } })
    const honest = JSON.parse(artifact.out) as Record<string, unknown> & { calldata: Record<string, string> }
    const lies: [string, unknown][] = [
      ['canonical', { ...honest, canonical: text.replace('1 ETH', '2 ETH') }],
      ['account', { ...honest, account: other }],
      ['until', { ...honest, until: 1 }],
      ['binding', { ...honest, binding }],
      ['calldata.grant', { ...honest, calldata: { ...honest.calldata, grant: calldata.grant(grant) } }],
      ['calldata.install', { ...honest, calldata: { ...honest.calldata, install: installed() } }],
      ['calldata.revoke', { ...honest, calldata: null }],
    ]
    for (const [field, lie] of lies) {
      const ran = await writ(['inspect', 'a.json'], { files: { 'a.json': JSON.stringify(lie) } })
      expect([ran.code, ran.out]).toEqual([1, text])
      expect(ran.err).toContain(`the artifact's \`${field}\` is not what its grant says`)
    }
    const install = calldata.installValidation((honest['binding'] as { module: Address }).module, {
      entityId: 1,
      firstOwner: other,
      textGrants: false,
    })
    const honestly = { ...honest, calldata: { ...honest.calldata, install } }
    expect((await writ(['inspect', 'a.json'], { files: { 'a.json': JSON.stringify(honestly) } })).code).toBe(0)
  })

  test('takes one of several grants by its root', async () => {
    const second = encode(policyOf(small.replace('1 ETH', '2 ETH')), binding)
    const both = executeCalldata([grant, second].map((one) => ({ to: module, value: 0n, data: calldata.grant(one) })))
    const unclear = await writ(['inspect', both])
    expect([unclear.code, unclear.out]).toEqual([2, ''])
    expect(unclear.err).toContain(`${rootOf(grant)}, ${rootOf(second)}`)
    const ran = await writ(['inspect', both, '--root', rootOf(second).slice(0, 12).toUpperCase().replace('X', 'x')])
    expect(ran.out).toContain('2 ETH')
    const none = await writ(['inspect', both, '--root', '0x00000000'])
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('no grant in it has the root 0x00000000')])
  })

  const garbage: [string, string, string][] = [
    ['a word', 'hello', 'there is no such file'],
    ['half a byte', '0x123', 'neither hex nor JSON'],
    ['nothing but 0x', '0x', 'neither hex nor JSON'],
    ['an unknown call', '0xa9059cbb00', 'it begins with 0xa9059cbb'],
    ['a revocation', toModule(revoke), `it holds no grant; it ends the session ${rootOf(grant)}`],
    ['an install without a grant', installed(), 'it holds no grant'],
    ['a cut grant', grant.slice(0, -2), 'the grant is not valid'],
    ['a grant with a byte more', concat([grant, '0x00']), 'the grant is not valid'],
    ['a cut call', calldata.grant(grant).slice(0, 100), 'grant: its arguments cannot be read'],
    ['a batch with a cut grant', toModule(calldata.grant('0x01ff')), 'execute → grant: the grant is not valid'],
    [
      'calls without end',
      Array.from({ length: 40 }).reduce<Hex>((data) => toModule(data), calldata.grant(grant)),
      'nested deeper',
    ],
  ]
  test.each(garbage)('%s is one clear error', async (_title, given, words) => {
    const ran = await writ(['inspect', given])
    expect([ran.out, ran.err.match(/^error: /gm)?.length]).toEqual(['', 1])
    expect(ran.code).toBe(given === 'hello' ? 4 : 3)
    expect(ran.err).toContain(words)
    expect(ran.err).not.toMatch(/\n\s+at |a fault of writ itself|undefined/)
  })

  const files: [string, string, string][] = [
    ['an empty file', '', 'neither hex nor JSON'],
    ['a writ', small, 'neither hex nor JSON'],
    ['broken JSON', '{"grant"', 'not whole JSON'],
    ['JSON of something else', '{"a":1}', 'has no grant, callData, input or data'],
    [
      'an artifact with another root',
      JSON.stringify({ writ: 1, grant, root: '0x' }),
      'its root is not that of its grant',
    ],
  ]
  test.each(files)('%s is one clear error', async (_title, content, words) => {
    const ran = await writ(['inspect', 'in'], { files: { in: content } })
    expect([ran.code, ran.out, ran.err.match(/^error: /gm)?.length]).toEqual([3, '', 1])
    expect(ran.err).toContain(words)
  })

  test('never throws, whatever the bytes', async () => {
    const selectors = ways.map(([, data]) => data.slice(0, 10))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('0x', '0x01', ...selectors),
        fc.uint8Array({ maxLength: 300 }),
        async (head, bytes) => {
          const ran = await writ(['inspect', `${head}${Buffer.from(bytes).toString('hex')}`])
          expect([ran.code, ran.err]).toEqual([3, expect.not.stringContaining('a fault of writ itself')])
        },
      ),
      { numRuns: 300 },
    )
  })
})
