import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import {
  type AbiFunction,
  type AbiParameter,
  checksumAddress,
  decodeFunctionData,
  encodeFunctionData,
  hexToBigInt,
  isHex,
  slice,
  toFunctionSelector,
} from 'viem'
import { describe, expect, test } from 'vitest'
import * as calldata from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { chains } from '../../src/dsl/units/chains.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import type { Hex } from '../../src/policy/Hex.js'
import { BINDING, policyOf } from '../compiler/samples.js'
import { schema } from './schema.js'

type Field = { readonly label: string; readonly format: string } & (
  { readonly path: string; readonly value?: undefined } | { readonly value: string; readonly path?: undefined }
)
type Descriptor = {
  readonly context: { readonly contract: { readonly deployments: readonly { chainId: number; address: string }[] } }
  readonly display: { readonly formats: Readonly<Record<string, { intent: string; fields: readonly Field[] }>> }
}

const text = readFileSync('erc7730/calldata-WritModule.json', 'utf8')
const descriptor = JSON.parse(text) as Descriptor
const formats = Object.entries(descriptor.display.formats)
const { abi } = contractArtifact('WritModule')

/** What only the account or the EntryPoint asks of a validation module, on its own account: nobody signs such a call. */
const notSigned = ['onInstall', 'validateUserOp', 'validateRuntime']
const signed = abi.filter(
  (entry): entry is AbiFunction =>
    entry.type === 'function' && entry.stateMutability === 'nonpayable' && !notSigned.includes(entry.name),
)

const signatureOf = ({ name, inputs }: AbiFunction): string =>
  `${name}(${inputs.map((input) => `${input.type} ${String(input.name)}`).join(',')})`

/** `name` or `name.[start:end]`, bytes of an argument; undefined where the function has no such argument, or it is no byte string to be cut. */
const argumentAt = (inputs: readonly AbiParameter[], path: string) => {
  const [, name, start, end] = /^(\w+)(?:\.\[(\d+):(\d+)\])?$/.exec(path) ?? []
  const index = inputs.findIndex((input) => input.name === name)
  const input = inputs[index]
  if (input === undefined || (start !== undefined && input.type !== 'bytes')) return undefined
  const range = start === undefined || end === undefined ? undefined : { start: Number(start), end: Number(end) }
  return { index, range, type: range === undefined ? input.type : `bytes${String(range.end - range.start)}` }
}

const validate = new Ajv2020({ strict: true }).compile(schema)

describe('the descriptor of the module', () => {
  test('has the form of ERC-7730, version 2', () => {
    expect(validate(descriptor), JSON.stringify(validate.errors)).toBe(true)
  })

  test.each<[string, (text: string) => string]>([
    ['an unknown key', (t) => t.replace('"intent"', '"intend"')],
    ['an unknown format', (t) => t.replace('"format": "raw"', '"format": "hex"')],
    ['parameters of another format', (t) => t.replace('"encoding": "timestamp"', '"types": ["eoa"]')],
    ['a signature without names', (t) => t.replace('revoke(bytes32 root)', 'revoke(bytes32)')],
    ['a path beside a value', (t) => t.replace('"value":', '"path": "data", "value":')],
    ['a chain that is a string', (t) => t.replace('"chainId": 1,', '"chainId": "1",')],
    ['no deployment', (t) => t.replace(/"deployments": \[[^\]]*\]/, '"deployments": []')],
    ['no display', (t) => t.replace('"display"', '"$display"')],
  ])('would not have it with %s', (_, change) => {
    const changed = change(text)
    expect(changed).not.toBe(text)
    expect(validate(JSON.parse(changed))).toBe(false)
  })

  test('is for the address of the shipped module, on every chain that has a name', () => {
    expect(descriptor.context.contract.deployments).toEqual(
      chains.map(({ id }) => ({ chainId: id, address: checksumAddress(moduleAddress()) })),
    )
  })

  test('describes each function that somebody signs, and no other', () => {
    expect(formats.map(([signature]) => signature).sort()).toEqual(signed.map(signatureOf).sort())
  })

  test('is shipped', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }
    expect(files).toContain('erc7730')
  })
})

describe.each(formats)('%s', (signature, { intent, fields }) => {
  const { inputs } = signed.find((f) => signatureOf(f) === signature) ?? { inputs: [] }
  const paths = fields.flatMap(({ path }) => (path === undefined ? [] : [path]))

  test('names arguments that the function has, in a format of their type', () => {
    for (const { path, format } of fields) {
      if (path === undefined) continue
      const found = argumentAt(inputs, path)
      expect(found, path).toBeDefined()
      if (format === 'addressName') expect(found?.type, path).toMatch(/^address$|^bytes20$/)
      if (format === 'date') expect(found?.type, path).toMatch(/^uint/)
    }
  })

  test('leaves no argument out', () => {
    const named = new Set(paths.map((path) => argumentAt(inputs, path)).flatMap((f) => (f?.range ? [] : [f?.index])))
    // A signature's and a grant's bytes say nothing to a person, but a wallet must know that they are meant to be there.
    expect(named).toEqual(new Set(inputs.map((_, index) => index)))
  })

  test('says in a short line what is done', () => {
    expect(intent).toMatch(/^[A-Z][ -~]{9,59}$/)
    for (const { label } of fields) expect(label).toMatch(/^[A-Z][ -~]{1,39}$/)
  })
})

/** What a wallet shows of a call by the descriptor: the fields' labels with their values. */
const shown = (data: Hex): Record<string, unknown> => {
  const { args = [] } = decodeFunctionData({ abi, data })
  const [, format] = formats.find(([signature]) => toFunctionSelector(signature) === slice(data, 0, 4)) ?? []
  const [signature] = formats.find(([, f]) => f === format) ?? []
  const { inputs } = signed.find((f) => signatureOf(f) === signature) ?? { inputs: [] }
  return Object.fromEntries(
    (format?.fields ?? []).map((field) => {
      if (field.path === undefined) return [field.label, field.value]
      const found = argumentAt(inputs, field.path)
      const value = args[found?.index ?? -1]
      if (found?.range === undefined) return [field.label, value]
      if (!isHex(value)) throw new Error(`${field.path} is no byte string`)
      return [field.label, slice(value, found.range.start, found.range.end)]
    }),
  )
}

describe('of real calldata the descriptor shows', () => {
  const policy = policyOf()
  const grant = encode(policy, BINDING)
  const account = checksumAddress(policy.account)
  const signature: Hex = `0x${'5a'.repeat(65)}`
  const root: Hex = `0x${'77'.repeat(32)}`
  const call = (functionName: string, args: readonly unknown[] = []) => encodeFunctionData({ abi, functionName, args })

  test('whose key a grant is for, over which account', () => {
    expect(shown(calldata.grant(grant))).toMatchObject({
      Account: policy.account,
      'Session key': policy.key,
      Grant: grant,
    })
    expect(shown(call('activate', [grant, signature]))).toMatchObject({
      Account: policy.account,
      'Session key': policy.key,
      'Signature of the owner': signature,
    })
  })

  test('whose key renounces', () => {
    const data = calldata.renounce(grant)
    expect(shown(data)).toMatchObject({ Account: account, 'Session key': policy.key, 'Entity id': BINDING.entityId })
  })

  test('what is ended, when and where', () => {
    expect(shown(calldata.revoke(root))).toEqual({ Session: root })
    expect(shown(calldata.revokeAll())).toEqual({})
    expect(shown(call('revokeByText', [account, 1, root, signature]))).toMatchObject({
      Account: account,
      Session: root,
    })
    expect(shown(call('killByText', [account, 3, true, 1_800_000_000, signature]))).toEqual({
      Account: account,
      'Entity id': 3,
      'On every chain': true,
      Before: 1_800_000_000,
      'Signature of the owner': signature,
    })
  })

  test('who becomes owner, and which token is pinned', () => {
    const first = checksumAddress(`0x${'a1'.repeat(20)}`)
    const second = checksumAddress(`0x${'b2'.repeat(20)}`)
    expect(Object.values(shown(calldata.setOwners(9, first, second)))).toEqual([9, first, second])
    expect(shown(call('pin', [account, second]))).toEqual({ Account: account, Token: second })
  })

  test('that the rules of a grant are not among it', () => {
    expect(shown(calldata.grant(grant)).Rules).toMatch(/not shown/)
    // The header's first fields have fixed places (docs/format.md); chain and validity stand there too, but as bytes, which no format shows as what they are.
    expect(hexToBigInt(slice(grant, 1, 9))).toBe(BigInt(policy.chainId))
  })
})
