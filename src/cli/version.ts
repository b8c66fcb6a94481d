import { readFileSync } from 'node:fs'

/** The package's version, from package.json (two folders up from src/cli and from dist/bin alike). */
export const version: string = (() => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return 'unknown'
  return String(manifest.version)
})()
