import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as account from '../../src/account/index.js'

test('`writ/account` gives agents exactly this', () => {
  expect(Object.keys(account).sort()).toEqual([
    'ChainFault',
    'InvalidWritError',
    'PolicyDeniedError',
    'SessionMismatchError',
    'explainFault',
    'kindNames',
    'kindOf',
    'toSessionAccount',
  ])
})

test('the package offers it', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, { default: string }>
  }
  expect(exports['./account']?.default).toBe('./dist/account/index.js')
})
