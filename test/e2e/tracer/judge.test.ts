import { concat, keccak256, pad } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { AddressUse, Frame, StorageAccess, Trace } from './collector.js'
import { isAssociated, judge, type Parties } from './judge.js'

const entryPoint: Address = '0x0000000071727de22e5e9d8baf0edac6f37da032'
const creator: Address = '0xefc2c1444ebcc4db75e7613d20c6a62ff67a167c'
const sender: Address = '0xacacacacacacacacacacacacacacacacacacacac'
const factory: Address = '0xfacfacfacfacfacfacfacfacfacfacfacfacfacf'
const paymaster: Address = '0x9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a'
const elsewhere: Address = '0xe1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1'
const parties: Parties = { entryPoint, sender, staked: [] }

const frame = (to: Address, selector: string, parent: number, more: Partial<Frame> = {}): Frame => ({
  parent,
  type: 'CALL',
  from: entryPoint,
  to,
  self: to,
  selector,
  error: '',
  output: '',
  opcodes: {},
  storage: [],
  uses: [],
  gasRead: false,
  ...more,
})
const use = (address: Address, more: Partial<AddressUse> = {}): AddressUse => ({
  op: 'CALL',
  address,
  codeSize: 100,
  precompile: false,
  value: '0',
  selector: '0x',
  argument: '0x',
  next: '',
  ...more,
})
const top = frame(entryPoint, '', -1)
const validateUserOp = (more: Partial<Frame> = {}) => frame(sender, '0x19822f7c', 0, more)
const validatePaymaster = (more: Partial<Frame> = {}) => frame(paymaster, '0x52b7512c', 0, more)
const trace = (frames: Frame[], more: Partial<Trace> = {}): Trace => ({
  frames: [top, ...frames],
  hashed: [],
  validated: true,
  faults: [],
  ...more,
})
const rules = (of: Trace, who: Parties = parties): string[] =>
  judge(of, who).map(({ rule, entity }) => `${entity} ${rule}`)

/** A deployment: the EntryPoint's creator calls the factory, which does something, and then creates. */
const deploying = (more: Partial<Frame> = {}, created: Partial<Frame> = { type: 'CREATE2' }) => [
  frame(creator, '0x570e1a36', 0),
  frame(factory, '0x12345678', 1, more),
  frame(sender, '', 2, created),
]
const withFactory: Parties = { ...parties, factory }
const withPaymaster: Parties = { ...parties, paymaster }

describe('a trace', () => {
  test('of a validation that does nothing breaks nothing', () => {
    expect(rules(trace([validateUserOp()]))).toEqual([])
  })

  test('proves nothing without a validation, or where the collector failed', () => {
    expect(() => rules(trace([]))).toThrow('no call of validateUserOp')
    expect(() => rules(trace([frame(elsewhere, '0x19822f7c', 0)]))).toThrow('no call of validateUserOp')
    expect(() => rules(trace([validateUserOp()], { faults: ['step: out of bounds'] }))).toThrow('out of bounds')
  })

  test('says nothing of what the EntryPoint does itself, or of the execution', () => {
    const own = frame(entryPoint, '', -1, { opcodes: { TIMESTAMP: 1 } })
    const executing = [
      frame(entryPoint, '0x0042dc53', 0),
      frame(sender, '0xb61d27f6', 2, { opcodes: { TIMESTAMP: 1 } }),
    ]
    const paying = [frame(entryPoint, '0x', 1, { opcodes: { NUMBER: 1 }, storage: [[entryPoint, '1', 'SSTORE']] })]
    expect(rules({ ...trace([]), frames: [own, validateUserOp(), ...executing] })).toEqual([])
    expect(rules(trace([validateUserOp(), ...paying]))).toEqual([])
  })
})

describe('the EntryPoint', () => {
  const paying = (more: Partial<AddressUse>, by: Partial<Frame> = {}) =>
    rules(trace([validateUserOp({ ...by, uses: [use(entryPoint, more)] })]))
  const depositTo = { selector: '0xb760faf9', argument: pad(sender), value: '5' }

  test('takes a deposit for the sender, and its fallback money, from the sender itself [OP-052, OP-053]', () => {
    expect(paying({ value: '5' })).toEqual([])
    expect(paying(depositTo)).toEqual([])
    expect(paying({ ...depositTo, argument: pad(elsewhere) })).toEqual(['account OP-054'])
    const delegated = frame(elsewhere, '0x', 1, {
      type: 'DELEGATECALL',
      self: sender,
      uses: [use(entryPoint, { value: '5' })],
    })
    expect(rules(trace([validateUserOp(), delegated]))).toEqual([])
    expect(
      rules(trace([validateUserOp(), frame(elsewhere, '0x', 1, { uses: [use(entryPoint, { value: '5' })] })])),
    ).toEqual(['account OP-054'])
  })

  test('has the sender’s nonce counted on [OP-055], and nothing else asked or done [OP-054]', () => {
    expect(paying({ selector: '0x0bd28e3b' })).toEqual([])
    expect(paying({ selector: '0x0bd28e3b', value: '1' })).toEqual(['account OP-054'])
    expect(paying({ selector: '0x70a08231' })).toEqual(['account OP-054'])
    expect(paying({ op: 'STATICCALL' })).toEqual(['account OP-054'])
    expect(paying({ op: 'DELEGATECALL' })).toEqual(['account OP-054'])
  })

  test('is looked at to see whether it is there [OP-051]', () => {
    expect(paying({ op: 'EXTCODESIZE', next: 'ISZERO' })).toEqual([])
    expect(paying({ op: 'EXTCODESIZE', next: 'POP' })).toEqual(['account OP-054'])
    expect(paying({ op: 'EXTCODEHASH', next: 'ISZERO' })).toEqual(['account OP-054'])
  })

  test('takes a deposit for the sender from the factory too, and from no paymaster', () => {
    expect(rules(trace([...deploying({ uses: [use(entryPoint, depositTo)] }), validateUserOp()]), withFactory)).toEqual(
      [],
    )
    expect(
      rules(trace([validateUserOp(), validatePaymaster({ uses: [use(entryPoint, depositTo)] })]), withPaymaster),
    ).toEqual(['paymaster OP-054'])
    expect(
      rules(trace([...deploying({ uses: [use(entryPoint, { value: '5' })] }), validateUserOp()]), withFactory),
    ).toEqual(['factory OP-054'])
  })
})

describe('a deployment', () => {
  test('creates the sender, once [OP-031]', () => {
    expect(rules(trace([...deploying(), validateUserOp()]), withFactory)).toEqual([])
    const twice = [...deploying(), frame(sender, '', 2, { type: 'CREATE2' }), validateUserOp()]
    expect(rules(trace(twice), withFactory)).toEqual(['factory OP-031'])
    const wrong = [...deploying().slice(0, 2), frame(elsewhere, '', 2, { type: 'CREATE2' }), validateUserOp()]
    expect(rules(trace(wrong), withFactory)).toEqual(['factory OP-031'])
    const another = [...deploying(), frame(elsewhere, '', 2, { type: 'CREATE2' }), validateUserOp()]
    expect(rules(trace(another), withFactory)).toEqual(['factory OP-031'])
    expect(rules(trace(another), { ...withFactory, staked: [factory] })).toEqual([])
  })

  test('may look at the sender before it is there [OP-042], and at nothing else without code [OP-041]', () => {
    const looking = (address: Address) =>
      trace([...deploying({ uses: [use(address, { codeSize: 0, op: 'EXTCODESIZE' })] }), validateUserOp()])
    expect(rules(looking(sender), withFactory)).toEqual([])
    expect(rules(looking(elsewhere), withFactory)).toEqual(['factory OP-041'])
    const late = trace([...deploying(), validateUserOp({ uses: [use(sender, { codeSize: 0 })] })])
    expect(rules(late, withFactory)).toEqual(['account OP-041'])
  })

  test('is bound by the opcode rules, but for CREATE by the sender [OP-032] or with a staked factory [EREP-060]', () => {
    const created = { opcodes: { CREATE: 1 } }
    expect(rules(trace([...deploying({ opcodes: { TIMESTAMP: 1 } }), validateUserOp()]), withFactory)).toEqual([
      'factory OP-011',
    ])
    expect(rules(trace([...deploying(created), validateUserOp()]), withFactory)).toEqual(['factory OP-011'])
    expect(rules(trace([...deploying(created), validateUserOp()]), { ...withFactory, staked: [factory] })).toEqual([])
    expect(rules(trace([...deploying(), validateUserOp(created)]), withFactory)).toEqual([])
    expect(rules(trace([validateUserOp(created)]))).toEqual(['account OP-011'])
  })
})

describe('storage', () => {
  const input = (of: Address): Hex => concat([pad(of), pad('0x07')])
  const slot = (of: Address, n = 0n): string => (BigInt(keccak256(input(of))) + n).toString(16)
  const hashed = [input(sender), input(paymaster), input(factory)]
  const account = (access: StorageAccess) => [validateUserOp(), frame(elsewhere, '0x', 1, { storage: [access] })]
  const paid = (...storage: StorageAccess[]) => trace([validateUserOp(), validatePaymaster({ storage })], { hashed })

  test('of the sender is the sender’s [STO-010], and so is what is associated with it elsewhere [STO-021]', () => {
    expect(rules(trace(account([sender, 'ff', 'SSTORE'])))).toEqual([])
    expect(rules(trace(account([elsewhere, slot(sender), 'SSTORE']), { hashed }))).toEqual([])
    expect(rules(trace(account([elsewhere, slot(sender), 'SLOAD'])))).toEqual(['account STO-021'])
    expect(rules(trace(account([elsewhere, slot(paymaster), 'SLOAD']), { hashed }))).toEqual(['account STO-021'])
  })

  test('that is associated needs a staked factory where the account is only deployed [STO-022]', () => {
    const frames = [...deploying(), validateUserOp({ storage: [[elsewhere, slot(sender), 'SLOAD']] })]
    expect(rules(trace(frames, { hashed }), withFactory)).toEqual(['account STO-022'])
    expect(rules(trace(frames, { hashed }), { ...withFactory, staked: [factory] })).toEqual([])
  })

  test('of an entity is for that entity, if it is staked [STO-031]', () => {
    expect(rules(paid([paymaster, '1', 'SSTORE']), withPaymaster)).toEqual(['paymaster STO-031'])
    expect(rules(paid([paymaster, slot(sender), 'SLOAD']), withPaymaster)).toEqual(['paymaster STO-031'])
    expect(rules(paid([paymaster, '1', 'SSTORE']), { ...withPaymaster, staked: [paymaster] })).toEqual([])
    const account = trace([validateUserOp({ storage: [[paymaster, '1', 'SLOAD']] })])
    expect(rules(account, { ...withPaymaster, staked: [paymaster] })).toEqual(['account STO-031'])
    const other = trace([...deploying(), validateUserOp(), validatePaymaster({ storage: [[factory, '1', 'SLOAD']] })])
    expect(rules(other, { ...withFactory, paymaster, staked: [factory, paymaster] })).toEqual(['paymaster STO-031'])
  })

  test('that is associated with an entity elsewhere is for it, if it is staked [STO-032]', () => {
    const access: StorageAccess = [elsewhere, slot(paymaster), 'SSTORE']
    expect(rules(paid(access), withPaymaster)).toEqual(['paymaster STO-032'])
    expect(rules(paid(access), { ...withPaymaster, staked: [paymaster] })).toEqual([])
  })

  test('of anybody is read by a staked entity alone [STO-033], and written by none', () => {
    expect(rules(paid([elsewhere, '1', 'SLOAD']), withPaymaster)).toEqual(['paymaster STO-033'])
    expect(rules(paid([elsewhere, '1', 'SLOAD']), { ...withPaymaster, staked: [paymaster] })).toEqual([])
    expect(rules(paid([elsewhere, '1', 'SSTORE']), { ...withPaymaster, staked: [paymaster] })).toEqual([
      'paymaster STO-021',
    ])
  })

  test('that is transient is judged as the other [OP-070]', () => {
    expect(rules(trace(account([elsewhere, '1', 'TLOAD'])))).toEqual(['account OP-070'])
    expect(rules(trace(account([elsewhere, slot(sender, 128n), 'TSTORE']), { hashed }))).toEqual([])
    expect(rules(paid([paymaster, '1', 'TLOAD']), withPaymaster)).toEqual(['paymaster OP-070'])
  })

  test('is associated from 0 to 128 words behind the hash, and at the address itself', () => {
    const at = BigInt(keccak256(input(sender)))
    const known = { hashed: [input(sender)] }
    for (const n of [0n, 1n, 127n, 128n]) expect(isAssociated(at + n, sender, known)).toBe(true)
    for (const n of [-1n, 129n, 1n << 200n]) expect(isAssociated(at + n, sender, known)).toBe(false)
    expect(isAssociated(BigInt(sender), sender, { hashed: [] })).toBe(true)
    expect(isAssociated(at, elsewhere, known)).toBe(false)
    expect(isAssociated(at, sender, { hashed: [] })).toBe(false)
  })
})

describe('a paymaster', () => {
  const context = (length: number): Hex =>
    concat([pad('0x40'), pad('0x00'), pad(`0x${length.toString(16)}`), `0x${'11'.repeat(32 * Math.ceil(length / 32))}`])

  test('returns no context unless it is staked [EREP-050]', () => {
    const answering = (length: number) => trace([validateUserOp(), validatePaymaster({ output: context(length) })])
    expect(rules(answering(0), withPaymaster)).toEqual([])
    expect(rules(answering(5), withPaymaster)).toEqual(['paymaster EREP-050'])
    expect(rules(answering(5), { ...withPaymaster, staked: [paymaster] })).toEqual([])
  })

  test('may ask for a balance if it is staked [OP-080]', () => {
    const asking = trace([validateUserOp(), validatePaymaster({ opcodes: { BALANCE: 1 } })])
    expect(rules(asking, withPaymaster)).toEqual(['paymaster OP-080'])
    expect(rules(asking, { ...withPaymaster, staked: [paymaster] })).toEqual([])
  })

  test('is bound by what it calls as by itself', () => {
    const frames = [
      validateUserOp(),
      validatePaymaster(),
      frame(elsewhere, '0x', 2, { opcodes: { NUMBER: 1 }, gasRead: true }),
    ]
    expect(rules(trace(frames), withPaymaster)).toEqual(['paymaster OP-011', 'paymaster OP-012'])
  })
})
