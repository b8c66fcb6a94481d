import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { small, writ } from '../cli/world.js'
import { scenarioNames } from '../scenarios/scenario.js'
import { Anvil } from './harness/Anvil.js'
import { anvilProgram } from './harness/tools.js'

type Scenario = {
  readonly chainId: number
  readonly granted: number
  readonly steps: readonly { readonly at: number }[]
}

const folder = 'policies/scenarios'
const scenarios = scenarioNames.map((name) => {
  const { chainId, granted, steps } = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Scenario
  return { name, chainId, begin: Math.min(granted, ...steps.map(({ at }) => at)), steps: steps.length }
})
const chainIds = [...new Set(scenarios.map(({ chainId }) => chainId))]

/** The lines that a reading answers, one for each step. */
const decide = async (name: string, ...flags: string[]): Promise<readonly string[]> => {
  const file = `${folder}/${name}`
  const ran = await writ(['decide', `${file}.writ`, '--ops', `${file}.json`, '--json', '--engine', ...flags])
  expect([ran.err, ran.code]).toEqual(['', 0])
  return ran.out.trim().split('\n')
}
const outcomeOf = (line: string): unknown => (JSON.parse(line) as { outcome: unknown }).outcome

describe.skipIf(anvilProgram() === undefined)('every scenario on a development node', () => {
  for (const chainId of chainIds)
    describe(`of chain ${chainId}`, () => {
      const ours = scenarios.filter((scenario) => scenario.chainId === chainId)
      let anvil: Anvil
      beforeAll(async () => {
        anvil = await Anvil.start({ chainId, time: Math.min(...ours.map(({ begin }) => begin)) - 60 })
      })
      afterAll(() => anvil.stop())

      test.each(ours)('$name: each step as the evaluator decides, and in the embedded module’s words', async (ours) => {
        const chain = await decide(ours.name, 'chain', '--rpc', anvil.url)
        expect(chain).toHaveLength(ours.steps)
        expect(chain.map(outcomeOf)).toEqual((await decide(ours.name, 'evaluator')).map(outcomeOf))
        expect(chain).toEqual(await decide(ours.name, 'module'))
      })

      test('the node is left as it was found', async () => {
        const client = anvil.client()
        const { number, timestamp } = await client.getBlock()
        expect([number, Number(timestamp)]).toEqual([0n, Math.min(...ours.map(({ begin }) => begin)) - 60])
      })
    })
})

describe.skipIf(anvilProgram() === undefined)('the engine of a development node', () => {
  let anvil: Anvil
  beforeAll(async () => {
    anvil = await Anvil.start({ chainId: 8453, time: 1_795_352_399 })
  })
  afterAll(() => anvil.stop())
  const to = '0xa11ce00000000000000000000000000000000001'
  const send = (value: string, at = 1_795_352_400) => ({ at, calls: [{ to, value, data: '0x' }] })
  const run = (steps: readonly object[], flags: readonly string[], text = small, env: Record<string, string> = {}) =>
    writ(['decide', 'a.writ', '--ops', 'o.json', '--engine', 'chain', ...flags], {
      files: { 'a.writ': text, 'o.json': JSON.stringify({ steps }) },
      env,
    })
  const ether = (tenths: number): string => `${tenths}${'0'.repeat(17)}`

  test('moves the node’s time to each step, and carries meters forward within a second and over days', async () => {
    const steps = [
      send(ether(6)),
      send(ether(5)),
      send(ether(4)),
      send('1'),
      send('1', 1_795_352_400 + 86_399),
      send(ether(1), 1_795_352_400 + 86_400),
    ]
    const ran = await run(steps, ['--rpc', anvil.url, '--json'])
    expect([ran.err, ran.code]).toEqual(['', 0])
    const lines = ran.out.trim().split('\n')
    expect(lines.map(outcomeOf)).toEqual(['allow', 'deny', 'allow', 'deny', 'deny', 'deny'])
    expect(lines[3]).toContain('meter-exceeded')
    expect(lines[5]).toContain('expired')
  })

  test('can be asked any number of times, also by WRIT_RPC, and mines as it did before', async () => {
    const client = anvil.client()
    await client.setAutomine(false)
    for (let round = 0; round < 2; round++)
      expect(await run([send(ether(10))], [], small, { WRIT_RPC: anvil.url })).toMatchObject({
        code: 0,
        out: expect.stringContaining('allow') as string,
      })
    expect(await client.getAutomine()).toBe(false)
    await client.setIntervalMining({ interval: 1000 })
    expect((await run([send(ether(10))], ['--rpc', anvil.url])).code).toBe(0)
    expect(await client.request({ method: 'anvil_getIntervalMining' } as never)).toBe(1000)
    await client.setAutomine(true)
  })

  test('runs the module that the binding names, under its entity and tag', async () => {
    const flags = ['--module', '0x00000000000000000000000000000000000c0de0', '--entity', '9', '--tag', '0x0000000000ff']
    const ran = await run([send(ether(10)), send('1')], ['--rpc', anvil.url, ...flags, '--json'])
    expect(ran.out.trim().split('\n').map(outcomeOf)).toEqual(['allow', 'deny'])
  })

  test('refuses a node of another chain, or beyond the first step, with the command line to use', async () => {
    const other = await run([send('1')], ['--rpc', anvil.url], small.replace('chain base', 'chain 1'))
    expect([other.code, other.out]).toEqual([2, ''])
    expect(other.err).toBe(
      'error: the node is of chain 8453, the writ of chain 1\nhelp: start one of its own with: anvil --chain-id 1 --timestamp 1795352340\n',
    )
    const early = await run([send('1', 1_795_352_300)], ['--rpc', anvil.url])
    expect([early.code, early.out]).toEqual([2, ''])
    expect(early.err).toContain("the node's time is 1795352399 already, the operations begin at 1795352300")
    expect(early.err).toContain('anvil --chain-id 8453 --timestamp 1795352240\n')
    const late = await run([send('1')], ['--rpc', anvil.url], small.replace('13:00:00', '12:00:00'))
    expect(late.code).toBe(2)
  })

  test('a grant that the node knows already is refused in words', async () => {
    const client = anvil.client()
    const snapshot = await client.snapshot()
    // What this very grant leaves behind: its root's word, active.
    const { slotOf } = await import('../../src/evm/sessionStorage.js')
    const artifact = JSON.parse((await writ(['compile', 'a.writ'], { files: { 'a.writ': small } })).out) as {
      root: `0x${string}`
      account: `0x${string}`
      binding: { module: `0x${string}` }
    }
    await client.setStorageAt({
      address: artifact.binding.module,
      index: slotOf(artifact, 0),
      value: `0x4${'0'.repeat(63)}`,
    })
    const ran = await run([send('1')], ['--rpc', anvil.url])
    expect([ran.code, ran.out]).toEqual([2, ''])
    expect(ran.err).toContain('on the node the module refused the grant: RootUsed(')
    await client.revert({ id: snapshot })
  })

  test('refuses a node that is no development node, and one that is not there', async () => {
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const { id } = JSON.parse(body) as { id: number }
        const error = { code: -32601, message: 'the method anvil_nodeInfo does not exist' }
        response.end(JSON.stringify({ jsonrpc: '2.0', id, error }))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ran = await run([send('1')], ['--rpc', url])
    expect([ran.code, ran.out]).toEqual([2, ''])
    expect(ran.err).toContain('the node is no development node: it does not answer anvil_nodeInfo')
    expect(ran.err).toContain('anvil --chain-id 8453 --timestamp 1795352340')
    await new Promise((resolve) => server.close(resolve))
    const gone = await run([send('1')], ['--rpc', url])
    expect([gone.code, gone.out]).toEqual([4, ''])
    expect(gone.err).not.toMatch(/a fault of writ itself|\n\s+at /)
  })

  test('asks for a node, and for none where another engine decides', async () => {
    expect(await run([send('1')], [])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no node is named') as string,
    })
    const ran = await writ(['decide', 'a.writ', '--ops', 'o.json', '--rpc', anvil.url], {
      files: { 'a.writ': small, 'o.json': '{"steps":[]}' },
    })
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('--rpc goes with --engine chain')])
  })
})
