import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** The evaluator as an agent would ship it: one minified file. */
export type Bundle = { readonly path: string; readonly bytes: number; readonly compressedBytes: number }

export const bundleEvaluator = async (): Promise<Bundle> => {
  const path = join(await mkdtemp(join(tmpdir(), 'writ-evaluator-')), 'evaluator.mjs')
  const entry = fileURLToPath(new URL('../../src/evaluator/index.ts', import.meta.url))
  await build({
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    logLevel: 'error',
  })
  const code = await readFile(path)
  return { path, bytes: code.length, compressedBytes: gzipSync(code, { level: 9 }).length }
}

/** The comparison as a program for plain Node, beside the bundle. */
export const bundleBench = async (bundle: Bundle): Promise<string> => {
  const path = join(bundle.path, '..', 'compare.mjs')
  const entry = fileURLToPath(new URL('compare.ts', import.meta.url))
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }
  await build({
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    banner,
  })
  return path
}

/** A program beside the bundle that loads a grant and decides once. */
export const firstDecisionProgram = async (
  bundle: Bundle,
  grant: string,
  callData: string,
  now: number,
): Promise<string> => {
  const path = join(bundle.path, '..', 'first.mjs')
  await writeFile(
    path,
    `import { decide, initialState, load } from './evaluator.mjs'
const session = load('${grant}')
const { outcome } = decide(session, initialState(session), { callData: '${callData}' }, ${now})
if (outcome !== 'allow') throw new Error(outcome)
`,
  )
  return path
}
