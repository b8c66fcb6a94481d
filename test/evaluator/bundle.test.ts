import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { callDataOf, transfer } from '../semantics/fixtures.js'
import { ALICE, FROM, grantOf } from './handMadeGrant.js'

const entry = new URL('../../src/evaluator/index.ts', import.meta.url).pathname

const bundle = async (format: 'esm' | 'iife') =>
  build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format,
    globalName: 'evaluator',
    platform: 'neutral',
  })

describe('the evaluator as one file', () => {
  let esm: Awaited<ReturnType<typeof bundle>>
  beforeAll(async () => {
    esm = await bundle('esm')
  })

  test('is made of its own folder, of policy types and of the numbers of the format, and of nothing else', () => {
    for (const input of Object.keys(esm.metafile.inputs))
      expect(input).toMatch(/(^|\/)src\/(evaluator\/\w+\.ts|compiler\/layout\.ts|policy\/\w+\.ts)$/)
    expect(Object.values(esm.metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
  })

  test('has no import and no require left', () => {
    const code = esm.outputFiles?.[0]?.text ?? ''
    const foreign = /(?<![.\w])(import|require|process|Buffer|globalThis|eval|Function|fetch|crypto)\b/
    expect(foreign.exec(code)?.[0]).toBeUndefined()
  })

  test('decides where there is nothing but the language itself: no Node, no browser', async () => {
    const code = (await bundle('iife')).outputFiles?.[0]?.text ?? ''
    const callData = callDataOf(transfer(`0x${ALICE}`, 5n))
    const program = `${code}
      const session = evaluator.load('${grantOf()}')
      const { outcome } = evaluator.decide(session, evaluator.initialState(session), { callData: '${callData}' }, ${FROM})
      ;[outcome, evaluator.root(session), evaluator.witness(session, { time: ${FROM}, rules: [0] })].join()`
    expect(runInContext(program, createContext({}))).toMatch(/^allow,0x[0-9a-f]{64},0x002c/)
  })

  test('stays small: less than 24 kB as it travels, and does not grow unseen', () => {
    const code = esm.outputFiles?.[0]?.contents ?? new Uint8Array()
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(24_000)
    expect(code.length).toBeLessThan(62_000)
  })

  test('is no part of the parser, and no dependency of package.json', () => {
    const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      exports: Record<string, unknown>
    }
    expect(exports['./evaluator']).toEqual({
      types: './dist/evaluator/index.d.ts',
      default: './dist/evaluator/index.js',
    })
  })
})
