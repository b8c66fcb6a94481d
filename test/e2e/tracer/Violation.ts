import type { Address } from '../../../src/policy/Hex.js'

/** Who is answerable for a part of the validation (ERC-7562, "Entity"). */
export type Entity = 'factory' | 'account' | 'paymaster'

/** A rule of ERC-7562 that is checked here, by its number in the text. */
export type Rule =
  | 'OP-011'
  | 'OP-012'
  | 'OP-013'
  | 'OP-020'
  | 'OP-031'
  | 'OP-041'
  | 'OP-054'
  | 'OP-061'
  | 'OP-062'
  | 'OP-070'
  | 'OP-080'
  | 'STO-021'
  | 'STO-022'
  | 'STO-031'
  | 'STO-032'
  | 'STO-033'
  | 'EREP-050'
  | 'LIM-010'
  | 'LIM-060'

/** A breach of one rule: by whose part of the validation, in the code of which contract, and what it did. */
export type Violation = {
  readonly rule: Rule
  readonly entity: Entity
  readonly code: Address
  readonly what: string
}
