import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { encode } from '../../src/compiler/encode.js'
import { topOf, treeOf } from '../../src/compiler/proof.js'
import { type FormatVector, formatVectorsFile, makeFormatVectors } from './formatVectors.js'
import type { Hex } from '../../src/policy/Hex.js'
import { policyFromJson, policyToJson } from './policyJson.js'

const stored = JSON.parse(readFileSync(formatVectorsFile, 'utf8')) as readonly FormatVector[]

describe('the vectors of the format', () => {
  it('are what the compiler makes of their writs', () => {
    expect(makeFormatVectors()).toEqual(stored)
  })

  it.each(stored.map((vector) => [vector.description, vector] as const))('decode to their policy: %s', (_, vector) => {
    const policy = policyFromJson(vector.policy)
    expect(decode(vector.grant)).toStrictEqual({ ok: true, policy, binding: vector.binding })
  })

  it.each(stored.map((vector) => [vector.description, vector] as const))('prove their leaves: %s', (_, vector) => {
    for (const [index, hash] of vector.leafHashes.entries()) {
      expect(topOf(hash, vector.proofs[index] ?? [])).toBe(treeOf(vector.leafHashes)[0])
    }
  })

  it.each(stored.map((vector) => [vector.description, vector] as const))(
    'have no byte that could be another and mean the same: %s',
    (_, { grant, binding, policy }) => {
      const bytes = Buffer.from(grant.slice(2), 'hex')
      for (const [index, byte] of bytes.entries()) {
        bytes[index] = byte ^ (1 << (index % 8))
        const changed: Hex = `0x${bytes.toString('hex')}`
        const decoded = decode(changed)
        if (decoded.ok) {
          expect(encode(decoded.policy, decoded.binding)).toBe(changed)
          expect([policyToJson(decoded.policy), decoded.binding]).not.toEqual([policy, binding])
        }
        bytes[index] = byte
      }
    },
  )
})
