import type { Hex } from '../../src/policy/Hex.js'

// A grant put together by hand from docs/format.md, so that no code of ours says what its bytes have to be.

export const MODULE = '7c2e6525256000000000000000000000000000aa'
export const ACCOUNT = '5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
export const KEY = '70997970c51812dc3a010c7d01b50e0d17dc79c8'
export const USDC = '833589fcd6edb6e08f4c7c32d4f71b54bda02913'
export const ALICE = '11'.repeat(20)
export const BOB = '22'.repeat(20)
export const FROM = 1_795_352_400
export const UNTIL = FROM + 604_800

/**
 * `allow transfer on USDC where to == ALICE budget 100 USDC/day`, `deny transfer on USDC where amount > 50 USDC`, fees 0.01 ETH a day.
 * Each piece with what it is; a test replaces one of them.
 */
export const pieces = {
  version: '01',
  chain: '0000000000002105',
  module: MODULE,
  account: ACCOUNT,
  entity: '00000001',
  tag: '000000000000',
  headerLength: '002c',
  headerFlags: '01',
  key: KEY,
  from: '006b02e750',
  until: '006b0c21d0',
  feesRecord: '07' + '00' + '00015180' + '2386f26fc10000',
  tokens: '01' + USDC + '06' + '04' + '55534443',
  meterCount: '02',
  feesMeter: 'ff' + '07' + '00015180' + '2386f26fc10000',
  usdcMeter: '00' + '04' + '00015180' + '05f5e100',
  functionCount: '0001',
  signature: '0019' + '7472616e7366657228616464726573732c75696e7432353629',
  names: '02' + '746f' + '06' + '616d6f756e74',
  ruleCount: '000002',
  allow: '01' + '0000',
  bodyLength: '0034',
  bodyFlags: '00',
  target: USDC,
  selector: 'a9059cbb',
  headWords: '02',
  conditions: '01' + '10' + '1000' + '01' + '02' + ALICE,
  chargeCount: '01',
  charge: '01' + '01' + '00' + '0003',
  amount: '10' + '01' + '3f',
  unlimited: '00',
  deny: '02' + '0000' + USDC + '02' + 'a9059cbb',
  clauseLength: '000c',
  clause: '00' + '01' + '14' + '10' + '01' + '3f' + '00' + '04' + '02faf080',
}

/** The pieces in order, some of them replaced. */
export const grantOf = (replaced: Partial<Record<keyof typeof pieces, string>> = {}): Hex =>
  `0x${Object.values({ ...pieces, ...replaced }).join('')}`

/** The leaf of its one allow rule. */
export const LEAF =
  pieces.bodyFlags +
  USDC +
  pieces.selector +
  pieces.headWords +
  pieces.conditions +
  '01' +
  ('04' + '01' + '00015180' + '05f5e100') +
  pieces.amount +
  '01' +
  pieces.clause

/** Its header. */
export const HEADER = pieces.headerFlags + KEY + pieces.from + pieces.until + pieces.feesRecord
