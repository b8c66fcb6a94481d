import { concat, encodeFunctionData, hexToBigInt, keccak256, numberToHex, pad, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { activation } from '../../src/compiler/activation.js'
import { installData } from '../../src/compiler/calldata.js'
import { deviceText } from '../../src/compiler/device/deviceText.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { printerAddress, readerAddress } from '../../src/evm/moduleAddress.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { ACCOUNT, ALICE, MODULE, USDC } from './harness/actors.js'
import { execute, executeBatch, transferOf } from './harness/calls.js'
import { Chain } from './harness/Chain.js'
import { binding, DAY, FROM, transferPolicy, transferRule } from './harness/policies.js'
import { witnessFor } from './harness/witness.js'

/** ERC-7562 [OP-011] and its kin, with what else would make a validation depend on the block; GAS may only come before a call. */
const BANNED = [
  ...['ORIGIN', 'GASPRICE', 'BLOCKHASH', 'COINBASE', 'TIMESTAMP', 'NUMBER', 'PREVRANDAO', 'DIFFICULTY', 'GASLIMIT'],
  ...['BASEFEE', 'BLOBHASH', 'BLOBBASEFEE', 'CREATE', 'CREATE2', 'INVALID', 'SELFDESTRUCT', 'BALANCE', 'SELFBALANCE'],
  ...['TLOAD', 'TSTORE', 'EXTCODESIZE', 'EXTCODECOPY', 'EXTCODEHASH', 'CALL', 'CALLCODE', 'DELEGATECALL'],
]
const owner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const CALLS = ['CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL']

/** The module is installed for an owner who signs texts, and knows the token's decimals: whether it asks again shows by the call. */
const readyFor = async (chain: Chain): Promise<void> => {
  await chain.evm.setCode(USDC, '0x600660005260206000f3')
  const firstOwner = owner.address.toLowerCase() as Hex
  await chain.ask('onInstall', [installData({ entityId: 1, firstOwner, textGrants: true })])
  await chain.ask('pin', [ACCOUNT, USDC])
}

const signedBy = async (by: typeof owner, policy: Policy, grant: Hex): Promise<Hex> =>
  activation({ grant, signature: await by.signMessage({ message: deviceText(policy, binding) }) })

/** What a validation does that the rules of the validation phase speak of; times are seconds since the policy's beginning. */
const traced = async (
  policy: Policy,
  callData: Hex,
  rules: readonly number[],
  {
    runtime = false,
    before = [],
    now = 10,
    carries = false,
  }: { runtime?: boolean; before?: readonly number[]; now?: number; carries?: boolean } = {},
) => {
  const chain = await Chain.create({ time: FROM + 10 })
  const grant = encode(policy, binding)
  if (carries) await readyFor(chain)
  else await chain.begin(grant)
  const activated = carries ? { activation: await signedBy(owner, policy, grant) } : {}
  for (const earlier of before) {
    const { error } = await chain.validate({ callData, witness: witnessFor(grant, FROM + earlier, rules) })
    expect(error).toBeUndefined()
  }
  const opcodes = new Set<string>()
  const slots = new Set<Hex>()
  const called = new Set<bigint>()
  let last = ''
  chain.evm.onStep(({ opcode, stack }) => {
    if (last === 'GAS') expect(CALLS).toContain(opcode)
    last = opcode
    opcodes.add(opcode)
    if (opcode === 'SLOAD' || opcode === 'SSTORE') slots.add(numberToHex(stack.at(-1) ?? 0n, { size: 32 }))
    if (opcode === 'STATICCALL') called.add(stack.at(-2) ?? 0n)
  })
  const witness = witnessFor(grant, runtime ? 0 : FROM + now, rules)
  const attempt = { callData, witness, ...activated }
  const answer = await (runtime ? chain.validateRuntime(attempt) : chain.validate(attempt))
  chain.evm.onStep()
  return { answer, opcodes, slots: [...slots], called: [...called], root: rootOf(grant) }
}

/** The 128 words from keccak256(account ‖ x) on, which ERC-7562 calls associated with the account. */
const isAssociated = (slot: Hex, x: Hex): boolean => {
  const distance = hexToBigInt(slot) - hexToBigInt(keccak256(concat([pad(ACCOUNT), x])))
  return distance >= 0n && distance < 128n
}

const list = { kind: 'argument', path: [{ kind: 'component', index: 0 }] } as const
const wide = { counts: USDC, limit: 2n ** 100n, window: { kind: 'total' as const } }
const [charge] = transferRule.charges
const manyMeters: Policy = {
  ...transferPolicy,
  meters: [...transferPolicy.meters, ...Array.from({ length: 126 }, () => wide)],
  rules: [
    {
      ...transferRule,
      charges: Array.from({ length: 127 }, (_, index) => index + 1).flatMap((meter) =>
        charge?.kind === 'meter' ? [{ ...charge, meter }] : [],
      ),
    },
  ],
}

/** `multicall(bytes[])`, whose calls are transfers from a list of bytes that is looked at, on a rolling meter at the end of the words. */
const carrying: Policy = {
  ...manyMeters,
  meters: [
    ...transferPolicy.meters.slice(0, 1),
    ...Array.from({ length: 121 }, () => wide),
    { counts: USDC, limit: 100n, window: { kind: 'rolling', seconds: DAY } },
  ],
  rules: [
    {
      ...transferRule,
      action: {
        kind: 'call',
        name: 'multicall',
        inputs: [{ name: '', type: { kind: 'array', element: { kind: 'bytes' } } }],
      },
      where: [
        {
          kind: 'every',
          over: { kind: 'array', place: list },
          body: [
            {
              kind: 'bytes',
              operator: 'starts with',
              left: { place: { kind: 'element', depth: 0, path: [] } },
              right: '0xa9059cbb',
            },
          ],
        },
      ],
      charges: [],
      nested: [
        {
          form: 'calls',
          list,
          rules: [
            {
              ...transferRule,
              charges: Array.from({ length: 122 }, (_, index) => index + 1).flatMap((meter) =>
                charge?.kind === 'meter' ? [{ ...charge, meter }] : [],
              ),
            },
          ],
        },
      ],
    },
  ],
}
const carried = execute({
  to: USDC,
  value: 0n,
  data: encodeFunctionData({
    abi: parseAbi(['function multicall(bytes[] calls)']),
    args: [[transferOf(USDC, ALICE, 1n).data, transferOf(USDC, ALICE, 2n).data]],
  }),
})

describe('the validation of a UserOperation', () => {
  const one = execute(transferOf(USDC, ALICE, 1n))
  test.each([
    ['of one call', transferPolicy, one, [0]],
    ['of a batch', transferPolicy, executeBatch([transferOf(USDC, ALICE, 1n), transferOf(USDC, ALICE, 1n)]), [0, 0]],
    ['with 128 meters', manyMeters, one, [0]],
    ['of calls in calls, with a rolling meter', carrying, carried, [0]],
    ['that is denied', transferPolicy, execute(transferOf(USDC, USDC, 1n)), [0]],
  ] satisfies [string, Policy, Hex, number[]][])(
    '%s touches the kill word and the session’s words only, and nothing of the block',
    async (_, policy, callData, rules) => {
      const { opcodes, slots, called, root } = await traced(policy, callData, rules)
      expect(BANNED.filter((opcode) => opcodes.has(opcode))).toEqual([])
      expect(slots.filter((slot) => !isAssociated(slot, pad('0x00')) && !isAssociated(slot, root))).toEqual([])
      expect(slots).toContain(keccak256(concat([pad(ACCOUNT), pad('0x00')])))
      // Only the ecrecover precompile is called.
      expect(called.every((address) => address === 1n)).toBe(true)
    },
  )

  test.each([
    ['puts its session into force', one],
    ['would, and is denied', execute(transferOf(USDC, USDC, 1n))],
  ])('that %s touches the account’s words only, and asks nobody but reader and printer', async (_, callData) => {
    const { answer, opcodes, slots, called, root } = await traced(transferPolicy, callData, [0], { carries: true })
    expect(answer.error).toBe(callData === one ? undefined : 'ConditionFailed')
    expect(BANNED.filter((opcode) => opcodes.has(opcode))).toEqual([])
    const [ownersAt, pinsAt] = [
      keccak256(concat([pad('0x01'), pad('0x01')])),
      keccak256(concat([pad(USDC), pad('0x02')])),
    ]
    const words = [pad('0x00'), root, ownersAt, pinsAt] as const
    expect(slots.filter((slot) => !words.some((word) => isAssociated(slot, word)))).toEqual([])
    for (const word of words) expect(slots.some((slot) => isAssociated(slot, word))).toBe(true)
    expect([...called].sort()).toEqual([1n, BigInt(readerAddress()), BigInt(printerAddress())].sort())
  })

  test('uses up to 127 words of a session', async () => {
    const { answer, slots } = await traced(manyMeters, one, [0])
    expect(answer.error).toBeUndefined()
    expect(slots.length).toBe(1 + 127)
  })

  test('moves a rolling meter within the words of its session', async () => {
    const { answer, slots } = await traced(carrying, carried, [0])
    expect(answer.error).toBeUndefined()
    // Its past is looked at only once something was spent.
    expect(slots.length).toBe(1 + 123)
    const later = await traced(carrying, carried, [0], { before: [3 * DAY], now: 4 * DAY })
    expect(later.answer.error).toBeUndefined()
    expect(later.slots.length).toBe(1 + 127)
    expect(later.slots.filter((slot) => !isAssociated(slot, pad('0x00')) && !isAssociated(slot, later.root))).toEqual(
      [],
    )
  })

  test('is where the time of the block is not read, as it is on the runtime path', async () => {
    expect((await traced(transferPolicy, one, [0])).opcodes.has('TIMESTAMP')).toBe(false)
    expect((await traced(transferPolicy, one, [0], { runtime: true })).opcodes.has('TIMESTAMP')).toBe(true)
  })
})

describe('the module', () => {
  test('has no way to run other code or to end', async () => {
    const chain = await Chain.create()
    const code = await chain.evm.codeOf(MODULE)
    const found = new Set<number>()
    for (let at = 2; at < code.length;) {
      const op = Number.parseInt(code.slice(at, at + 2), 16)
      found.add(op)
      at += 2 + (op >= 0x60 && op <= 0x7f ? 2 * (op - 0x5f) : 0)
    }
    // CALL, CALLCODE, DELEGATECALL, CREATE, CREATE2, SELFDESTRUCT
    expect([0xf1, 0xf2, 0xf4, 0xf0, 0xf5, 0xff].filter((op) => found.has(op))).toEqual([])
  })
})
