// Bundles the command line. Of its start, half was looking for and opening some hundreds of small files; the library is left as it is, for bundlers of others to do the same.
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

// Parts of an earlier build have other names.
rmSync('dist/bin', { recursive: true, force: true })
await build({
  entryPoints: ['src/cli/main.ts'],
  // As deep as src/cli, because the program finds package.json and contracts/artifacts from where it stands.
  outdir: 'dist/bin',
  bundle: true,
  // What only some commands need stays in files of its own.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // CommonJS packages ask for Node's own modules by `require`, which ES modules lack.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)",
  },
  logLevel: 'warning',
})
