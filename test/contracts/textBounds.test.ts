import { beforeAll, describe, expect, it } from 'vitest'
import { deviceText } from '../../src/compiler/device/deviceText.js'
import { encode } from '../../src/compiler/encode.js'
import type { AbiType } from '../../src/policy/AbiType.js'
import type { Condition } from '../../src/policy/Condition.js'
import type { Operand } from '../../src/policy/Operand.js'
import type { Policy } from '../../src/policy/Policy.js'
import {
  address,
  allow,
  argument,
  BINDING,
  component,
  constant,
  element,
  list,
  named,
  number,
  one,
  policyOf,
  uint256,
  USDC,
} from '../compiler/samples.js'
import { Chain } from './harness/Chain.js'

let chain: Chain
beforeAll(async () => {
  chain = await Chain.create()
})

const compare = (left: Operand, right: Operand): Condition => ({
  kind: 'compare',
  operator: '<=',
  left: one(left),
  right: one(right),
})

const withTypes = (types: readonly AbiType[], name = 'many', ...where: readonly Condition[]): Policy =>
  policyOf({
    rules: [
      allow({ action: { kind: 'call', name, inputs: types.map((type, index) => named(`p${index}`, type)) }, where }),
    ],
  })

const nest = (depth: number, type: AbiType): AbiType => {
  let nested = type
  for (let at = 0; at < depth; at += 1) nested = { kind: 'tuple', components: [named('x', nested)] }
  return nested
}

const deepList = (depth: number): AbiType => {
  let type: AbiType = uint256
  for (let at = 0; at < depth; at += 1) type = list(type)
  return type
}

const noteIs = (value: string, operator: '==' | 'starts with' = '=='): Policy =>
  withTypes([{ kind: 'string' }], 'note', {
    kind: 'bytes',
    operator,
    left: { place: { kind: 'argument', path: [component(0)] } },
    right: `0x${Buffer.from(value, 'latin1').toString('hex')}`,
  })

const policies: Readonly<Record<string, Policy>> = {
  'a type list of 480 characters': withTypes(Array.from({ length: 60 }, () => uint256)),
  'a type list of 255 parameters': withTypes(Array.from({ length: 255 }, () => address)),
  'tuples nested 30 deep': withTypes([uint256, nest(30, uint256), address]),
  'lists of static length, longer than a line': withTypes([
    {
      kind: 'array',
      length: 5,
      element: { kind: 'array', length: 50, element: list({ kind: 'fixedBytes', size: 32 }) },
    },
  ]),
  'lists nested 31 deep': withTypes([deepList(31)]),
  'a path of 31 steps': withTypes(
    [deepList(30)],
    'deep',
    compare(argument(uint256, component(0), ...Array.from({ length: 30 }, () => element(65_535))), number(5n)),
  ),
  'a string of 17 wide letters': noteIs('W'.repeat(17)),
  'a string of 255 letters': noteIs('a'.repeat(255), 'starts with'),
  'a string of 256 letters': noteIs('b'.repeat(256)),
  'a string of 3000 letters': noteIs('https://'.repeat(375)),
  'a string that is no quotable one': noteIs('x '.repeat(600)),
  'the greatest number': withTypes([uint256], 'f', compare(argument(uint256, component(0)), number((1n << 256n) - 1n))),
  'the least number': withTypes(
    [{ kind: 'int', bits: 256 }],
    'f',
    compare(argument({ kind: 'int', bits: 256 }, component(0)), number(-(1n << 255n))),
  ),
  'amounts of every length': policyOf({
    rules: [
      allow({
        where: Array.from({ length: 40 }, (_, index) =>
          compare(
            argument(uint256, component(1)),
            constant({
              kind: 'amount',
              asset: USDC.address,
              value: 10n ** BigInt((2 * index) % 77) + BigInt(index % 3),
            }),
          ),
        ),
      }),
    ],
  }),
  'numbers of every length': policyOf({
    rules: [
      allow({
        where: Array.from({ length: 60 }, (_, index) =>
          compare(argument(uint256, component(1)), number(123n * 10n ** BigInt(index) + BigInt(index % 2))),
        ),
      }),
    ],
  }),
  ...Object.fromEntries(
    [
      'f',
      'a'.repeat(16),
      'a'.repeat(17),
      'W'.repeat(12),
      'aB'.repeat(32),
      'A'.repeat(64),
      '_'.repeat(64),
      `${'x'.repeat(15)}Y`,
      `${'x'.repeat(16)}Y`,
    ].map((name) => [`the name ${name}`, withTypes([uint256], name)]),
  ),
}

describe('the chain prints at the bounds what the compiler prints:', () => {
  it.each(Object.entries(policies))('%s', async (_, policy) => {
    const { value, error } = await chain.ask('textOf', [encode(policy, BINDING)])
    expect(error ?? String(value)).toBe(deviceText(policy, BINDING))
  })
})
