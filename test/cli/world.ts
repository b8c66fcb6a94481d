import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { nodeIo } from '../../src/cli/nodeIo.js'
import { run } from '../../src/cli/run.js'
import type { ExitCode } from '../../src/cli/ExitCode.js'
import type { Io, Person } from '../../src/cli/Io.js'
import { LedgerError } from '../../src/ledger/LedgerError.js'
import type { LedgerTransport } from '../../src/ledger/libraries.js'

/** What a command line did. */
export type Ran = {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
  readonly written: Record<string, string>
  /** What the person was asked. */
  readonly asked: readonly string[]
}

/** What a command line sees: files in memory before those on disk, a fixed clock, no terminal. */
export type World = {
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  readonly now?: number
  readonly unwritable?: boolean
  /** Files are read and written on the disk, as in earnest; paths are from this folder, or from the working directory. */
  readonly disk?: true | string
  /** What a person at a terminal answers, in order; left out: nobody is there. */
  readonly answers?: readonly (boolean | string)[]
  /** What is plugged in; left out: nothing. */
  readonly ledger?: LedgerTransport
}

/** Runs one command line in a world of its own. */
export const writ = async (argv: readonly string[], world: World = {}): Promise<Ran> => {
  let out = ''
  let err = ''
  const written: Record<string, string> = {}
  const asked: string[] = []
  const find = (path: string): string | Uint8Array | undefined =>
    path === '-'
      ? (world.stdin ?? '')
      : (world.files?.[path] ?? Object.entries(world.files ?? {}).find(([name]) => path.endsWith(`/${name}`))?.[1])
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    read: (path) => {
      const own = find(path)
      if (own === undefined) return readFileSync(path)
      return typeof own === 'string' ? new TextEncoder().encode(own) : own
    },
    write: (path, text) => {
      if (world.unwritable) throw Object.assign(new Error('no'), { code: 'EACCES' })
      written[path] = text
    },
    writeSecret: (path, text) => {
      if (world.unwritable) throw Object.assign(new Error('no'), { code: 'EACCES' })
      if (find(path) !== undefined) throw Object.assign(new Error('no'), { code: 'EEXIST' })
      written[path] = text
    },
    exists: (path) => find(path) !== undefined,
    env: world.env ?? {},
    now: () => world.now ?? 1_800_000_000,
    color: { out: false, err: false },
    interactive: false,
    ...(world.disk !== undefined && onDisk(world.disk === true ? '.' : world.disk)),
    ledger: () => (world.ledger ? Promise.resolve(world.ledger) : Promise.reject(new LedgerError('no-device'))),
    ...(world.answers && { person: personWho(world.answers, asked) }),
  }
  const code = await run(argv, io)
  return { code, out, err, written, asked }
}

/** The parts of the real world that read and write files. */
const onDisk = (folder: string): Pick<Io, 'read' | 'write' | 'writeSecret' | 'exists'> => {
  const { read, write, writeSecret, exists } = nodeIo()
  const at = (path: string): string => resolve(folder, path)
  return {
    read: (path) => read(at(path)),
    write: (path, text) => write(at(path), text),
    writeSecret: (path, text) => writeSecret(at(path), text),
    exists: (path) => exists(at(path)),
  }
}

/** A person who gives these answers, one to each question, and fails where a question has none. */
const personWho = (answers: readonly (boolean | string)[], asked: string[]): Person => {
  const next = (question: string): boolean | string => {
    const answer = answers[asked.length]
    asked.push(question)
    if (answer === undefined) throw new Error(`nobody answers: ${question}`)
    return answer
  }
  return {
    confirm: async (question) => next(question) === true,
    password: async (question) => String(next(question)),
  }
}

/** A small valid writ with everything in its header. */
export const small = `writ 1
account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
chain base
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00
ttl 1d
fees 0.01 ETH/day

allow send on 0xa11ce00000000000000000000000000000000001 budget 1 ETH/day
`

/** `small` without what the command line or an operations file may say. */
export const oneLine = 'allow send on 0xa11ce00000000000000000000000000000000001 budget 1 ETH/day ttl 24h\n'
