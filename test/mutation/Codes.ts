import { contractArtifact } from '../../src/evm/artifacts.js'
import { moduleAddress, readerAddress } from '../../src/evm/moduleAddress.js'
import type { Evm } from '../../src/evm/Evm.js'
import type { Hex } from '../../src/policy/Hex.js'

/** The two contracts whose instructions are changed. */
export const contracts = ['WritModule', 'GrantReader'] as const

export type MutatedContract = (typeof contracts)[number]

/** The runtime code that judges and the one that reads grants. */
export type Codes = { readonly moduleCode: Hex; readonly readerCode: Hex }

/** The shipped codes, with one of them exchanged. */
export const codesWith = (contract?: MutatedContract, code?: Hex): Codes => {
  const of = (name: MutatedContract): Hex =>
    name === contract && code !== undefined ? code : contractArtifact(name).deployedBytecode
  return { moduleCode: of('WritModule'), readerCode: of('GrantReader') }
}

/** No contract is longer than this (EIP-170): the second one's marks and bits come behind it. */
const LONGEST = 24_576

/** Where a program counter has its mark among those of both contracts. */
export const markAt = (contract: MutatedContract, pc: number): number => contracts.indexOf(contract) * LONGEST + pc

/** Marks for every program counter of both. */
export const freshMarks = (): Uint8Array => new Uint8Array(contracts.length * LONGEST)

/** Marks what an embedded chain runs of either contract. */
export const watch = (evm: Evm, marks: Uint8Array): void => {
  evm.markVisits(moduleAddress(), marks.subarray(0, LONGEST))
  evm.markVisits(readerAddress(), marks.subarray(LONGEST))
}
