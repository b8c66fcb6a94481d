import type { Parameter } from './AbiType.js'

/** A function of a contract; its selector follows from name and types. */
export type FunctionAction = { readonly kind: 'call'; readonly name: string; readonly inputs: readonly Parameter[] }

/** A native transfer: calldata is empty. */
export type SendAction = { readonly kind: 'send' }

/** What an allow rule allows. There is no "any". */
export type AllowedAction = FunctionAction | SendAction

/** What a deny rule denies; `any` is every call to the target, native transfers included. */
export type DeniedAction = AllowedAction | { readonly kind: 'any' }
