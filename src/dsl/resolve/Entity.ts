import type { BudgetLine, ContractLine, LetLine, LimitLine, TokenLine } from '../ast.js'
import type { AbiFunction } from '../abi/parseType.js'
import type { Address } from '../../policy/Hex.js'
import type { Value } from './Value.js'
import type { BudgetTerm } from './Budget.js'
import type { Source } from './Source.js'

/** What a name of the header stands for. `used` turns true when something speaks of it; `source` is the text of its line. */
export type Entity = TokenEntity | ContractEntity | LetEntity | BudgetEntity | LimitEntity

/** Undefined parts are missing or wrong in the text, and reported. */
export type TokenEntity = {
  readonly kind: 'token'
  readonly node: TokenLine
  readonly source: Source
  readonly name: string
  readonly address: Address | undefined
  readonly decimals: number | 'base units' | undefined
  readonly abi: readonly AbiFunction[] | undefined
  used: boolean
}

export type ContractEntity = {
  readonly kind: 'contract'
  readonly node: ContractLine
  readonly source: Source
  readonly name: string
  readonly address: Address | undefined
  readonly abi: readonly AbiFunction[] | undefined
  used: boolean
}

/** The value is found when it is first asked for, so that order is nothing. */
export type LetEntity = {
  readonly kind: 'let'
  readonly node: LetLine
  readonly source: Source
  readonly name: string
  state: { readonly kind: 'new' | 'under way' } | { readonly kind: 'done'; readonly value: Value | undefined }
  used: boolean
}

export type BudgetEntity = {
  readonly kind: 'budget'
  readonly node: BudgetLine
  readonly source: Source
  readonly name: string
  readonly terms: readonly BudgetTerm[]
  used: boolean
}

export type LimitEntity = {
  readonly kind: 'limit'
  readonly node: LimitLine
  readonly source: Source
  readonly name: string
  readonly terms: readonly BudgetTerm[]
  used: boolean
}
