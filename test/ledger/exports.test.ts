import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import * as ledger from '../../src/ledger/index.js'

test('`writ/ledger` gives owners exactly this', () => {
  expect(Object.keys(ledger).sort()).toEqual([
    'DEVICES',
    'FIRST_PATH',
    'LedgerError',
    'SimulatedTransport',
    'ledgerOwner',
    'openLedger',
    'openUsb',
    'pagesOf',
    'signGrantText',
  ])
})

test('the package offers it', () => {
  const { exports, files } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, { types: string; default: string }>
    files: string[]
  }
  expect(exports['./ledger']).toEqual({ types: './dist/ledger/index.d.ts', default: './dist/ledger/index.js' })
  expect(files).toContain('dist')
})

/** What a plain Node has loaded after it imported an entry of the package and did `then`: CommonJS files, and Node's own modules. */
const loadedBy = async (entry: string, then = ''): Promise<{ files: readonly string[]; own: readonly string[] }> => {
  // As deep in the checkout as the sources, so that packages and artifacts are found from there.
  const folder = mkdtempSync(join(import.meta.dirname, '..', '.loaded-'))
  try {
    const outfile = join(folder, 'entry.mjs')
    await build({ entryPoints: [entry], outfile, bundle: true, packages: 'external', format: 'esm', platform: 'node' })
    const script = join(folder, 'script.mjs')
    writeFileSync(
      script,
      `import { createRequire } from 'node:module'
import 'node:tty' // Whoever asks whether there is a terminal loads it, and with it Node's \`net\`.
const before = new Set(process.moduleLoadList)
const entry = await import('./entry.mjs')
${then}
const files = Object.keys(createRequire(import.meta.url).cache)
const own = process.moduleLoadList.filter((name) => !before.has(name))
console.log(JSON.stringify({ files, own }))`,
    )
    return JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' })) as Awaited<
      ReturnType<typeof loadedBy>
    >
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const USB = /node-hid|\/usb\/|usb-detection|transport-node-hid|\.node$/
const NETWORK = /axios|node-fetch|cross-fetch|\/undici\/|\/ws\/|follow-redirects|hw-app-eth/
const OWN_NETWORK = /^NativeModule (_?http\w*|https|http2|_?tls\w*|net|dgram|dns)$/

describe.each([['src/index.ts'], ['src/ledger/index.ts'], ['src/evaluator/index.ts']])('importing %s', (entry) => {
  test('loads no USB library and no network code', async () => {
    const { files, own } = await loadedBy(entry)
    expect(files.filter((file) => USB.test(file) || NETWORK.test(file))).toEqual([])
    expect(own.filter((name) => OWN_NETWORK.test(name))).toEqual([])
  })
})

test('opening a Ledger loads the client of its app, and no USB library', async () => {
  const { files } = await loadedBy(
    'src/ledger/index.ts',
    'await entry.openLedger({ transport: new entry.SimulatedTransport({ person: () => true }) })',
  )
  expect(files.some((file) => /hw-app-eth/.test(file))).toBe(true)
  expect(files.filter((file) => USB.test(file))).toEqual([])
})

test('looking for a Ledger on USB loads its library, where that is installed', async () => {
  const { files } = await loadedBy('src/ledger/index.ts', 'await entry.openUsb().catch(() => undefined)')
  expect(files.some((file) => USB.test(file))).toBe(existsSync('node_modules/@ledgerhq/hw-transport-node-hid'))
})
