import type * as Chevrotain from 'chevrotain'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// The package's entry point loads some 700 small files (about 300 ms); the one-file bundle it ships beside them loads in 13 ms,
// but its `exports` do not name it. Hence by path, and by name should a later version lay its files out differently.
const entry = createRequire(import.meta.url).resolve('chevrotain')
const bundle = new URL('../chevrotain.min.mjs', pathToFileURL(entry)).href
const chevrotain = await (import(bundle) as Promise<typeof Chevrotain>).catch(() => import('chevrotain'))

/** The parser library, quickly. */
export const { createToken, Lexer, EmbeddedActionsParser, EOF } = chevrotain
