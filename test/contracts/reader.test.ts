import { decodeFunctionResult, encodeFunctionData, getAddress } from 'viem'
import { expect, test } from 'vitest'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import { readerAddress } from '../../src/evm/moduleAddress.js'
import type { Hex } from '../../src/policy/Hex.js'
import { ACCOUNT, ALICE } from './harness/actors.js'
import { Chain } from './harness/Chain.js'
import { binding, transferPolicy } from './harness/policies.js'

const grant = encode(transferPolicy, binding)

test('a reader that is missing is named, and nothing is granted or read without it', async () => {
  const chain = await Chain.create()
  await chain.install()
  await chain.evm.setCode(readerAddress(), '0x')
  const missing = { error: 'ReaderMissing', args: [getAddress(readerAddress())] }
  expect(await chain.ask('grant', [grant])).toMatchObject(missing)
  expect(await chain.ask('rootOf', [grant])).toMatchObject(missing)
  expect(await chain.install(2, ACCOUNT, grant)).toMatchObject(missing)
  expect(await chain.install(2)).not.toHaveProperty('error')
})

test('what stands at its address and answers in another form is no reader', async () => {
  const chain = await Chain.create()
  // Answers with 32, with 193 and with 192 bytes of zeros: the last is a root for nobody.
  for (const [code, error] of [
    ['0x60206000f3', 'ReaderMissing'],
    ['0x60c16000f3', 'ReaderMissing'],
    ['0x60c06000f3', 'GrantForAnother'],
  ] as const) {
    await chain.evm.setCode(readerAddress(), code)
    expect(await chain.ask('grant', [grant])).toMatchObject({ error })
  }
})

test('what the reader says against a grant is said in its own words', async () => {
  const chain = await Chain.create()
  await chain.install()
  const cut: Hex = `0x${grant.slice(2, -2)}`
  const { error, args } = await chain.ask('grant', [cut])
  expect(error).toBe('InvalidGrant')
  expect(args).toHaveLength(1)
  expect(await chain.ask('rootOf', [cut])).toMatchObject({ error, args })
  expect(await chain.install(2, ACCOUNT, cut)).toMatchObject({ error, args })
})

test('the reader answers anybody, for any account, with root and recipient', async () => {
  const chain = await Chain.create()
  const { abi } = contractArtifact('GrantReader')
  const data = encodeFunctionData({ abi, functionName: 'read', args: [grant] })
  const { returnData } = await chain.evm.call({ from: ALICE, to: readerAddress(), data, static: true })
  expect(decodeFunctionResult({ abi, functionName: 'read', data: returnData })).toEqual([
    rootOf(grant),
    BigInt(transferPolicy.chainId),
    getAddress(binding.module),
    getAddress(transferPolicy.account),
    binding.entityId,
    binding.tag,
  ])
})
