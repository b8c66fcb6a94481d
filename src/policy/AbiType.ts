/** A type of the Solidity ABI specification; `bits` is a multiple of 8 up to 256, `size` is 1 to 32. */
export type AbiType = ValueType | DynamicBytesType | ArrayType | TupleType

/** A type whose value is one word. */
export type ValueType =
  | { readonly kind: 'address' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'uint'; readonly bits: number }
  | { readonly kind: 'int'; readonly bits: number }
  | { readonly kind: 'fixedBytes'; readonly size: number }

export type DynamicBytesType = { readonly kind: 'bytes' } | { readonly kind: 'string' }

/** `T[]`, or `T[length]` where a length is given. */
export type ArrayType = { readonly kind: 'array'; readonly element: AbiType; readonly length?: number }

export type TupleType = { readonly kind: 'tuple'; readonly components: readonly Parameter[] }

/** A parameter of a function or a component of a tuple; the name may be empty. */
export type Parameter = { readonly name: string; readonly type: AbiType }
