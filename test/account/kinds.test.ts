import { describe, expect, test } from 'vitest'
import { kindNames, kindOf } from '../../src/account/kinds.js'
import { entryPoints } from '../../src/account/entryPoints.js'
import { ChainFault } from '../../src/account/ChainFault.js'
import type { Hex } from '../../src/policy/Hex.js'

// Every vector is written out by hand from the layouts in docs/accounts.md, one line a field.
const bytes = (...fields: readonly string[]): Hex => `0x${fields.join('').replaceAll(' ', '')}`
const word = (...fields: readonly string[]): bigint => BigInt(bytes(...fields))

const module: Hex = '0x11223344556677889900aabbccddeeff00112233'
const entity = { module, entityId: 0x01020304 }
const signature: Hex = `0x${'aa'.repeat(32)}${'bb'.repeat(32)}1b`
const rsv = `${'aa'.repeat(32)} ${'bb'.repeat(32)} 1b`
const hooks = [
  { index: 0, data: '0xc0ffee' },
  { index: 2, data: `0x${'dd'.repeat(300)}` },
] as const
const segments = ['00', '00000003', 'c0ffee', '02', '0000012c', 'dd'.repeat(300)]

describe.each(['modular-account-v2', 'test'] as const)('%s', (name) => {
  const { validation, owner } = kindOf(name)

  test('the nonce key is lane19 ‖ entityId4 ‖ options1, for a session’s validation without options', () => {
    expect(validation.nonceKey(entity)).toBe(word('00'.repeat(19), '01020304', '00'))
    expect(validation.nonceKey(entity, 7n)).toBe(word('00'.repeat(18), '07', '01020304', '00'))
    expect(validation.nonceKey(entity, 2n ** 152n - 1n)).toBe(word('ff'.repeat(19), '01020304', '00'))
  })

  test('a userOp signature is FF and what the module checks', () => {
    expect(validation.userOpSignature(entity, '0xabcdef')).toBe(bytes('ff', 'abcdef'))
  })

  test('hooks’ segments are index1 ‖ length4 ‖ data, before FF', () => {
    expect(validation.userOpSignature(entity, '0xabcdef', hooks)).toBe(bytes(...segments, 'ff', 'abcdef'))
  })

  test('an authorization is options1 ‖ entityId4 ‖ segments ‖ FF ‖ data', () => {
    expect(validation.authorization(entity, '0xabcdef')).toBe(bytes('00', '01020304', 'ff', 'abcdef'))
    expect(validation.authorization(entity, '0x', hooks)).toBe(bytes('00', '01020304', ...segments, 'ff'))
  })

  test('the owner is entity 0, globally, and signs 00 ‖ r ‖ s ‖ v', () => {
    expect(owner.nonceKey()).toBe(word('00'.repeat(19), '00000000', '01'))
    expect(owner.nonceKey(1n)).toBe(word('00'.repeat(18), '01', '00000000', '01'))
    expect(owner.userOpSignature(signature)).toBe(bytes('ff', '00', rsv))
    expect(owner.authorization()).toBe(bytes('01', '00000000', 'ff'))
  })
})

test('Modular Account v2’s factory makes an account of an owner and a salt, and tells its address before', () => {
  const { deployment } = kindOf('modular-account-v2')
  expect(deployment?.factory).toBe('0x00000000000017c61b5bee81050ec8efc9c6fecd')
  const owner = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
  const args = ['00'.repeat(12), owner.slice(2), '00'.repeat(31), '2a']
  // keccak256('createSemiModularAccount(address,uint256)') and keccak256('getAddressSemiModular(address,uint256)'), four bytes each.
  expect(deployment?.create(owner, 42n)).toBe(bytes('8b4e464e', ...args))
  expect(deployment?.addressOf(owner, 42n)).toBe(bytes('6aa34063', ...args))
})

describe.each(['reference', 'circle'] as const)('%s', (name) => {
  const ownerModule: Hex = '0x99887766554433221100ffeeddccbbaa99887766'
  const { validation, owner, deployment } = kindOf(name, { module: ownerModule, entityId: 5 })

  test('the nonce key, which the account does not read, keeps validations and lanes apart', () => {
    expect(validation.nonceKey(entity)).toBe(word('00'.repeat(19), '01020304', '00'))
    expect(validation.nonceKey(entity, 7n)).toBe(word('00'.repeat(18), '07', '01020304', '00'))
  })

  test('a userOp signature is module20 ‖ entityId4 ‖ global1 ‖ segments ‖ FF ‖ what the module checks', () => {
    const entity24 = ['11223344556677889900aabbccddeeff00112233', '01020304']
    expect(validation.userOpSignature(entity, '0xabcdef')).toBe(bytes(...entity24, '00', 'ff', 'abcdef'))
    expect(validation.userOpSignature(entity, '0xabcdef', hooks)).toBe(
      bytes(...entity24, '00', ...segments, 'ff', 'abcdef'),
    )
  })

  test('an authorization is laid out as the signature is', () => {
    expect(validation.authorization(entity, '0xabcdef', hooks)).toBe(
      bytes('11223344556677889900aabbccddeeff00112233', '01020304', '00', ...segments, 'ff', 'abcdef'),
    )
  })

  test('the owner speaks through the module that was named, globally, and signs r ‖ s ‖ v alone', () => {
    const named = ['99887766554433221100ffeeddccbbaa99887766', '00000005', '01', 'ff']
    expect(owner.nonceKey(3n)).toBe(word('00'.repeat(18), '03', '00000005', '01'))
    expect(owner.userOpSignature(signature)).toBe(bytes(...named, rsv))
    expect(owner.authorization()).toBe(bytes(...named))
  })

  test('the owner’s layouts are refused where the owner’s module was not named', () => {
    const unnamed = kindOf(name)
    expect(() => unnamed.owner.authorization()).toThrow(ChainFault)
    expect(() => unnamed.owner.nonceKey()).toThrow(/not named/)
    expect(() => unnamed.owner.userOpSignature(signature)).toThrow(ChainFault)
    expect(unnamed.validation.userOpSignature(entity, '0x')).toBe(validation.userOpSignature(entity, '0x'))
  })

  test('no factory is known', () => {
    expect(deployment).toBeUndefined()
  })
})

describe.each(kindNames)('%s, asked for what there is not', (name) => {
  const { validation } = kindOf(name)
  const sign = (...given: { index: number; data: Hex }[]) => validation.userOpSignature(entity, '0x', given)

  test('segments are put in order, and an empty one is left out', () => {
    const [first, last] = [{ index: 1, data: '0x01' } as const, { index: 254, data: '0x02' } as const]
    expect(sign(last, { index: 3, data: '0x' }, first)).toBe(sign(first, last))
    expect(sign(first, last)).toContain(bytes('01', '00000001', '01', 'fe', '00000001', '02', 'ff').slice(2))
  })

  test('two segments for one hook, and an index that is the validation’s own, are refused', () => {
    expect(() => sign({ index: 1, data: '0x01' }, { index: 1, data: '0x02' })).toThrow(RangeError)
    for (const index of [255, 256, -1, 0.5]) expect(() => sign({ index, data: '0x01' })).toThrow(RangeError)
  })

  test('a lane or an entity id that is too wide is refused, and never runs into its neighbour', () => {
    expect(() => validation.nonceKey(entity, 2n ** 152n)).toThrow(RangeError)
    expect(() => validation.nonceKey(entity, -1n)).toThrow(RangeError)
    for (const entityId of [2 ** 32, -1, 0.5])
      expect(() => validation.nonceKey({ module, entityId })).toThrow(RangeError)
  })
})

test('each kind names an EntryPoint whose address is known', () => {
  expect(kindNames.map((name) => kindOf(name).name)).toEqual(kindNames)
  expect(kindNames.map((name) => kindOf(name).entryPoints)).toEqual([['0.7'], ['0.7'], ['0.7'], ['0.7', '0.8']])
  expect(entryPoints['0.7'].address).toBe('0x0000000071727de22e5e9d8baf0edac6f37da032')
  expect(entryPoints['0.8'].address).toBe('0x4337084d9e255ff0702461cf8895ce9e3b5ff108')
})
