// Longer than most: one table of lies, each beside its honest form.
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { installData } from '../../src/compiler/calldata.js'
import { decode } from '../../src/compiler/decode.js'
import { deviceTextOf } from '../../src/compiler/device/deviceText.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { ALICE, BOB, USDC } from './harness/actors.js'
import { Chain } from './harness/Chain.js'
import { FROM } from './harness/policies.js'
import { allow, block, deny, grantOf, hex, type RawFunction, sized, token } from './harness/rawGrant.js'

// What a host could write who makes the bytes of a grant himself, so that its text says what is not enforced, or that one signed text is two sessions. Each lie stands
// beside the honest form; neither decoder nor chain takes it, and it has no text.

let chain: Chain
beforeAll(async () => {
  chain = await Chain.create()
})

const say = async (question: 'rootOf' | 'textOf', grant: Hex): Promise<string> => {
  const { value, error } = await chain.ask(question, [grant])
  return error ?? String(value)
}

const isHonest = async (grant: Hex): Promise<void> => {
  const text = deviceTextOf(grant)
  expect(text).toMatchObject({ ok: true })
  expect(await say('rootOf', grant)).toBe(rootOf(grant))
  expect(await say('textOf', grant)).toBe(text.ok && text.text)
}

const isLie = async (grant: Hex): Promise<void> => {
  expect(decode(grant)).toMatchObject({ ok: false })
  expect(await say('rootOf', grant)).toBe('InvalidGrant')
  expect(await say('textOf', grant)).toBe('InvalidGrant')
}

/** Words: 0 address, 1 uint256, 2 int256, 5 bytes4, 6 bool, 10 to 12 three of them, 13 bytes20, 14 a pair; the others are offsets. */
const g: RawFunction = {
  name: 'g',
  types:
    '(address,uint256,int256,bytes,string,bytes4,bool,(uint256)[],string[],bytes[],uint256[3],bytes20,(uint8,address))',
  headWords: 16,
  descriptor:
    '0d' + '0101'.repeat(3) + '0202' + '0101'.repeat(2) + '030101' + '0302' + '0302' + '0103' + '0101' + '0102',
}
const of = (where: string, more: Partial<Parameters<typeof allow>[0]> = {}): Hex =>
  grantOf({ functions: [g], rules: [allow({ of: g, where: [where], ...more })] })
const counting = (amount: string): Hex => of('03', { charges: [`02ff0001ff${sized(amount, 2)}`], flags: 2 })

const address = '100001'
const uint = '10013f'
const int = '10025f'
const four = '100563'
const bool = '100602'
const number = '000105'
const minusOne = '010101'
const step = (kind: number, index = 0): string => hex(kind) + hex(index, 2)
/** The place of an argument. */
const at = (index: number): string => `0001${step(0, index)}`
const part = (index: number, start: number, end: number): string => `${at(index)}05${hex(start, 2)}${hex(end, 2)}`
const bytes = (digits: string): string => `03${sized(digits, 1)}`
const member = (operand: string, form: number, width: number, ...values: readonly string[]): string =>
  `1a01${operand}${hex(form)}${hex(width)}${hex(values.length, 2)}${values.join('')}`
const every = (collection: string, condition: string): string => `30${collection}01${condition}`
const twenty = 'ab'.repeat(20)

describe('of a condition the text would be the same, or not what is enforced, with', () => {
  test.each<[string, string, string]>([
    [
      'four bytes compared as a byte string',
      `38${part(3, 0, 4)}00${sized('01020304', 2)}`,
      `1014${part(3, 0, 4)}${bytes('01020304')}`,
    ],
    [
      'twenty bytes compared as a byte string',
      `39${part(3, 0, 20)}00${sized(twenty, 2)}`,
      `1114${part(3, 0, 20)}02${twenty}`,
    ],
    [
      'two parts compared as byte strings',
      `38${part(3, 0, 8)}01${part(4, 4, 12)}`,
      `1014${part(3, 0, 8)}14${part(4, 4, 12)}`,
    ],
    [
      'a part of a text compared as a byte string',
      `38${part(4, 0, 1)}00${sized('00', 2)}`,
      `1014${part(4, 0, 1)}${bytes('00')}`,
    ],
    ['an unsigned number compared as one with a sign', `16${uint}${number}`, `12${uint}${number}`],
    ['a number with a sign compared as one without', `12${int}${number}`, `16${int}${number}`],
    ['a negative number compared as one without a sign', `14${int}${minusOne}`, `18${int}${minusOne}`],
    ['words of which one has a sign', `12${int}${uint}`, `220200${int}02${uint}`],
    ['words of which one has a sign, said to be equal', `10${int}${uint}`, `200200${int}02${uint}`],
    ['a sum of one word on either side', `200200${uint}02${number}`, `10${uint}${number}`],
    ['addresses in an order', `12${address}21`, `10${address}21`],
    ['bytes in an order', `15${four}${bytes('01020304')}`, `11${four}${bytes('01020304')}`],
    ['truth values in an order', `12${bool}0401`, `10${bool}0401`],
    ['an address that is a number', `10${address}${number}`, `10${uint}${number}`],
    ['a truth value that is a number', `10${bool}000101`, `10${bool}0401`],
    ['a number that is bytes', `10${uint}${bytes('05')}`, `10${uint}${number}`],
    ['bytes of another length', `10${four}${bytes('0102030405')}`, `10${four}${bytes('01020304')}`],
    ['twenty bytes that are an address', `10100d7302${twenty}`, `10100d73${bytes(twenty)}`],
    ['an address that is twenty bytes', `10${address}${bytes(twenty)}`, `10${address}02${twenty}`],
    ['a sum of addresses', `200300${address}00${address}02${number}`, `200300${uint}00${uint}02${number}`],
    [
      'sums of addresses',
      `200400${address}00${address}02${address}02${address}`,
      `200400${uint}00${uint}02${uint}02${uint}`,
    ],
    ['a number times an address', `200204${uint}${address}02${number}`, `200204${uint}${uint}02${number}`],
    ['an address that is multiplied', `200204${address}${uint}02${number}`, `200204${uint}${uint}02${number}`],
    ['a time that is an address', `1c${address}0000000005`, `1c${uint}0000000005`],
    ['an argument read as one of less bits', `10100127${number}`, `10${uint}${number}`],
    ['an argument read with a sign', `1610015f${number}`, `12${uint}${number}`],
    ['a number read as an address', `10100101` + '21', `10${address}21`],
    ['a member read as the one before it', `10100f20${number}`, `10100e20${number}`],
    ['a word of what has its own', `10100e01` + '21', `10100f01` + '21'],
    [
      'the one word of a tuple that is no word',
      every(`00${at(7)}`, `141200003f${number}`),
      every(`00${at(7)}`, `14120001${step(3)}3f${number}`),
    ],
    [
      'three elements as one of three words',
      every('01ff0a0103', `14120001${step(3)}3f${number}`),
      every('01ff0a0301', `141200003f${number}`),
    ],
    [
      'the last two of three elements',
      every('01ff0b0201', `141200003f${number}`),
      every('01ff0a0301', `141200003f${number}`),
    ],
    [
      'three elements from the second one on',
      every('01ff0b0301', `141200003f${number}`),
      every('01ff0a0301', `141200003f${number}`),
    ],
    [
      'three elements of two words each',
      every('01ff0a0302', `141200003f${number}`),
      every('01ff0a0301', `141200003f${number}`),
    ],
    [
      'a single value as one element',
      every('01ff010101', `141200003f${number}`),
      every('01ff0a0301', `141200003f${number}`),
    ],
    ['a pair as elements', every('01ff0e0201', `1412000020${number}`), every('01ff0a0301', `141200003f${number}`)],
    ['a byte string read as a word', `101101${step(0, 3)}03${bytes('01020304')}`, `10${four}${bytes('01020304')}`],
    ['a path to what has a word', `101101${step(0, 1)}3f${number}`, `10${uint}${number}`],
    ['a path into what has words', `101102${step(0, 12)}${step(3, 1)}01` + '21', `10100f01` + '21'],
    ['2^255 and more compared with a sign', `16${int}0020${'ff'.repeat(32)}`, `220200${int}020020${'ff'.repeat(32)}`],
    ['33 bytes as an address', `1014${part(3, 0, 33)}21`, `1014${part(3, 0, 20)}21`],
    ['34 bytes as a truth value', `1014${part(3, 0, 34)}0401`, `10${bool}0401`],
    ['64 bytes as a number', `1014${part(3, 0, 64)}${number}`, `10${uint}${number}`],
    ['bytes at their offset', `38ff03000000` + '01ff', `38${at(3)}000000` + '01ff'],
    [
      'a list at its offset',
      every('00ff07', `14120001${step(3)}3f${number}`),
      every(`00${at(7)}`, `14120001${step(3)}3f${number}`),
    ],
    ['the length of a list at its offset', `141300ff07${number}`, `141300${at(7)}${number}`],
    [
      'a path of more steps than it has',
      every(`00${at(7)}`, `14120002${step(3)}3f${number}`),
      every(`00${at(7)}`, `14120001${step(3)}3f${number}`),
    ],
    ['a column of more bytes than it needs', member(uint, 0, 2, '0005'), member(uint, 0, 1, '05')],
    ['a column of negative numbers, none of which is', member(int, 1, 1, '05'), member(int, 0, 1, '05')],
    ['a column of negative numbers of more bytes', member(int, 1, 2, 'ffff'), member(int, 1, 1, 'ff')],
    [
      'positive among negative ones of more bytes',
      member(int, 1, 2, '007f', 'ffff'),
      member(int, 1, 2, '0080', 'ffff'),
    ],
    ['a negative number for what is never negative', member(uint, 1, 1, 'ff'), member(uint, 0, 1, 'ff')],
    [
      '2^255 for what has a sign',
      member(int, 0, 32, `80${'00'.repeat(31)}`),
      member(uint, 0, 32, `80${'00'.repeat(31)}`),
    ],
    ['a truth value of 2', member(bool, 4, 1, '02'), member(bool, 4, 1, '01')],
    ['a column of addresses as bytes', member(address, 3, 20, twenty), member(address, 2, 20, twenty)],
    ['a column of addresses as numbers', member(address, 0, 20, twenty), member(address, 2, 20, twenty)],
    ['a column of bytes of another length', member(four, 3, 3, '010203'), member(four, 3, 4, '01020304')],
    ['a column of addresses for a number', member(uint, 2, 20, twenty), member(uint, 0, 20, twenty)],
    ['a column of truth values for a number', member(uint, 4, 1, '01'), member(uint, 0, 1, '01')],
    ['a column of numbers as bytes', member(uint, 3, 1, '05'), member(uint, 0, 1, '05')],
    ['a column of truth values as numbers', member(bool, 0, 1, '01'), member(bool, 4, 1, '01')],
    [
      'a second column of more bytes',
      `1a02${uint}0001${uint}0002000105` + '0005',
      `1a02${uint}0001${uint}0001000105` + '05',
    ],
  ])('%s', async (_, lie, honest) => {
    await isHonest(of(honest))
    await isLie(of(lie))
  })
})

test('one signed text is one session: in other bytes it is none', async () => {
  const owner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
  const place = await Chain.create({ time: FROM + 1000 })
  const install = installData({ entityId: 1, firstOwner: owner.address.toLowerCase() as Address, textGrants: true })
  expect(await place.ask('onInstall', [install])).not.toHaveProperty('error')
  const constant = '01020304'
  const words = of(`1014${part(3, 0, 4)}${bytes(constant)}`)
  const strings = of(`38${part(3, 0, 4)}00${sized(constant, 2)}`)
  const text = deviceTextOf(words)
  const signature = await owner.signMessage({ message: text.ok ? text.text : '' })
  expect(await place.ask('activate', [words, signature], BOB)).toMatchObject({ value: rootOf(words) })
  expect(await place.ask('activate', [strings, signature], BOB)).toMatchObject({ error: 'InvalidGrant' })
  expect(await place.ask('activate', [words, signature], BOB)).toMatchObject({ error: 'RootUsed' })
  expect(await place.ask('grant', [strings])).toMatchObject({ error: 'InvalidGrant' })
})

test('an argument or a component beyond the last is none, whatever stands in memory there', async () => {
  const few: RawFunction = { name: 'few', types: '(bytes)', headWords: 1, descriptor: '0102' }
  const pair: RawFunction = { name: 'pair', types: '((bytes,bytes))', headWords: 1, descriptor: '01050202' + '0202' }
  const first4 = (path: string): string => `1014${path}050000000403` + sized('01020304', 1)
  const rules = (fewAt: string, pairAt: string): Hex =>
    grantOf({
      functions: [few, pair, g],
      rules: [
        allow({ of: few, index: 0, where: [first4(fewAt)] }),
        allow({ of: pair, index: 1, where: [first4(pairAt)] }),
        allow({ of: g, index: 2, where: [first4(at(3))] }),
      ],
    })
  const inPair = (index: number): string => `0002${step(0, 0)}${step(0, index)}`
  await isHonest(rules(at(0), inPair(1)))
  for (let index = 1; index < 200; index++) {
    await isLie(rules(at(index), inPair(1)))
    await isLie(rules(at(0), inPair(index + 1)))
  }
})

test('what is least, and none at all, has a form too', async () => {
  await isHonest(of(member(uint, 0, 1, '00')))
  await isHonest(of(`38${part(3, 4, 4)}00${sized('', 2)}`))
})

describe('what is counted', () => {
  test.each<[string, string]>([
    ['is no address', address],
    ['is no truth value', bool],
    ['are no bytes', four],
    ['is no sum of one word', `7e0100${uint}`],
    ['is no sum of addresses', `7e0200${address}00${address}`],
  ])('%s', async (_, lie) => {
    await isHonest(counting(uint))
    await isHonest(counting(`7e0200${uint}00${uint}`))
    await isLie(counting(lie))
  })
})

test('calls are in a list of bytes, not of texts', async () => {
  const h: RawFunction = { name: 'h', types: '()', headWords: 0 }
  const carrying = (list: string): Hex =>
    grantOf({
      functions: [g, h],
      rules: [allow({ of: g, nested: [block(`00${list}`, [allow({ of: h, index: 1 })])] })],
    })
  await isHonest(carrying(at(9)))
  await isLie(carrying(at(8)))
  await isLie(carrying('ff09'))
})

describe('a body', () => {
  const shaped = (changed: Partial<RawFunction>): Hex => {
    const honest = grantOf({ functions: [g], rules: [allow({ of: g })] })
    const lie = grantOf({ functions: [g], rules: [allow({ of: { ...g, ...changed } })] })
    expect(lie).not.toBe(honest)
    return lie
  }
  test('has as many words of heads as its signature', async () => {
    await isHonest(grantOf({ functions: [g], rules: [allow({ of: g })] }))
    for (const headWords of [0, 15, 17]) await isLie(shaped({ headWords }))
    const none: RawFunction = { name: 'none', types: '()', headWords: 0 }
    await isHonest(grantOf({ functions: [none], rules: [allow({ of: none })] }))
    await isLie(grantOf({ functions: [none], rules: [allow({ of: { ...none, headWords: 1 } })] }))
  })

  test('of nothing but values reads none behind them', async () => {
    const one: RawFunction = { name: 'one', types: '(address)', headWords: 1 }
    const two: RawFunction = { name: 'two', types: '(address)', headWords: 1 }
    const reading = (word: number, type: number, constant: string): Hex =>
      grantOf({
        functions: [one, two],
        rules: [allow({ of: one, where: [`1010${hex(word)}${hex(type)}${constant}`] }), allow({ of: two, index: 1 })],
      })
    await isHonest(reading(0, 1, '21'))
    const constants = { 1: '21', 2: '0401', 3: bytes('00'.repeat(4)), 10: bytes('00'.repeat(11)) }
    for (let word = 0; word < 20; word++)
      for (const [type, constant] of Object.entries(constants))
        if (word !== 0 || type !== '1') await isLie(reading(word, Number(type), constant))
  })

  test('of other arguments reads none behind them either', async () => {
    const constants = { 1: '21', 2: '0401', 3: bytes('00'.repeat(4)), 13: bytes('00'.repeat(14)) }
    for (let word = 16; word < 40; word++)
      for (const [type, constant] of Object.entries(constants))
        await isLie(of(`1010${hex(word)}${hex(Number(type))}${constant}`))
  })

  test('of tuples reads none behind one', async () => {
    const inside = (word: number): Hex => of(every(`00${at(7)}`, `14120001${step(3, word)}3f${number}`))
    await isHonest(inside(0))
    for (let word = 1; word < 30; word++) await isLie(inside(word))
  })

  test('of arrays of one says where one begins', async () => {
    const k: RawFunction = { name: 'k', types: '(uint8[1][3][])', headWords: 1, descriptor: '01' + '03' + '0103' }
    const going = (steps: string, count: number, type: string): Hex =>
      grantOf({
        functions: [k],
        rules: [
          allow({
            of: k,
            where: [every(`00${at(0)}`, every(`0101${steps}${hex(count)}01`, `1412000${type}20${number}`))],
          }),
        ],
      })
    await isHonest(going(`01${step(3)}`, 3, `1${step(3)}`))
    await isHonest(going(`01${step(3, 1)}`, 1, '0'))
    await isLie(going('00', 1, '0'))
    await isLie(going('00', 3, `1${step(3)}`))
  })

  test('that sends has no descriptor', async () => {
    await isHonest(grantOf({ rules: [allow({})] }))
    await isLie(grantOf({ rules: [allow({ flags: 0x20 })] }))
  })

  test('has the descriptor of its signature', async () => {
    const descriptor = g.descriptor ?? ''
    await isLie(shaped({ descriptor: descriptor.replace('0202', '0201') }))
    // Two static arguments described as one of two words.
    await isLie(shaped({ descriptor: descriptor.replace('0d01010101', '0c0102') }))
    await isLie(shaped({ descriptor: `${descriptor}0101` }))
    const plain: RawFunction = { name: g.name, types: g.types, headWords: g.headWords }
    await isLie(grantOf({ functions: [g], rules: [allow({ of: plain })] }))
  })
})

describe('a signature', () => {
  const typed = (types: string, headWords = 1): Hex => {
    const odd: RawFunction = { name: 'odd', types, headWords }
    return grantOf({ functions: [odd], rules: [allow({ of: odd })] })
  }
  /** Of a function that is denied where nothing allows it: no body says what its arguments are. */
  const denied = (types: string): Hex => {
    const h: RawFunction = { name: 'h', types: '()', headWords: 0 }
    const odd: RawFunction = { name: 'odd', types, headWords: 0 }
    return grantOf({ functions: [h, odd], rules: [allow({ of: h }), deny({ action: 2, of: odd, index: 1 })] })
  }
  const isRead = async (grant: Hex): Promise<void> => {
    expect(decode(grant)).toMatchObject({ ok: true })
    expect(await say('rootOf', grant)).toBe(rootOf(grant))
  }
  const many = (type: string, count: number): string => `(${Array.from({ length: count }, () => type).join()})`
  const tuples = (depth: number): string => '('.repeat(depth) + 'uint8' + ')'.repeat(depth)

  test.each([
    ...['uint', 'int', 'uint0', 'uint7', 'uint264', 'uint08', 'uint0256', 'int9', 'int257', 'uint2560'],
    ...[
      'bytes0',
      'bytes33',
      'bytes01',
      'bytes032',
      'Address',
      'addres',
      'addresses',
      'boolean',
      'boo',
      'str',
      'fixed128x18',
    ],
    ...[
      'uint8 ',
      ' uint8',
      'uint8[0]',
      'uint8[01]',
      'uint8[256]',
      'uint8[',
      'uint8]',
      'uint8[-1]',
      'uint8[1',
      'uint8[a]',
    ],
    ...[
      '()',
      '(uint8',
      'uint8,',
      ',uint8',
      'uint8)',
      'uint8),(uint8',
      '(uint8)x',
      '()[2]',
      'uint8[16][16]',
      'bytes[0]',
      'bytes[256]',
      '(uint8;',
      'uint8[1;',
      'uint8[;',
      'uint8,,uint8',
    ],
  ])('is none with (%s)', async (types) => {
    await isLie(typed(`(${types})`))
    await isLie(denied(`(${types})`))
  })

  test('names values, arrays and tuples', async () => {
    for (const types of [
      'address',
      'bool',
      'uint8',
      'uint248',
      'int8',
      'int256',
      'bytes1',
      'bytes32',
      '(uint8)',
      'uint8[1]',
    ])
      await isRead(typed(`(${types})`))
    for (const types of [
      'bytes',
      'string',
      'uint8[]',
      'bytes[255]',
      '(string,uint8)[][3]',
      '(uint8[2],(address,bytes)[2])',
    ])
      await isRead(denied(`(${types})`))
  })

  test('has 255 words of heads, parameters and bytes of its descriptor at most', async () => {
    await isRead(typed('(uint8[255])', 255))
    await isRead(typed('(uint8[17][15])', 255))
    await isLie(typed('(uint8[255],uint8)', 255))
    await isLie(typed('(uint8[255],uint8)', 0))
    await isRead(typed(many('uint8', 255), 255))
    await isLie(typed(many('uint8', 256), 0))
    await isRead(denied(many('bytes', 254)))
    await isLie(denied(many('bytes', 255)))
    await isLie(denied(`(${many('uint8', 256)}[])`))
  })

  test('has types nested 32 deep at most', async () => {
    await isRead(typed(tuples(32)))
    await isLie(typed(tuples(33)))
    await isLie(typed(tuples(40)))
    await isRead(typed(`(uint8${'[1]'.repeat(31)})`))
    await isLie(typed(`(uint8${'[1]'.repeat(32)})`))
    await isRead(typed(`((uint8${'[1]'.repeat(15)})${'[1]'.repeat(15)})`))
    await isLie(typed(`((uint8${'[1]'.repeat(16)})${'[1]'.repeat(15)})`))
  })

  test('begins with a name', async () => {
    await isLie(
      grantOf({
        functions: [{ name: '', types: '()', headWords: 0 }],
        rules: [allow({ of: { name: '', types: '()', headWords: 0 } })],
      }),
    )
    const none: RawFunction = { name: 'none', types: '', headWords: 0 }
    await isLie(grantOf({ functions: [none], rules: [allow({ of: none })] }))
  })
})

describe('a deny that touches nothing', () => {
  const denying = (where: string): Hex =>
    grantOf({ functions: [g], rules: [allow({}), deny({ action: 2, of: g, index: 0, target: ALICE, where: [where] })] })
  test.each<[string, string, string]>([
    ['reads an argument as it is', `10100127${number}`, `10${uint}${number}`],
    ['compares what can be compared', `12${address}21`, `10${address}21`],
    ['names a word that is there', `1010103f${number}`, `10${uint}${number}`],
    ['bounds no time', `1c${uint}0000000005`, `12${uint}${number}`],
    ['has conditions that are some', `3c${uint}${number}`, `15${uint}${number}`],
    ['ends where it says', `10${uint}${number}00`, `10${uint}${number}`],
  ])('%s', async (_, lie, honest) => {
    await isHonest(denying(honest))
    await isLie(denying(lie))
  })

  test('has times that can be', async () => {
    const grant = denying('03')
    const clause = sized('000103', 2)
    const at = grant.lastIndexOf(clause)
    const hours = (opens: number, closes: number, days: number): Hex =>
      `0x${grant.slice(2, at)}${sized(`10${hex(opens, 2)}${hex(closes, 2)}${hex(days)}0103`, 2)}`
    await isHonest(hours(60, 120, 127))
    await isLie(hours(120, 60, 127))
    await isLie(hours(60, 120, 128))
    await isLie(`0x${grant.slice(2, at)}${sized('200103', 2)}`)
  })
})

describe('the tables', () => {
  const transfer: RawFunction = { name: 'transfer', types: '(address,uint256)', headWords: 2 }
  const ground: RawFunction = { name: 'many_msg_babbage', types: '(bytes1)', headWords: 1 }
  const h: RawFunction = { name: 'h', types: '()', headWords: 0 }

  test('have one function of a selector, whoever has it', async () => {
    const both = (first: RawFunction, second: RawFunction): Hex =>
      grantOf({
        functions: [first, second],
        rules: [allow({ of: first }), deny({ action: 2, of: second, index: 1, target: ALICE })],
      })
    await isHonest(both(transfer, h))
    await isLie(both(transfer, ground))
    await isLie(both(ground, transfer))
  })

  test('have a function once', async () => {
    const twice = (second: number): Hex =>
      grantOf({
        functions: second === 0 ? [h] : [h, h],
        rules: [allow({ of: h }), allow({ of: h, index: second, target: ALICE })],
      })
    await isHonest(twice(0))
    await isLie(twice(1))
  })

  test('have one command of a byte for a target', async () => {
    const carrier: RawFunction = { name: 'c', types: '(bytes,bytes[])', headWords: 2, descriptor: '02020302' }
    const command = (types: string): RawFunction => ({ name: '0x8a', types, headWords: 1 })
    const [first, second] = [command('(address)'), command('(uint256)')]
    const list = `02${at(0)}00${at(1)}`
    const on = (target: Address): Hex =>
      grantOf({
        functions: [carrier, first, second],
        rules: [
          allow({ of: carrier, nested: [block(list, [allow({ of: first, index: 1 })])] }),
          allow({ of: carrier, target, nested: [block(list, [allow({ of: second, index: 2, target })])] }),
        ],
      })
    await isHonest(on(ALICE))
    await isLie(on(USDC))
  })

  test('have tokens that something speaks of, and each once', async () => {
    const rule = (constant: Address): string =>
      allow({ of: transfer, where: [`10${address}02${constant.slice(2)}`], target: USDC })
    const grant = (tokens: readonly string[], constant: Address): Hex =>
      grantOf({ functions: [transfer], tokens, rules: [rule(constant)] })
    const [usdc, other, third] = [token(USDC, 'USDC'), token(ALICE, 'AAA'), token(BOB, 'BBB')]
    await isHonest(grant([usdc], ALICE))
    await isHonest(grant([usdc, other], ALICE))
    await isHonest(grant([other], ALICE))
    await isLie(grant([usdc, other], BOB))
    await isLie(grant([usdc, other, third], ALICE))
    await isLie(grant([usdc, other, third], BOB))
    await isLie(grant([token(USDC, 'USD', 18), usdc], ALICE))
    // One token with two decimals, of which something speaks under either name.
    const named = (first: Address): Hex =>
      grantOf({
        functions: [transfer],
        tokens: [token(first, 'BBB', 18), other],
        rules: [allow({ of: transfer, where: [`14${uint}05000105`, `14${uint}05010105`] })],
      })
    await isHonest(named(BOB))
    await isLie(named(ALICE))
  })

  test('have tokens of which lists, charges and denies speak', async () => {
    const tokens = [token(ALICE, 'AAA')]
    const speaking = (...rules: readonly string[]): Hex => grantOf({ functions: [transfer], tokens, rules })
    const listed = member(address, 2, 20, ALICE.slice(2).toLowerCase())
    await isHonest(speaking(allow({ of: transfer, where: [listed] })))
    await isHonest(speaking(allow({ of: transfer, charges: [`02000001ff${sized(uint, 2)}`] })))
    await isHonest(speaking(allow({ of: transfer, unlimited: ['00'] })))
    await isHonest(speaking(allow({ of: transfer }), deny({ action: 0, target: ALICE })))
    await isHonest(speaking(allow({ of: transfer, where: [`14${uint}05000105`] })))
    await isLie(speaking(allow({ of: transfer, where: [`14${uint}${number}`] })))
    await isLie(speaking(allow({ of: transfer, where: [member(address, 2, 20, BOB.slice(2).toLowerCase())] })))
  })
})
