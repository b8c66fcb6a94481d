import { writeFileSync } from 'node:fs'
import { formatVectorsFile, makeFormatVectors } from './formatVectors.js'

writeFileSync(formatVectorsFile, `${JSON.stringify(makeFormatVectors(), null, 2)}\n`)
