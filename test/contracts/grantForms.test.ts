// Longer than most: one table of forms, each a few lines, that the reader of grants must take or refuse as the decoder does.
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Hex } from '../../src/policy/Hex.js'
import { SIZE } from '../arbitraries/Source.js'
import { bindings } from '../arbitraries/binding.js'
import { policies, widePolicies } from '../arbitraries/policy.js'
import { ALICE, BOB } from './harness/actors.js'
import { Chain } from './harness/Chain.js'
import { FROM } from './harness/policies.js'
import { allow, block, deny, grantOf, hex, type RawFunction, sized } from './harness/rawGrant.js'

let chain: Chain
beforeAll(async () => {
  chain = await Chain.create()
})

/** The module's word to a grant: its root, or the error's name. */
const say = async (grant: Hex): Promise<string> => {
  const { value, error } = await chain.ask('rootOf', [grant])
  return error ?? String(value)
}

/** Both readers of grants read it, and give it one root. */
const taken = async (grant: Hex): Promise<void> => {
  expect(decode(grant)).toMatchObject({ ok: true })
  expect(await say(grant)).toBe(rootOf(grant))
}

/** Neither reads it. */
const refused = async (grant: Hex): Promise<void> => {
  expect(decode(grant)).toMatchObject({ ok: false })
  expect(await say(grant)).toBe('InvalidGrant')
}

describe('whatever a policy says,', () => {
  test.each([
    ['in a writ', policies(SIZE.medium)],
    ['in bytes', widePolicies(SIZE.small)],
  ])('%s, module and compiler give its grant one root', async (_, each) => {
    await fc.assert(
      fc.asyncProperty(each, bindings(), async (policy, binding) => {
        const grant = encode(policy, binding)
        expect(await say(grant)).toBe(rootOf(grant))
      }),
      { numRuns: 30 },
    )
  })
})

/** Arguments 0 to 7: a word, words, bytes, pairs, three words in the heads, a list of bytes, lists of lists, two lists. */
const f: RawFunction = {
  name: 'f',
  types: '(address,uint256[],bytes,(uint256,address)[],uint64[3],bytes[],bytes4[][],int8[][2])',
  headWords: 10,
  descriptor: '08' + '0101' + '030101' + '02' + '030102' + '0103' + '0302' + '03030101' + '0402030101',
}

const given = (...where: readonly string[]): Hex => grantOf({ functions: [f], rules: [allow({ of: f, where })] })

const step = (kind: number, index = 0): string => hex(kind) + hex(index, 2)
const path = (...steps: readonly string[]): string => hex(steps.length) + steps.join('')
/** The place of an argument. */
const at = (index: number, ...more: readonly string[]): string => '00' + path(step(0, index), ...more)
const array = (place: string): string => '00' + place
const words = (place: string, count: number, size: number): string => '01' + place + hex(count) + hex(size)
const packed = (bytes: string, size: number, gap: number): string => '02' + bytes + hex(size) + hex(gap)
const whole = (place: string): string => place + '00'
const part = (place: string, flags: number, ...positions: readonly number[]): string =>
  place + hex(flags) + positions.map((position) => hex(position, 2)).join('')
const element = (type: string, depth = 0, ...steps: readonly string[]): string =>
  '12' + hex(depth) + path(...steps) + type
const every = (collection: string, ...body: readonly string[]): string =>
  '30' + collection + hex(body.length) + body.join('')
const any = (collection: string, ...body: readonly string[]): string =>
  '31' + collection + hex(body.length) + body.join('')
const five = '000105'
const over = (operand: string): string => '14' + operand + five
const equals = (operand: string, constant: string): string => '10' + operand + constant
const mask = (bits: string, operand: string): string => '15' + sized(bits, 1) + operand
const constantBytes = (digits: string): string => '03' + sized(digits, 1)
const bytesAre = (operator: string, bytes: string, other: string): string => operator + bytes + other

const uint = '3f'
const holdsOf5 = over(element(uint))
const bytes2 = whole(at(2))

describe('a condition on lists and bytes', () => {
  test.each<[string, string]>([
    ['every element', every(array(at(1)), holdsOf5)],
    ['any element, two conditions', any(array(at(1)), holdsOf5, '11' + element(uint) + five)],
    ['a word of each pair', every(array(at(3)), over(element(uint, 0, step(3, 0))))],
    ['the other word of each pair', every(array(at(3)), equals(element('01', 0, step(3, 1)), '21'))],
    ['elements in the heads', every(words('ff04', 3, 1), over(element('27')))],
    [
      'lists in a list',
      every(array(at(6)), any(array('01' + path()), equals(element('63'), constantBytes('01020304')))),
    ],
    ['an outer element inside', every(array(at(1)), any(array(at(1)), '10' + element(uint, 1) + element(uint)))],
    ['lists in a fixed array', every(array(at(7)), every(array('01' + path()), '18' + element('40') + five))],
    ['elements of one of its lists', every(array(at(7, step(1, 1))), '18' + element('40') + five)],
    ['packed addresses', any(packed(bytes2, 20, 3), equals('170014', '21'))],
    ['packed bytes of a part', any(packed(part(at(2), 1, 4), 1, 0), equals('170001', constantBytes('ff')))],
    ['a masked packed element', any(packed(bytes2, 4, 0), equals(mask('f0', '170004'), constantBytes('00000010')))],
    ['the bytes of each of a list', every(array(at(5)), bytesAre('3a', whole('01' + path()), '00' + sized('aa', 2)))],
    ['the length of a list', over('13' + array(at(1)))],
    ['the length of packed bytes', over('13' + packed(bytes2, 32, 255))],
    ['the length of bytes', over('1303' + bytes2)],
    ['the length of a multisend', over('1304' + bytes2)],
    ['a sum', over('16' + array(at(1)) + path() + uint)],
    ['a sum of a member', over('16' + array(at(3)) + path(step(3, 0)) + uint)],
    ['a sum in the heads', over('16' + words('ff04', 3, 1) + path() + '27')],
    ['a slice from the front', equals('14' + part(at(2), 5, 0, 4), constantBytes('01020304'))],
    ['a slice from the end', equals('14' + part(at(2), 3, 20), '21')],
    ['a slice between the end', equals('14' + part(at(2), 15, 20, 18), constantBytes('0102'))],
    ['a masked slice', equals(mask('80', '14' + part(at(2), 5, 31, 32)), constantBytes('80'))],
    ['a masked word', equals(mask('ff', '10043f'.replace('3f', '27')), five)],
    ['equal bytes', bytesAre('38', bytes2, '01' + whole(at(5, step(2))))],
    ['bytes that differ from none at all', bytesAre('39', bytes2, '00' + sized('', 2))],
    ['a part to near the end', bytesAre('3b', part(at(2), 13, 4, 1), '00' + sized('abcdef', 2))],
  ])('may speak of %s', async (_, condition) => {
    await taken(given(condition))
  })

  test.each<[string, string]>([
    ['no list', every(array(at(2)), holdsOf5)],
    ['an argument that is not there', every(array(at(8)), holdsOf5)],
    ['a static argument by a path', every(array(at(4)), holdsOf5)],
    ['an argument by another step', every(array('00' + path(step(1, 1))), holdsOf5)],
    ['arguments without a step', every(array('00' + path()), holdsOf5)],
    ['an unknown collection', every('03' + at(1), holdsOf5)],
    ['an element of no quantifier', over(element(uint))],
    ['an element further out than there are quantifiers', every(array(at(1)), over(element(uint, 1)))],
    ['an element behind its quantifier', every(array(at(1)), holdsOf5) + over(element(uint))],
    ['an element that is no word', every(array(at(3)), over(element(uint)))],
    ['a word beyond the element', every(array(at(3)), over(element(uint, 0, step(3, 2))))],
    ['a word of a word', every(array(at(3)), over(element(uint, 0, step(3, 0), step(3, 0))))],
    ['a member of a list', every(array(at(6)), equals(element('63', 0, step(0, 0)), constantBytes('01020304')))],
    ['another way into a list', every(array(at(6)), equals(element('63', 0, step(2, 1)), constantBytes('01020304')))],
    ['an index beyond a fixed array', every(array(at(7, step(1, 2))), '18' + element('40') + five)],
    ['the last of a fixed array', every(array(at(7, step(2))), '18' + element('40') + five)],
    ['a type that is none', every(array(at(1)), over(element('80')))],
    ['a body without conditions', every(array(at(1)))],
    ['an `and` in a body', every(array(at(1)), '0102' + holdsOf5 + holdsOf5)],
    ['bounds on now of elements', every(array(at(1)), '1c' + element(uint) + '0000000001')],
    ['a list inside an element that is none', every(array(at(1)), every(array('01' + path()), holdsOf5))],
    ['words beyond the argument', every(words('ff04', 4, 1), over(element('27')))],
    ['words of an argument that is dynamic', every(words('ff01', 1, 1), holdsOf5)],
    ['no words', every(words('ff04', 0, 1), over(element('27')))],
    ['elements without words', every(words('ff04', 3, 0), over(element('27')))],
    ['words beyond the heads', every(words('ff0a', 1, 1), over(element('27')))],
    ['a word of a dynamic argument', over('10013f')],
    ['a list in the heads', every(array('ff04'), over(element('27')))],
    ['a packed element without packed bytes', every(array(at(1)), equals('170020', constantBytes('00'.repeat(32))))],
    ['a packed element of another size', any(packed(bytes2, 20, 3), equals('170013', constantBytes('00'.repeat(19))))],
    ['a word of a packed element', any(packed(bytes2, 32, 0), over(element(uint)))],
    ['a place in a packed element', any(packed(bytes2, 32, 0), bytesAre('38', whole('01' + path()), '000000'))],
    ['packed elements of no bytes', any(packed(bytes2, 0, 3), equals('170000', '21'))],
    ['packed elements of 33 bytes', any(packed(bytes2, 33, 3), equals('170021', '21'))],
    ['the length of a fixed array', over('13' + array(at(7)))],
    ['the length of words', over('13' + words('ff04', 3, 1))],
    ['the length of something unknown', over('1305' + bytes2)],
    ['the length of a list as bytes', over('1303' + whole(at(1)))],
    ['a sum of packed elements', over('16' + packed(bytes2, 32, 0) + path() + uint)],
    ['a sum of addresses', over('16' + array(at(3)) + path(step(3, 1)) + '01')],
    ['a sum of integers with a sign', over('16' + array(at(7, step(1, 1))) + path() + '40')],
    ['a sum of pairs', over('16' + array(at(3)) + path() + uint)],
    ['a slice without a range', equals('14' + bytes2, constantBytes('01'))],
    ['a slice of no bytes', equals('14' + part(at(2), 5, 4, 4), constantBytes('01'))],
    ['a slice of less than none', equals('14' + part(at(2), 5, 4, 3), constantBytes('01'))],
    ['a slice of 33 bytes', equals('14' + part(at(2), 5, 0, 33), constantBytes('01'))],
    ['a slice to the end', equals('14' + part(at(2), 1, 4), constantBytes('01'))],
    ['a slice from front to near the end', equals('14' + part(at(2), 13, 4, 1), constantBytes('01'))],
    ['a mask of nothing', equals(mask('', '100427'), five)],
    ['a mask that is too wide', equals(mask('01' + '00'.repeat(8), '100427'), five)],
    ['a mask with a leading zero', equals(mask('00ff', '100427'), five)],
    ['a mask on an address', equals(mask('ff', '100001'), '21')],
    ['a mask on what has a sign', every(array(at(7, step(1, 0))), '16' + mask('ff', element('40')) + five)],
    ['a mask on 20 bytes', equals(mask('ff', '14' + part(at(2), 3, 20)), '21')],
    ['a mask on a packed address', any(packed(bytes2, 20, 3), equals(mask('ff', '170014'), '21'))],
    ['a mask on a mask', equals(mask('ff', mask('ff', '100427')), five)],
    ['a mask on a length', equals(mask('ff', '1303' + bytes2), five)],
    ['a mask on a constant', equals(mask('ff', five), five)],
    ['a mask on the call’s value', equals(mask('ff', '20'), five)],
    ['a range that is the whole', bytesAre('38', part(at(2), 1, 0), '000000')],
    ['a range that ends at the end', bytesAre('38', part(at(2), 13, 4, 0), '000000')],
    ['a range that ends at the beginning', bytesAre('38', part(at(2), 5, 0, 0), '000000')],
    ['a range that starts at the end', bytesAre('38', part(at(2), 3, 0), '000000')],
    ['a range with flags but none there', bytesAre('38', part(at(2), 4, 4, 8), '000000')],
    ['a range with an unknown flag', bytesAre('38', part(at(2), 17, 4), '000000')],
    ['a range with an end from the end that is not there', bytesAre('38', part(at(2), 9, 4), '000000')],
    ['an unknown side', bytesAre('38', bytes2, '02' + bytes2)],
    ['an unknown comparison of bytes', bytesAre('3c', bytes2, '000000')],
    ['bytes that are a list', bytesAre('38', whole(at(5)), '000000')],
    ['bytes that are words', bytesAre('38', whole('ff00'), '000000')],
    ['an unknown operand', equals('18', five)],
  ])('may not speak of %s', async (_, condition) => {
    await refused(given(condition))
  })

  test('does not stand in the header', async () => {
    const grant = grantOf({ functions: [f], rules: [allow({ of: f })] })
    await taken(grant)
    for (const condition of [over('1303' + bytes2), every(array(at(1)), holdsOf5), over('10003f')]) {
      const header = `04${grant.slice(126, 186)}01${condition}`
      await refused(`0x${grant.slice(2, 120)}${sized(header, 2)}${grant.slice(186)}`)
    }
  })
})

test.each([
  ['quantifiers', (depth: number) => nestedQuantifiers(depth)],
  ['alternatives', (depth: number) => alternatives(depth)],
])('%s are nested up to 32 deep', async (_, make) => {
  await taken(make(32))
  await refused(make(33))
})

/** Lists in lists as deep as a type may be: over each the next, and of the last a length, in one condition less than the depth. */
function nestedQuantifiers(depth: number): Hex {
  const lists = 31
  const g: RawFunction = {
    name: 'g',
    types: `(uint256${'[]'.repeat(lists)})`,
    headWords: 1,
    descriptor: '01' + '03'.repeat(lists) + '0101',
  }
  let condition = over(element(uint))
  for (let i = 1; i < lists; i += 1) condition = every(array('01' + path()), condition)
  condition = every(array(at(0)), condition)
  for (let i = lists + 1; i < depth; i += 1) condition = `0${i % 2 === 0 ? 2 : 1}02${condition}04`
  if (condition.startsWith('01')) condition = `0202${condition.slice(4, -2)}04`
  return grantOf({ functions: [g], rules: [allow({ of: g, where: [condition] })] })
}

function alternatives(depth: number): Hex {
  return given(alternating(depth, over('100427')))
}

function alternating(depth: number, condition: string): string {
  for (let i = 1; i < depth; i += 1) condition = `0${(depth - i) % 2 === 1 ? 2 : 1}02${condition}04`
  return condition
}

const call: RawFunction = { name: 'h', types: '(uint256)', headWords: 1 }
const carrier: RawFunction = {
  name: 'c',
  types: '(bytes,bytes[],string[])',
  headWords: 3,
  descriptor: '03' + '02' + '0302' + '0302',
}
const command: RawFunction = {
  name: '0x8a',
  types: '(address,bytes[])',
  headWords: 2,
  descriptor: '02' + '0101' + '0302',
}

const calls = '00' + at(1)
const multisend = '01' + whole(at(0))
const commands = '02' + whole(at(0)) + at(1)

const carrying = (functions: readonly RawFunction[], nested: readonly string[], more: readonly string[] = []): Hex =>
  grantOf({ functions: [carrier, ...functions], rules: [allow({ of: carrier, nested }), ...more] })

const one = allow({ of: call, index: 1 })
const commanded = allow({ of: command, index: 1 })

describe('nested calls', () => {
  test.each<[string, Hex]>([
    ['calls', carrying([call], [block(calls, [one])])],
    ['a multisend to others', carrying([call], [block(multisend, [allow({ of: call, index: 1, target: ALICE })])])],
    ['a multisend that sends', carrying([], [block(multisend, [allow({ target: ALICE })])])],
    ['commands', carrying([command], [block(commands, [commanded])])],
    [
      'two blocks',
      carrying([call, command], [block(calls, [one]), block(commands, [allow({ of: command, index: 2 })])]),
    ],
    [
      'denies in and around',
      carrying(
        [call],
        [
          block(calls, [
            deny({ action: 0, where: ['1420' + five] }),
            one,
            deny({ action: 2, of: call, index: 1, where: [over('10003f')] }),
          ]),
        ],
        [deny({ action: 0, where: ['03'] }), deny({ action: 2, of: call, index: 1, where: [over('10003f')] })],
      ),
    ],
    [
      'denied commands',
      carrying(
        [command],
        [block(commands, [deny({ action: 3, of: command, index: 1, where: [equals('100001', '21')] }), commanded])],
      ),
    ],
    ['four levels', levels(4)],
    ['four levels, with conditions as deep as may be in the last', levels(4, [alternating(32, over('10003f'))])],
  ])('may be %s', async (_, grant) => {
    await taken(grant)
  })

  test.each<[string, Hex]>([
    ['without a block', carrying([], [])],
    [
      'with fewer blocks than said',
      grantOf({
        functions: [carrier, call],
        rules: [allow({ of: carrier, nested: [block(calls, [one])], blocks: 2 })],
      }),
    ],
    ['without rules', carrying([], [block(calls, [])])],
    ['with nothing but denies', carrying([], [block(calls, [deny({ action: 0 })])])],
    ['in five levels', levels(5)],
    ['of an unknown form', carrying([call], [block('03' + at(1), [one])])],
    ['in bytes that are a list', carrying([call], [block('01' + whole(at(1)), [one])])],
    ['in a list that is bytes', carrying([call], [block('00' + at(0), [one])])],
    ['in the heads', carrying([call], [block('00ff00', [one])])],
    ['in an element of no quantifier', carrying([call], [block('0001' + path(), [one])])],
    ['as calls to others', carrying([call], [block(calls, [allow({ of: call, index: 1, target: ALICE })])])],
    ['as calls denied to others', carrying([call], [block(calls, [one, deny({ action: 0, target: BOB })])])],
    ['as commands of others', carrying([command], [block(commands, [allow({ of: command, index: 1, target: BOB })])])],
    ['as functions among commands', carrying([call], [block(commands, [one])])],
    ['as ether among commands', carrying([command], [block(commands, [commanded, allow({})])])],
    ['as commands among calls', carrying([command], [block(calls, [commanded])])],
    ['as anything denied among commands', carrying([command], [block(commands, [commanded, deny({ action: 0 })])])],
    [
      'as a command denied as a call',
      carrying([command], [block(commands, [commanded, deny({ action: 2, of: command, index: 1 })])]),
    ],
    ['as a call denied as a command', carrying([call], [block(calls, [one, deny({ action: 3, of: call, index: 1 })])])],
    [
      'as a command without its flag',
      carrying([command], [block(commands, [allow({ of: command, index: 1, flags: 0x80 })])]),
    ],
    [
      'as a function with a command’s flag',
      carrying([call], [block(calls, [allow({ of: call, index: 1, flags: 0x80 })])]),
    ],
    ['as a command outside', carrying([command], [block(commands, [commanded])], [commanded])],
    [
      'as a command with another byte',
      replaced(carrying([command], [block(commands, [commanded])]), '0000008a', '0000008b'),
    ],
    ['as a command in capitals', replaced(carrying([command], [block(commands, [commanded])]), '30783861', '30783841')],
    [
      'as a command that is no byte',
      replaced(carrying([command], [block(commands, [commanded])]), '30783861', '30783867'),
    ],
    [
      'as a denied command of other types',
      carrying(
        [command, { ...command, types: '(uint256,bytes[])' }],
        [block(commands, [commanded, deny({ action: 3, of: command, index: 2 })])],
      ),
    ],
    [
      'under a rule that says there are none',
      grantOf({
        functions: [carrier, call],
        rules: [allow({ of: carrier, nested: [block(calls, [one])], flags: 0x40 })],
      }),
    ],
    [
      'with a function before its use',
      grantOf({
        functions: [call, carrier],
        rules: [allow({ of: carrier, index: 1, nested: [block(calls, [allow({ of: call, index: 0 })])] })],
      }),
    ],
  ])('may not stand %s', async (_, grant) => {
    await refused(grant)
  })
})

/** Calls that carry calls, so many levels of them; conditions of the innermost. */
function levels(count: number, where: readonly string[] = []): Hex {
  let rule = allow({ of: call, index: 1, where })
  for (let i = 0; i < count; i += 1) rule = allow({ of: carrier, nested: [block(calls, [rule])] })
  return grantOf({ functions: [carrier, call], rules: [rule] })
}

function replaced(grant: Hex, before: string, after: string): Hex {
  const changed = grant.replace(before, after)
  if (changed === grant) throw new Error(`${before} does not stand there`)
  return `0x${changed.slice(2)}`
}

describe('a deny', () => {
  test('of any call speaks of no arguments, whatever rule it touches', async () => {
    const grant = (condition: string): Hex =>
      grantOf({ functions: [f], rules: [allow({ of: f }), deny({ action: 0, where: [condition] })] })
    await taken(grant('1420' + five))
    await refused(grant(over('100427')))
    await refused(grant(over('13' + array(at(1)))))
  })
})

describe('a rolling meter', () => {
  const limit = sized('64', 1).slice(2)
  const meter = (period: number, digits = limit): string =>
    `fe${hex(0x80 | (digits.length / 2))}${hex(period, 4)}${digits}`
  const charged = (meters: readonly string[], until?: number): Hex => {
    const charges = meters.map((_, index) => `01${hex(index)}00${sized('000101', 2)}`)
    return grantOf({ functions: [call], meters, rules: [allow({ of: call, charges })], ...(until && { until }) })
  }
  const wide = `fe${hex(0x40 | 13)}${hex(0, 4)}02${'00'.repeat(12)}`
  const narrow = `fe01${hex(0, 4)}64`

  test('has a period of eight whole parts, and a limit below 2^112', async () => {
    await taken(charged([meter(86_400)]))
    await taken(charged([meter(304)]))
    await taken(charged([meter(86_400, 'ff'.repeat(14))]))
    await refused(charged([meter(86_401)]))
    await refused(charged([meter(296)]))
    await refused(charged([meter(0)]))
    await refused(charged([meter(86_400, '01' + '00'.repeat(14))]))
    await refused(charged([meter(86_400, '0064')]))
  })

  test('has parts that are numbered below 2^30', async () => {
    await taken(charged([meter(304)], FROM + 38 * 2 ** 30))
    await refused(charged([meter(304)], FROM + 38 * 2 ** 30 + 1))
  })

  test('takes five words after what stood before', async () => {
    for (const meters of [
      [narrow, meter(304), narrow],
      [narrow, narrow, narrow, meter(304), wide],
      [wide, meter(304), meter(304)],
    ])
      await taken(charged(meters))
  })

  test('fits into the words of a session', async () => {
    const rolling = Array.from({ length: 25 }, () => meter(304))
    await taken(charged([...rolling, wide, wide]))
    await refused(charged([...rolling, wide, wide, wide]))
    await refused(charged([wide, wide, wide, ...rolling]))
  })
})

describe('a grant', () => {
  test('is for a chain whose number JavaScript can hold', async () => {
    const on = (chainId: bigint): Hex => grantOf({ functions: [call], rules: [allow({ of: call })], chainId })
    for (const chainId of [1n, 2n ** 53n - 1n]) await taken(on(chainId))
    for (const chainId of [0n, 2n ** 53n]) await refused(on(chainId))
  })

  test('says once that an asset is unlimited', async () => {
    const of = (...unlimited: readonly string[]): Hex => grantOf({ rules: [allow({ unlimited, flags: 2 })] })
    await taken(of('ff'))
    await refused(of('ff', 'ff'))
  })

  test('says only of tokens that their asset is unchecked', async () => {
    const ether = (flags: number): Hex =>
      grantOf({ rules: [allow({ charges: [`02ff${hex(flags)}0105${sized('20', 2)}`], flags: 2 })] })
    const counted = (flags: number): Hex =>
      grantOf({
        meters: [`fe01${hex(0, 4)}64`],
        rules: [allow({ charges: [`0100${hex(flags)}${sized('000101', 2)}`] })],
      })
    for (const grant of [ether(0), counted(0)]) await taken(grant)
    for (const grant of [ether(1), counted(1)]) await refused(grant)
  })

  test('prices assets with the decimals that they have', async () => {
    const priced = (decimals: string): Hex => given(`22021002ffff${decimals}0001052002${five}`)
    await taken(priced('1212'))
    for (const decimals of ['1112', '1211', '0000']) await refused(priced(decimals))
  })
})
