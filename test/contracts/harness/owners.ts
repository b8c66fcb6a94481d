import { privateKeyToAccount } from 'viem/accounts'
import type { Address, Hex } from '../../../src/policy/Hex.js'

/** Who signs texts: the first owner, the second one, and nobody that an account knows. */
export const owner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
export const spare = privateKeyToAccount(`0x${'22'.repeat(32)}`)
export const stranger = privateKeyToAccount(`0x${'33'.repeat(32)}`)
export type Signer = typeof owner

/** An address as the module and the policies write it. */
export const lower = (address: string): Address => `0x${address.slice(2).toLowerCase()}`

/** Code that answers every call with a number below 256. */
export const answering = (value: number): Hex => `0x60${value.toString(16).padStart(2, '0')}60005260206000f3`
