import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Value } from './Value.js'

/** Where an expression stands, and so what it may speak of. */
export type Env = {
  /** A rule's clause, the fees' `where`, or a declaration. */
  readonly place: 'rule' | 'fees' | 'declaration'
  /** What faults make of a comparison differs (semantics: false in an allow, true in a deny). */
  readonly effect: 'allow' | 'deny'
  /** The arguments of the function; none for `send` and `any`. */
  readonly inputs: readonly Parameter[]
  /** For messages. */
  readonly functionName: string
  /** The quantifiers around, the innermost first. */
  readonly elements?: readonly ElementName[]
  /** Names that only a verb's own text knows. */
  readonly extra?: ReadonlyMap<string, Value>
}

/** What a quantifier calls its element: a value of the array's type, or so many bytes of a packed list. */
export type ElementName = {
  readonly name: string
  readonly type: AbiType | { readonly kind: 'packed'; readonly size: number }
}

/** A declaration speaks of constants only. */
export const constantEnv: Env = { place: 'declaration', effect: 'allow', inputs: [], functionName: '' }
