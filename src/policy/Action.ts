import type { Parameter } from './AbiType.js'

/** A function of a contract; its selector follows from name and types. */
export type FunctionAction = { readonly kind: 'call'; readonly name: string; readonly inputs: readonly Parameter[] }

/** A native transfer: calldata is empty. */
export type SendAction = { readonly kind: 'send' }

/** A command of a router's command list, the whole byte with its flags, 0 to 255, and what its input encodes. Only in nested rules of that form. */
export type CommandAction = {
  readonly kind: 'command'
  readonly command: number
  readonly inputs: readonly Parameter[]
}

/** What an allow rule allows. There is no "any". */
export type AllowedAction = FunctionAction | SendAction | CommandAction

/** What a deny rule denies; `any` is every call to the target, native transfers included. */
export type DeniedAction = AllowedAction | { readonly kind: 'any' }
