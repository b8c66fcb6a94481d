import { setTimeout as wait } from 'node:timers/promises'
import { parseAbi, parseEther } from 'viem'
import { entryPoint07Abi, entryPoint07Address } from 'viem/account-abstraction'
import { readState } from '../../../src/account/readers/readState.js'
import { rootOf } from '../../../src/compiler/root.js'
import type { Hex } from '../../../src/policy/Hex.js'
import type { MeterState } from '../../../src/policy/State.js'
import { Anvil } from '../harness/Anvil.js'
import { Bundler } from '../harness/Bundler.js'
import type { AgentOrder, AgentReport } from './agent.js'
import { AgentProcess, agentProgram } from './AgentProcess.js'
import { generator } from './generator.js'
import { type IncludedOperation, includedOperations, recompute } from './recompute.js'
import { type AgentSession, makeWorld } from './world.js'

export type Story = {
  readonly seed: number
  /** How many operations are to be included before the agents are stopped. */
  readonly operations: number
  /** Two to an account. */
  readonly agents: number
  /** An agent is killed each time when about so many things have been done. */
  readonly killEvery: number
  readonly blockSeconds: number
  /** The whole story ends, failed, after so many seconds. */
  readonly limitSeconds: number
  /** Told now and then how far it is. */
  readonly onProgress?: (line: string) => void
}

export type Figures = {
  readonly seed: number
  readonly agents: number
  readonly accounts: number
  readonly included: number
  readonly reverted: number
  readonly bundles: number
  readonly kills: number
  readonly windowsPassed: number
  readonly refusedByAgent: number
  readonly refusedByChain: number
  readonly inTheWay: Readonly<Record<string, number>>
  /** Everything that must not be; empty where all is well. */
  readonly faults: readonly string[]
  readonly seconds: number
}

/** Lets agents work and kills them at random until enough is included, then compares the chain with its own events. */
export async function play(story: Story): Promise<Figures> {
  const began = Date.now()
  const random = generator(story.seed)
  const program = await agentProgram()
  const anvil = await Anvil.start()
  const reports: AgentReport[] = []
  try {
    const sessions = await makeWorld(anvil, story.agents)
    const bundler = await Bundler.start(anvil, { mostOfSender: 4, gatherMs: 100 })
    try {
      const client = anvil.client()
      await client.setIntervalMining({ interval: story.blockSeconds })
      const start = (index: number, life: number): AgentProcess => {
        const session = sessions[index]
        if (session === undefined) throw new RangeError(`no agent ${index}`)
        const seed = story.seed * 1_000_003 + index * 1009 + life
        const where = { rpc: anvil.url, bundler: bundler.url, chainId: anvil.chainId }
        return new AgentProcess(
          program.path,
          orderOf(session, { ...where, seed }),
          (report) => void reports.push(report),
        )
      }
      const pause = async (ms: number): Promise<void> => {
        if (Date.now() - began > story.limitSeconds * 1000) throw new Error(`not done in time: ${summary(reports)}`)
        await wait(ms)
      }
      const alive = sessions.map((_, index) => start(index, 0))
      let kills = 0
      let said = ''
      let windowsPassed = 0
      const isEnough = async (): Promise<boolean> => {
        const included = await countOf(anvil)
        const line = `${included} of ${story.operations} included, ${kills} kills, ${summary(reports)}`
        if (line !== said) story.onProgress?.(line)
        said = line
        return included >= story.operations
      }
      try {
        while (!(await isEnough())) {
          const next = reports.length + story.killEvery * (0.5 + random())
          while (reports.length < next && !(await isEnough())) await pause(250)
          // In the midst of whatever it does.
          await pause(1000 * random())
          const victim = Math.floor(random() * alive.length)
          await alive[victim]?.kill()
          alive[victim] = start(victim, ++kills)
          // Now and then the hour's window passes, with operations in flight.
          if (random() < 0.08) {
            await client.increaseTime({ seconds: 3600 })
            windowsPassed++
          }
        }
      } finally {
        await Promise.all(alive.map((each) => each.kill()))
      }
      await settle(bundler)
      const operations = await includedOperations(anvil, sessions)
      const faults = [
        ...faultsOf(reports, operations),
        ...(await wrongMeters(anvil, sessions, operations)),
        ...(await wrongBalances(anvil, sessions, operations)),
      ]
      return {
        seed: story.seed,
        agents: story.agents,
        accounts: new Set(sessions.map(({ account }) => account)).size,
        included: operations.length,
        reverted: operations.filter(({ success }) => !success).length,
        bundles: await client.getTransactionCount({ address: bundler.executor }),
        kills,
        windowsPassed,
        refusedByAgent: reports.filter(({ kind }) => kind === 'refused-by-agent').length,
        refusedByChain: reports.filter(({ kind }) => kind === 'refused-by-chain').length,
        inTheWay: tally(reports.flatMap((each) => (each.kind === 'in-the-way' ? [each.code] : []))),
        faults,
        seconds: Math.round((Date.now() - began) / 1000),
      }
    } finally {
      await bundler.stop()
    }
  } finally {
    await anvil.stop()
    program.remove()
  }
}

function orderOf(
  { account, module, entityId, key, grant, friend, token }: AgentSession,
  where: Pick<AgentOrder, 'rpc' | 'bundler' | 'chainId' | 'seed'>,
): AgentOrder {
  return { account, module, entityId, key, grant, friend, token, ...where }
}

/** What agents left with the bundler is included or dropped before anything is counted. */
async function settle(bundler: Bundler): Promise<void> {
  for (let tries = 0; bundler.waiting > 0 && tries < 100; tries++) await wait(200)
}

async function countOf(anvil: Anvil): Promise<number> {
  const event = {
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    eventName: 'UserOperationEvent',
    fromBlock: 0n,
  } as const
  return (await anvil.reader().getContractEvents(event)).length
}

function faultsOf(reports: readonly AgentReport[], operations: readonly IncludedOperation[]): readonly string[] {
  const hashes = operations.map(({ hash }) => hash)
  const places = operations.map(({ sender, nonce }) => `${sender} ${nonce}`)
  const twice = (what: string, list: readonly string[]): readonly string[] =>
    new Set(list).size === list.length ? [] : [`${what} were included twice`]
  const known = new Set<Hex>(hashes)
  return [
    ...twice('operations', hashes),
    ...twice('nonces', places),
    ...reports.flatMap((report) => {
      if (report.kind === 'trouble') return [report.message]
      if (report.kind === 'forged') return [`the chain took the forged operation ${report.hash}`]
      if (report.kind === 'refused-by-chain' && known.has(report.hash)) return [`refused, yet included: ${report.hash}`]
      if (report.kind === 'included' && !known.has(report.hash)) return [`said to be included: ${report.hash}`]
      return []
    }),
  ]
}

/** Each meter on the chain against the sum of the EntryPoint's events. */
async function wrongMeters(
  anvil: Anvil,
  sessions: readonly AgentSession[],
  operations: readonly IncludedOperation[],
): Promise<readonly string[]> {
  const strangers = operations.filter(({ signer, sender }) =>
    sessions.every(({ keyAddress, account }) => keyAddress !== signer || account !== sender),
  )
  const found = await Promise.all(
    sessions.map(async (session) => {
      const { module, account, grant, policy } = session
      const name = { module, account, root: rootOf(grant), tag: '0x000000000000', meters: policy.meters } as const
      const { meters } = await readState(anvil.reader(), name)
      const text = (states: readonly MeterState[]): string =>
        states.map(({ window, spent }) => `${spent} in window ${window}`).join(', ')
      const [chain, events] = [text(meters), text(recompute(session, operations))]
      return chain === events ? [] : [`${session.keyAddress}: the meters hold ${chain}, the events make ${events}`]
    }),
  )
  return [...found.flat(), ...strangers.map(({ hash }) => `no session’s key signed ${hash}`)]
}

/** What the friends have is what included operations gave them, and nothing that was refused. */
async function wrongBalances(
  anvil: Anvil,
  sessions: readonly AgentSession[],
  operations: readonly IncludedOperation[],
): Promise<readonly string[]> {
  const client = anvil.reader()
  const abi = parseAbi(['function balanceOf(address) view returns (uint256)'])
  const found = await Promise.all(
    sessions.map(async ({ friend, keyAddress, token }) => {
      const calls = operations
        .filter(({ success, signer }) => success && signer === keyAddress)
        .flatMap((each) => each.calls)
      const given = calls.filter(({ to }) => to === friend).reduce((sum, { value }) => sum + value, 0n)
      const tokens = calls
        .filter(({ to }) => to === token)
        .reduce((sum, { data }) => sum + BigInt(`0x${data.slice(-64)}`), 0n)
      const has = await client.getBalance({ address: friend })
      const hasTokens = await client.readContract({ address: token, abi, functionName: 'balanceOf', args: [friend] })
      return has === given && hasTokens === tokens && has < parseEther('1')
        ? []
        : [`${friend} has ${has} wei and ${hasTokens} of the token, and was given ${given} and ${tokens}`]
    }),
  )
  return found.flat()
}

function tally(list: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const each of list) counts[each] = (counts[each] ?? 0) + 1
  return counts
}

function summary(reports: readonly AgentReport[]): string {
  const last = reports.filter(({ kind }) => kind === 'trouble').slice(-3)
  const refused = tally(reports.flatMap((each) => (each.kind === 'refused-by-agent' ? [each.code] : [])))
  return JSON.stringify({ ...tally(reports.map(({ kind }) => kind)), refused, last })
}
