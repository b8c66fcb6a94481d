import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Runs a TypeScript example of the docs, whose imports of `writ` mean this checkout; throws what it throws. */
export const runSnippet = async (text: string): Promise<void> => {
  const folder = mkdtempSync(join(import.meta.dirname, '.snippet-'))
  try {
    const source = text
      .replaceAll(/from 'writ\/evaluator'/g, "from '../../src/evaluator/index.js'")
      .replaceAll(/from 'writ\/account'/g, "from '../../src/account/index.js'")
      .replaceAll(/from 'writ\/ledger'/g, "from '../../src/ledger/index.js'")
      .replaceAll(/from 'writ'/g, "from '../../src/index.js'")
    const file = join(folder, 'snippet.ts')
    writeFileSync(file, source)
    await import(/* @vite-ignore */ pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
