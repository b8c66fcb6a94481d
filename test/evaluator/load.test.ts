import { describe, expect, test } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { InvalidGrantError, load } from '../../src/evaluator/index.js'
import type { Hex } from '../../src/policy/Hex.js'
import { ACCOUNT, FROM, grantOf, KEY, MODULE, pieces, UNTIL, USDC } from './handMadeGrant.js'

const refusal = (grant: string): InvalidGrantError | undefined => {
  try {
    load(grant as Hex)
    return undefined
  } catch (error) {
    if (error instanceof InvalidGrantError) return error
    throw error
  }
}

/** Where the piece stands, in bytes. */
const offsetOf = (name: keyof typeof pieces): number => {
  const names = Object.keys(pieces) as (keyof typeof pieces)[]
  return names.slice(0, names.indexOf(name)).reduce((sum, before) => sum + pieces[before].length / 2, 0)
}

describe('load', () => {
  test('reads a grant made by hand', () => {
    const session = load(grantOf())
    expect(session).toMatchObject({
      chainId: 8453,
      module: `0x${MODULE}`,
      account: `0x${ACCOUNT}`,
      entityId: 1,
      tag: '0x000000000000',
      key: `0x${KEY}`,
      from: FROM,
      until: UNTIL,
      meters: [
        { counts: 'ETH', limit: 10n ** 16n },
        { counts: `0x${USDC}`, limit: 100_000_000n },
      ],
      ruleCount: 2,
    })
  })

  test('takes upper-case digits for the same bytes', () => {
    const upper = `0x${grantOf().slice(2).toUpperCase()}`
    expect(load(upper as Hex).account).toBe(`0x${ACCOUNT}`)
  })

  test('refuses every beginning of a grant, and bytes after it', () => {
    const grant = grantOf()
    for (let end = 0; end < grant.length; end++) expect(refusal(grant.slice(0, end)), `${end} digits`).toBeDefined()
    expect(refusal(`${grant}00`)).toMatchObject({
      reason: 'bytes follow after the rules',
      offset: grant.length / 2 - 1,
    })
  })

  test('says what is no hex, and where', () => {
    expect(refusal('0x01zz')).toMatchObject({ offset: 1 })
    expect(refusal('0x010')).toMatchObject({ offset: 1 })
    expect(refusal('')).toMatchObject({ offset: 0 })
    expect(refusal('01')).toMatchObject({ offset: 0 })
  })

  const wrong: readonly (readonly [string, string, Partial<Record<keyof typeof pieces, string>>])[] = [
    ['a version to come', 'its version is unknown', { version: '02' }],
    ['no chain', 'the chain id is not possible', { chain: '0000000000000000' }],
    ['a chain above 2^53', 'the chain id is not possible', { chain: '0020000000000000' }],
    ['a header longer than it says', 'an asset is not in the table of tokens', { headerLength: '002b' }],
    ['unknown header flags', 'the header has unknown flags', { headerFlags: '09' }],
    [
      'a flag of conditions without any',
      'the fees have no conditions',
      { headerLength: '002d', headerFlags: '05', feesRecord: `${pieces.feesRecord}00` },
    ],
    ['the zero address as key', 'the session key is the zero address', { key: '00'.repeat(20) }],
    ['a begin before the format knows time', 'its time is not possible', { from: '005f5e0fff' }],
    ['an end that is the begin', 'its time is not possible', { until: pieces.from }],
    ['an end beyond 2^38', 'its time is not possible', { until: '4000000000' }],
    [
      'fees that are not the first meter',
      "the fees' meter is not the first",
      { feesRecord: '07' + '00' + '00015181' + '2386f26fc10000' },
    ],
    [
      'fees at another position',
      "the fees' meter is not the first",
      { feesRecord: '07' + '01' + '00015180' + '2386f26fc10000' },
    ],
    ['fees in a token', 'the fees have no meter of ETH', { feesMeter: '00' + '07' + '00015180' + '2386f26fc10000' }],
    ['a token of 78 decimals', 'a token has too many decimals', { tokens: `01${USDC}4e0455534443` }],
    ['a token of no symbol', "a token's symbol is no name", { tokens: `01${USDC}0600` }],
    ['a token that breaks lines', "a token's symbol is no name", { tokens: `01${USDC}060455530a43` }],
    ['a token that nothing uses', 'a token is not used', { tokens: `02${USDC}06045553444300${'33'.repeat(19)}060158` }],
    ['a token twice', 'a token stands there twice', { tokens: `02${USDC}060455534443${USDC}060158` }],
    [
      'a limit with a leading zero',
      'an integer has a leading zero byte',
      { usdcMeter: '00' + '05' + '00015180' + '0005f5e100' },
    ],
    ['a period of 299 seconds', 'a period is too short', { usdcMeter: '00' + '04' + '0000012b' + '05f5e100' }],
    [
      'a wide meter of a narrow limit',
      'a meter is of the wrong kind for its limit',
      { usdcMeter: '00' + '44' + '00015180' + '05f5e100' },
    ],
    [
      'a rolling meter whose period has no eighth',
      'a period cannot roll',
      { usdcMeter: '00' + '84' + '00015181' + '05f5e100' },
    ],
    ['a rolling meter for ever', 'a period cannot roll', { usdcMeter: '00' + '84' + '00000000' + '05f5e100' }],
    [
      'a rolling meter that no word holds',
      'a limit is too large',
      { usdcMeter: '00' + '8f' + '00015180' + '01' + '00'.repeat(14) },
    ],
    [
      'a meter of a kind that only leaves have',
      'a meter is of the wrong kind for its limit',
      { usdcMeter: '00' + 'c4' + '00015180' + '05f5e100' },
    ],
    ['a meter that nothing charges', 'a meter is not used', { bodyFlags: '02', charge: '01' + '00' + '00' + '0003' }],
    [
      'a signature with spaces',
      'a signature cannot be read',
      { signature: '001a' + Buffer.from('transfer(address, uint256)').toString('hex') },
    ],
    [
      'a signature with short names',
      'a signature cannot be read',
      { signature: '0016' + Buffer.from('transfer(address,uint)').toString('hex') },
    ],
    ['a selector of another function', "a selector is not its function's", { selector: 'a9059cbc' }],
    [
      'other words of heads than the function has',
      "the words of the heads are not the function's",
      { headWords: '03' },
    ],
    [
      'a parameter with a name that is none',
      "a parameter's name is no name",
      { names: '02' + '2d6f' + '06' + '616d6f756e74' },
    ],
    ['a function that no rule uses', 'the functions do not stand in order of first use', { allow: '01' + '0001' }],
    ['a send with a function', "the flags are not the rule's", { bodyFlags: '01' }],
    ['value without a word on ETH', 'a rule allows value without a word on ETH', { bodyFlags: '02' }],
    ['a descriptor of static arguments', "the flags are not the rule's", { bodyFlags: '20' }],
    ['a function with the flag of a command', "the flags are not the rule's", { bodyFlags: '80' }],
    [
      'a flag of nested calls without any',
      'blocks of nested calls stand where they may not',
      { bodyFlags: '40', deny: '00' + pieces.deny },
    ],
    ['a body longer than it says', 'it ends too early', { bodyLength: '0033' }],
    [
      'an argument of another type',
      "an argument's type is not the function's",
      { conditions: '01' + '10' + '1000' + '3f' + '02' + '11'.repeat(20) },
    ],
    [
      'an address compared with a number',
      'unlike operands are compared',
      { conditions: '01' + '10' + '1000' + '01' + '00' + '13' + '11'.repeat(19) },
    ],
    [
      'an unknown condition',
      'a condition is of no known kind',
      { conditions: '01' + '40' + '1000' + '01' + '02' + '11'.repeat(20) },
    ],
    ['a charge of unknown flags', 'a charge has unknown flags', { charge: '01' + '01' + '02' + '0003' }],
    ['an amount longer than it says', 'it ends too early', { charge: '01' + '01' + '00' + '0002' }],
    ['an argument that the function lacks', "an argument's type is not the function's", { amount: '10' + '02' + '3f' }],
    ['an asset unlimited twice', 'an asset is unlimited twice', { unlimited: '02' + '0000' }],
    ['a clause with a flag of a body', 'a clause has unknown flags', { clause: '01' + pieces.clause.slice(2) }],
    ['a clause longer than it says', 'it ends too early', { clauseLength: '000b' }],
    [
      'a number with a leading zero',
      'an integer has a leading zero byte',
      { clauseLength: '000d', clause: '00011410013f' + '00' + '05' + '0002faf080' },
    ],
    [
      'a signed comparison of unsigned numbers',
      'a comparison has the wrong sign',
      { clause: pieces.clause.replace('14', '18') },
    ],
    [
      'only denies',
      'no rule allows anything',
      {
        meterCount: '01',
        usdcMeter: '',
        ruleCount: '000001',
        allow: '',
        bodyLength: '',
        bodyFlags: '',
        target: '',
        selector: '',
        headWords: '',
        conditions: '',
        chargeCount: '',
        charge: '',
        amount: '',
        unlimited: '',
      },
    ],
  ]

  test.each(wrong)('refuses %s, as decode does: %s', (_, reason, replaced) => {
    const grant = grantOf(replaced)
    expect(refusal(grant)?.reason).toBe(reason)
    expect(decode(grant).ok).toBe(false)
  })

  test('says where in the bytes it stopped', () => {
    expect(refusal(grantOf({ selector: 'a9059cbc' }))).toMatchObject({
      name: 'InvalidGrantError',
      reason: "a selector is not its function's",
      offset: offsetOf('selector'),
    })
  })

  test('reads 100,000 rules in a few seconds', () => {
    const { allow, bodyLength, bodyFlags, selector, headWords, conditions, chargeCount, charge, amount, unlimited } =
      pieces
    const rules = Array.from({ length: 100_000 }, (_, index) => {
      const target = (index + 1).toString(16).padStart(40, '0')
      return `${allow}${bodyLength}${bodyFlags}${target}${selector}${headWords}${conditions}${chargeCount}${charge}${amount}${unlimited}`
    })
    const [head = ''] = grantOf().split(pieces.ruleCount + pieces.allow)
    const grant: Hex = `0x${head.slice(2)}0186a0${rules.join('')}`
    const start = performance.now()
    expect(load(grant).ruleCount).toBe(100_000)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
