import { decodeAbiParameters, parseAbiParameters, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import * as calldata from '../../src/compiler/calldata.js'

const MODULE = '0x7c2e65252560000000000000000000000000abcd'
const OWNER = '0x1111111111111111111111111111111111111111'
const OTHER = '0x2222222222222222222222222222222222222222'
const ROOT = `0x${'ab'.repeat(32)}` as const
const word = (hex: string): string => hex.padStart(64, '0')
const left = (hex: string): string => hex.padEnd(64, '0')

describe('calldata to the account', () => {
  it('installs the validation for userOps only, with both execute functions and without hooks', () => {
    const data = calldata.installValidation(MODULE, { entityId: 7, firstOwner: OWNER, textGrants: true })
    expect(data).toBe(
      `0x1bbf564c${left('7c2e65252560000000000000000000000000abcd0000000701')}` +
        `${word('80')}${word('e0')}${word('1c0')}` +
        `${word('2')}${left('b61d27f6')}${left('34fcd5be')}` +
        `${word('c0')}${word('7')}${word(OWNER.slice(2))}${word('')}${word('')}${word('a0')}${word('')}` +
        `${word('')}`,
    )
  })

  it('uninstalls it with nothing to say to module or hooks', () => {
    expect(calldata.uninstallValidation({ module: MODULE, entityId: 2 ** 32 - 1 })).toBe(
      `0xb6b1ccfe${left('7c2e65252560000000000000000000000000abcdffffffff')}${word('60')}${word('80')}${word('')}${word('')}`,
    )
  })
})

describe('install data', () => {
  const parameters = parseAbiParameters('uint32 entityId, address first, address second, uint8 flags, bytes grant')

  it('carries owners, flags and a grant', () => {
    const data = calldata.installData({
      entityId: 1,
      firstOwner: OWNER,
      secondOwner: OTHER,
      textGrants: false,
      grant: '0x0102',
    })
    expect(decodeAbiParameters(parameters, data)).toEqual([1, OWNER, OTHER, 1, '0x0102'])
  })

  it('has no second owner, no grant and text grants on where nothing else is said', () => {
    const data = calldata.installData({ entityId: 1, firstOwner: OWNER, textGrants: true })
    expect(decodeAbiParameters(parameters, data)).toEqual([1, OWNER, `0x${'00'.repeat(20)}`, 0, '0x'])
  })
})

describe('calldata to the module', () => {
  it('begins with the selectors of the module’s interface', () => {
    const selectors = {
      [toFunctionSelector('grant(bytes)')]: calldata.grant('0x01'),
      [toFunctionSelector('revoke(bytes32)')]: calldata.revoke(ROOT),
      [toFunctionSelector('revokeAll()')]: calldata.revokeAll(),
      [toFunctionSelector('setOwners(uint32,address,address)')]: calldata.setOwners(1, OWNER),
    }
    for (const [selector, data] of Object.entries(selectors)) expect(data.slice(0, 10)).toBe(selector)
    expect(Object.keys(selectors)).toHaveLength(4)
  })

  it('carries its arguments', () => {
    expect(calldata.grant('0x010203').slice(10)).toBe(`${word('20')}${word('3')}${left('010203')}`)
    expect(calldata.revoke(ROOT).slice(10)).toBe(ROOT.slice(2))
    expect(calldata.revokeAll()).toHaveLength(10)
    expect(calldata.setOwners(5, OWNER).slice(10)).toBe(`${word('5')}${word(OWNER.slice(2))}${word('')}`)
    expect(calldata.setOwners(5, OWNER, OTHER).slice(10)).toBe(
      `${word('5')}${word(OWNER.slice(2))}${word(OTHER.slice(2))}`,
    )
  })
})
