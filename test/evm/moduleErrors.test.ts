import { encodeErrorResult, type Abi } from 'viem'
import { describe, expect, it } from 'vitest'
import { contractArtifact } from '../../src/evm/artifacts.js'
import { readError } from '../../src/evm/moduleErrors.js'
import type { DenialCode } from '../../src/policy/Denial.js'

type AbiError = Extract<Abi[number], { type: 'error' }>

const codes: Record<DenialCode, true> = {
  'session-not-active': true,
  'not-yet-valid': true,
  expired: true,
  'malformed-operation': true,
  'forbidden-target': true,
  'no-rule': true,
  'value-not-allowed': true,
  'condition-failed': true,
  'denied-by-rule': true,
  'nested-call-denied': true,
  'rule-not-yet-valid': true,
  'rule-expired': true,
  'outside-hours': true,
  'amount-unreadable': true,
  'per-call-exceeded': true,
  'meter-exceeded': true,
  'window-passed': true,
  'fee-exceeded': true,
  'fee-condition-failed': true,
  'paymaster-not-allowed': true,
}

function errorsOf(contract: 'WritModule' | 'TestAccount'): AbiError[] {
  return contractArtifact(contract).abi.filter((item): item is AbiError => item.type === 'error')
}

function sample(type: string): unknown {
  if (type.startsWith('uint')) return type === 'uint8' || type === 'uint32' ? 5 : 5n
  if (type === 'address') return '0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c'
  return `0x${'ab'.repeat(Number(type.slice('bytes'.length)))}`
}

describe('errors of the contracts', () => {
  it('are all read, with their arguments', () => {
    for (const error of [...errorsOf('WritModule'), ...errorsOf('TestAccount')]) {
      const args = error.inputs.map(({ type }) => sample(type))
      const data = encodeErrorResult({ abi: [error], errorName: error.name, args })
      expect(readError(data)).toMatchObject({ name: error.name, args })
    }
  })

  it('of the module name every denial, each by its own name', () => {
    const named = errorsOf('WritModule').flatMap((error) => {
      const args = error.inputs.map(({ type }) => sample(type))
      const code = readError(encodeErrorResult({ abi: [error], errorName: error.name, args }))?.code
      if (code) expect(code).toBe(error.name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase())
      return code ? [code] : []
    })
    expect(named.sort()).toEqual(Object.keys(codes).sort())
  })

  it('are not read into other bytes', () => {
    for (const data of ['0x', '0x12', '0xdeadbeef', '0x4e487b71'] as const) expect(readError(data)).toBeUndefined()
  })
})
