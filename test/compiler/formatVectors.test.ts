import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decode } from '../../src/compiler/decode.js'
import { topOf, treeOf } from '../../src/compiler/proof.js'
import { type FormatVector, formatVectorsFile, makeFormatVectors } from './formatVectors.js'
import { policyFromJson } from './policyJson.js'

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
})
