import { contractArtifact } from '../../src/evm/artifacts.js'
import { moduleAddress, printerAddress, readerAddress } from '../../src/evm/moduleAddress.js'
import type { ModuleCodes } from '../../src/evm/placeModule.js'
import type { Evm } from '../../src/evm/Evm.js'
import type { Hex } from '../../src/policy/Hex.js'

/** The contracts whose instructions are changed. */
export const contracts = ['WritModule', 'GrantReader', 'GrantPrinter'] as const

export type MutatedContract = (typeof contracts)[number]

/** The runtime code that judges, and those that read and print grants. */
export type Codes = Required<ModuleCodes>

/** The shipped codes, with one of them exchanged. */
export const codesWith = (contract?: MutatedContract, code?: Hex): Codes => {
  const of = (name: MutatedContract): Hex =>
    name === contract && code !== undefined ? code : contractArtifact(name).deployedBytecode
  return { moduleCode: of('WritModule'), readerCode: of('GrantReader'), printerCode: of('GrantPrinter') }
}

/** No contract is longer than this (EIP-170): the next one's marks and bits come behind it. */
const LONGEST = 24_576

/** Where a program counter has its mark among those of all contracts. */
export const markAt = (contract: MutatedContract, pc: number): number => contracts.indexOf(contract) * LONGEST + pc

/** Marks for every program counter of each. */
export const freshMarks = (): Uint8Array => new Uint8Array(contracts.length * LONGEST)

/** Marks what an embedded chain runs of them. */
export const watch = (evm: Evm, marks: Uint8Array): void => {
  evm.markVisits(moduleAddress(), marks.subarray(0, LONGEST))
  evm.markVisits(readerAddress(), marks.subarray(LONGEST, 2 * LONGEST))
  evm.markVisits(printerAddress(), marks.subarray(2 * LONGEST))
}
