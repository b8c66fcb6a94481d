// Installs what the end-to-end tests run against, once: `npm test` calls it. Elsewhere than on Linux x64 there is nothing to run them on.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const runs = process.platform === 'linux' && process.arch === 'x64'
if (runs && !existsSync(join(folder, 'node_modules', '.package-lock.json')))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' })
