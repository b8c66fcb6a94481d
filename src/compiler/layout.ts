import type { ComparisonOperator } from '../policy/Condition.js'
import type { EnvironmentName } from '../policy/Operand.js'

// Every number of docs/format.md that is a choice of ours, under the names used there. No code, no dependency: the evaluator reads this file too.

/** First byte of a grant. */
export const VERSION = 0x01

/** Bytes hashed before a leaf, before two nodes, and before the header with the tree's top. */
export const HASH_PREFIX = { leaf: 0x00, node: 0x01, root: 0x02 } as const

/** Header flags: bits 0-1 say who pays for gas, bit 2 that the conditions of the fees line follow; bits 3-7 are 0. */
export const HEADER_FLAG = { paidBy: 0x03, conditions: 0x04 } as const

/** Values of the header flags' bits 0-1. */
export const PAID_BY = { unlimited: 0, budget: 1, sponsored: 2, budgetOrSponsored: 3 } as const

/** Asset codes that are no index into the tokens: the chain's coin, and calls (in meters only). */
export const ASSET = { eth: 0xff, calls: 0xfe } as const

/** A token's decimals byte where amounts are plain base units. */
export const BASE_UNITS = 0xff

/** First byte of a rule. */
export const RULE = { allow: 0x01, deny: 0x02 } as const

/** `functionIndex` of `send` and of `deny any`. */
export const NO_FUNCTION = 0xffff

/** First byte of a charge. */
export const CHARGE = { meter: 0x01, perCall: 0x02 } as const

/** Charge flags; bits 1-7 are 0. */
export const CHARGE_FLAG = { assetUnchecked: 0x01 } as const

/** The action byte of a deny rule; 4 bytes of selector follow `call` and `command`. */
export const DENIED = { any: 0, send: 1, call: 2, command: 3 } as const

/** The upper two bits of kindAndLength; the lower six hold the length of the limit. `perCall` stands in leaves only. */
export const METER_KIND = { narrow: 0, wide: 1, rolling: 2, perCall: 3 } as const

/** Bits that the meter's kind is shifted by, and the mask of the limit's length. */
export const METER_KIND_SHIFT = 6
export const METER_LENGTH_MASK = 0x3f

/** A meter's period where the window is the whole life. */
export const PERIOD_TOTAL = 0

/** Widths in bits of a stored half (narrow meter) and a stored word (wide meter): window, then spent. */
export const STORED = { window: 30, narrowSpent: 97, wideSpent: 226, rollingSpent: 112 } as const

/** Sub-windows of a rolling meter's period, and the whole words it takes: the present sub-window with the total, then the past ones, two a word. */
export const ROLLING = { parts: 8, words: 5 } as const

/** Flags of a body. In a clause only `from`, `until` and `hours`. */
export const BODY_FLAG = {
  send: 0x01,
  value: 0x02,
  from: 0x04,
  until: 0x08,
  hours: 0x10,
  descriptor: 0x20,
  nested: 0x40,
  command: 0x80,
} as const

/** Flags that a deny clause may have. */
export const CLAUSE_FLAGS = 0x1c

/** First byte of a block of nested calls. */
export const NESTED = { calls: 0x00, multisend: 0x01, commands: 0x02 } as const

/** Widths in bytes of a multisend record's fields before its data, and the operation that a record must have. */
export const RECORD = { operation: 1, target: 20, value: 32, length: 32, call: 0 } as const

/** First byte of a condition. Comparisons are in COMPARE. */
export const CONDITION = {
  and: 0x01,
  or: 0x02,
  true: 0x03,
  false: 0x04,
  in: 0x1a,
  notIn: 0x1b,
  /** operand <= now + seconds */
  nowAtMost: 0x1c,
  /** operand >= now - seconds */
  nowAtLeast: 0x1d,
  every: 0x30,
  any: 0x31,
} as const

/** First byte of a comparison of byte strings, and of its right side. */
export const COMPARE_BYTES = { '==': 0x38, '!=': 0x39, 'starts with': 0x3a, 'does not start with': 0x3b } as const
export const BYTES_SIDE = { constant: 0x00, bytes: 0x01 } as const

/** First byte of a place: the arguments, the innermost quantifier's element (one more for each quantifier between), a word of the heads. */
export const PLACE = { arguments: 0x00, element: 0x01, heads: 0xff } as const

/** Flags of a range of bytes. */
export const RANGE_FLAG = { present: 0x01, startFromEnd: 0x02, end: 0x04, endFromEnd: 0x08 } as const

/** First byte of a collection, or of what else has a length. */
export const COLLECTION = { array: 0x00, words: 0x01, packed: 0x02, bytes: 0x03, multisend: 0x04 } as const

/** First byte of a comparison of two plain operands, both unsigned. */
export const COMPARE_UNSIGNED: Readonly<Record<ComparisonOperator, number>> = {
  '==': 0x10,
  '!=': 0x11,
  '<': 0x12,
  '<=': 0x13,
  '>': 0x14,
  '>=': 0x15,
}

/** The same of two plain operands, both signed (`==` and `!=` are those of COMPARE_UNSIGNED). */
export const COMPARE_SIGNED: Readonly<Record<ComparisonOperator, number>> = {
  '==': 0x10,
  '!=': 0x11,
  '<': 0x16,
  '<=': 0x17,
  '>': 0x18,
  '>=': 0x19,
}

/** The same of two exact sums. */
export const COMPARE_SUMS: Readonly<Record<ComparisonOperator, number>> = {
  '==': 0x20,
  '!=': 0x21,
  '<': 0x22,
  '<=': 0x23,
  '>': 0x24,
  '>=': 0x25,
}

/** Flags of a term; bits 4-6 count its scales, bits 3 and 7 are 0. */
export const TERM_FLAG = { negative: 0x01, right: 0x02, twoFactors: 0x04 } as const

/** Where the count of scales stands in a term's flags, and its mask after the shift. */
export const TERM_SCALES_SHIFT = 4
export const TERM_SCALES_MASK = 0x07

/** First byte of a scale. */
export const SCALE = { percent: 0x01, at: 0x02, soldAt: 0x03, divide: 0x04 } as const

/** First byte of an amount that is a sum; any other amount is one operand. */
export const AMOUNT_SUM = 0x7e

/** First byte of an operand. The environment's are in ENVIRONMENT. */
export const OPERAND = {
  number: 0x00,
  negativeNumber: 0x01,
  address: 0x02,
  bytes: 0x03,
  bool: 0x04,
  amount: 0x05,
  argumentWord: 0x10,
  argumentPath: 0x11,
  elementPath: 0x12,
  length: 0x13,
  slice: 0x14,
  mask: 0x15,
  sum: 0x16,
  packedElement: 0x17,
} as const

/** First byte (and the only one) of an operand of the environment. */
export const ENVIRONMENT: Readonly<Record<EnvironmentName, number>> = {
  'call.value': 0x20,
  'session.account': 0x21,
  'session.key': 0x22,
  'op.callGasLimit': 0x28,
  'op.verificationGasLimit': 0x29,
  'op.preVerificationGas': 0x2a,
  'op.maxFeePerGas': 0x2b,
  'op.maxPriorityFeePerGas': 0x2c,
}

/** First byte of a path's step. */
export const STEP = { component: 0, element: 1, last: 2, wordOffset: 3 } as const

/** The type byte: `address`, `bool`, or a base to which n is added, for 8(n+1) bits or n+1 bytes. */
export const TYPE = { address: 0x01, bool: 0x02, uint: 0x20, int: 0x40, fixedBytes: 0x60 } as const

/** First byte of a type in a descriptor. */
export const DESCRIPTOR = { words: 0x01, bytes: 0x02, array: 0x03, fixedArray: 0x04, tuple: 0x05 } as const

/** First four bytes of the outer calldata. */
export const OUTER_SELECTOR = {
  execute: '0xb61d27f6',
  executeBatch: '0x34fcd5be',
  executeUserOp: '0x8dd7712f',
} as const

/** Limits that docs/format.md states; each is the greatest that is allowed unless its name ends in `Below`. */
export const LIMIT = {
  chainId: Number.MAX_SAFE_INTEGER,
  fromLeast: 1_600_000_000,
  untilBelow: 2 ** 38,
  periodLeast: 300,
  periodBelow: 2 ** 32,
  minutesOfDay: 1440,
  narrowLimitBits: STORED.narrowSpent,
  wideLimitBits: STORED.wideSpent,
  rollingLimitBits: STORED.rollingSpent,
  meterWords: 128,
  tokens: 0xfe,
  meters: 0xff,
  functions: 0xffff,
  rules: 0xff_ffff,
  symbolLength: 11,
  decimals: 77,
  headerLength: 0xffff,
  bodyLength: 0xffff,
  clauseLength: 0xffff,
  amountLength: 0xffff,
  signatureLength: 0xffff,
  parameterNameLength: 0xff,
  leafLength: 0xffff,
  weekdays: 127,
  charges: 0xff,
  unlimited: 0xff,
  denies: 0xff,
  /** Members of a tuple, elements of an array of fixed length, parameters. */
  members: 0xff,
  headWords: 0xff,
  descriptorLength: 0xff,
  conditions: 0xff,
  terms: 0xff,
  scales: TERM_SCALES_MASK,
  columns: 0xff,
  rows: 0xffff,
  steps: 0xff,
  /** Blocks inside blocks of nested calls. */
  nestedDepth: 4,
  nested: 0xff,
  nestedRules: 0xffff,
  /** A constant byte string, a position in a range. */
  bytesLength: 0xffff,
  packedSize: 32,
  packedGap: 0xff,
  /** Conditions inside conditions, types inside types: the top has depth 1. */
  depth: 32,
  integerBytes: 32,
} as const
