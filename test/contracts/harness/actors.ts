import { privateKeyToAddress } from 'viem/accounts'
import type { Address, Hex } from '../../../src/policy/Hex.js'

/** Who plays in the module's tests. The key's secret is published: it signs for tests only. */
export const MODULE: Address = '0x7c2e652525600000000000000000000000c0de01'
export const ACCOUNT: Address = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
export const OWNER: Address = '0x00000000000000000000000000000000000a11ce'
export const ALICE: Address = '0x1111111111111111111111111111111111111111'
export const BOB: Address = '0x2222222222222222222222222222222222222222'
export const USDC: Address = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
export const KEY_SECRET: Hex = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
export const KEY: Address = privateKeyToAddress(KEY_SECRET).toLowerCase() as Address
