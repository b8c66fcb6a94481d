#!/usr/bin/env node
import { nodeIo } from './nodeIo.js'
import { run } from './run.js'

// A reader that went away (`writ … | head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await run(process.argv.slice(2), nodeIo())
