import {
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  numberToHex,
  parseAbi,
  parseAbiParameters,
  size,
} from 'viem'
import type { Call } from '../../src/policy/Operation.js'

/** One construct: a rule without it and the same rule with it, and a call that both allow. */
export type Construct = {
  readonly name: string
  readonly without: string
  readonly with: string
  readonly call: Call
}

const account = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'
const alice = '0x1111111111111111111111111111111111111111'
const bob = '0x2222222222222222222222222222222222222222'
const usdc = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const weth = '0x4200000000000000000000000000000000000006'
const vault = '0x00000000000000000000000000000000000000fa'

const functions = parseAbi([
  'function f(address to, uint256 amount, uint256 least, uint256 flags, int256 tick, bytes32 tag)',
  'function list(address[] path, uint256[] amounts)',
  'function pay((address to, uint256 amount)[] payments)',
  'function text(string key, bytes data)',
  'function multicall(bytes[] data)',
  'function multiSend(bytes transactions)',
  'function run(bytes commands, bytes[] inputs)',
])

const signatures = {
  f: 'f(address to, uint256 amount, uint256 least, uint256 flags, int256 tick, bytes32 tag)',
  list: 'list(address[] path, uint256[] amounts)',
  pay: 'pay((address to, uint256 amount)[] payments)',
  text: 'text(string key, bytes data)',
  multicall: 'multicall(bytes[] data)',
  multiSend: 'multiSend(bytes transactions)',
  run: 'run(bytes commands, bytes[] inputs)',
}

const call = (data: Hex): Call => ({ to: vault, value: 0n, data })
const tag: Hex = `0x${'ab'.repeat(32)}`
const plain = encodeFunctionData({ abi: functions, functionName: 'f', args: [alice, 100n, 98n, 0x0bn, -5n, tag] })
const path: Hex = concat([usdc, '0x0001f4', weth])
const record = concat(['0x00', vault, numberToHex(0, { size: 32 }), numberToHex(size(plain), { size: 32 }), plain])
const input = encodeAbiParameters(parseAbiParameters('address, uint256'), [alice, 100n])

const calls = {
  f: call(plain),
  list: call(
    encodeFunctionData({
      abi: functions,
      functionName: 'list',
      args: [
        [usdc, weth, usdc],
        [1n, 2n, 3n],
      ],
    }),
  ),
  pay: call(
    encodeFunctionData({
      abi: functions,
      functionName: 'pay',
      args: [
        [
          { to: alice, amount: 5n },
          { to: bob, amount: 6n },
        ],
      ],
    }),
  ),
  text: call(encodeFunctionData({ abi: functions, functionName: 'text', args: ['url', path] })),
  multicall: call(encodeFunctionData({ abi: functions, functionName: 'multicall', args: [[plain, plain]] })),
  multiSend: call(encodeFunctionData({ abi: functions, functionName: 'multiSend', args: [concat([record, record])] })),
  run: call(encodeFunctionData({ abi: functions, functionName: 'run', args: ['0x0808', [input, input]] })),
}

const of = (name: string, action: keyof typeof signatures, clause: string, without = ''): Construct => {
  const rule = `allow ${signatures[action]} on ${vault}`
  return { name, without: `${rule} ${without}`, with: `${rule} ${clause}`, call: calls[action] }
}

/** What the header of every one of them says. */
export const header = `
account ${account}
chain base
key 0x70997970c51812dc3a010c7d01b50e0d17dc79c8
from 2026-11-22 13:00:00
ttl 7d
fees unlimited
token USDC = ${usdc} decimals 6
token WETH = ${weth} decimals 18
token SHARE = ${vault} base units
`

/** In the order of docs/language.md. */
export const constructs: readonly Construct[] = [
  of('`budget 500 units SHARE/day`', 'f', 'budget 500 units SHARE/day counting amount'),
  of('`budget 500 units SHARE/day rolling`', 'f', 'budget 500 units SHARE/day rolling counting amount'),
  of('`budget 500 units SHARE/call`', 'f', 'budget 500 units SHARE/call counting amount'),
  of(
    'a second budget',
    'f',
    'budget 500 units SHARE/day, 900 units SHARE/week counting amount',
    'budget 500 units SHARE/day counting amount',
  ),
  of('`limit 20 calls/hour`', 'f', 'limit 20 calls/hour'),
  of('`hours 09:00-17:00 UTC`', 'f', 'hours 09:00-17:00 UTC'),
  of('`from`, `until` of a rule', 'f', 'from 2026-11-22 13:00:00 until 2026-11-28 13:00:00'),
  of('`to == ADDRESS`', 'f', `where to == ${alice}`),
  of('`amount <= 100`', 'f', 'where amount <= 100'),
  of('`tick >= -887272`, signed', 'f', 'where tick >= -887272'),
  of('`to in [ … ]`, two addresses', 'f', `where to in [${alice}, ${bob}]`),
  of('`(to, amount) in [ … ]`, two pairs', 'f', `where (to, amount) in [(${alice}, 100), (${bob}, 7)]`),
  of('`a or b`', 'f', `where amount == 7 or to == ${alice}`, `where to == ${alice}`),
  of('`least >= 98% of amount`', 'f', 'where least >= 98% of amount'),
  of('`least * 100 >= amount * 98`', 'f', 'where least * 100 >= amount * 98'),
  of('`amount <= now + 20m`', 'f', 'where amount <= now + 20m'),
  of('`flags & 0x05 == 0x01`', 'f', 'where flags & 0x05 == 0x01'),
  of('`tag == BYTES32`', 'f', `where tag == ${tag}`),
  of('`path[0] == USDC`, the first read behind an offset', 'list', 'where path[0] == USDC'),
  of('`path[last] == USDC`, one more', 'list', 'where path[0] == USDC and path[last] == USDC', 'where path[0] == USDC'),
  of('`len(path) <= 5`', 'list', 'where path[0] == USDC and len(path) <= 5', 'where path[0] == USDC'),
  of(
    '`every t in path (t in [USDC, WETH])`, three elements',
    'list',
    'where path[0] == USDC and every t in path (t in [USDC, WETH])',
    'where path[0] == USDC',
  ),
  of(
    '`any t in path (t == WETH)`, three elements',
    'list',
    'where path[0] == USDC and any t in path (t == WETH)',
    'where path[0] == USDC',
  ),
  of(
    '`sum(amounts) <= 10`, three elements',
    'list',
    'where amounts[0] == 1 and sum(amounts) <= 10',
    'where amounts[0] == 1',
  ),
  of(
    '`sum(payments.amount) <= 50`, two structs',
    'pay',
    'where len(payments) == 2 and sum(payments.amount) <= 50',
    'where len(payments) == 2',
  ),
  of('`key == "url"`', 'text', 'where key == "url"'),
  of('`key in ["avatar", "url"]`', 'text', 'where key in ["avatar", "url"]'),
  of('`key starts with "ur"`', 'text', 'where key starts with "ur"'),
  of('`data[0:20] == USDC`', 'text', 'where data[0:20] == USDC'),
  of(
    '`data[-20:] == WETH`, one more',
    'text',
    'where data[0:20] == USDC and data[-20:] == WETH',
    'where data[0:20] == USDC',
  ),
  of(
    '`every t in slices(data, 20, 3) (t in [USDC, WETH])`, two elements',
    'text',
    'where data[0:20] == USDC and every t in slices(data, 20, 3) (t in [USDC, WETH])',
    'where data[0:20] == USDC',
  ),
  of(
    '`each call in calls(data)`, two calls with one condition',
    'multicall',
    `each call in calls(data) { allow ${signatures.f} where to == ${alice} }`,
  ),
  of(
    '`each call in multisend(transactions)`, the same',
    'multiSend',
    `each call in multisend(transactions) { allow ${signatures.f} on ${vault} where to == ${alice} }`,
  ),
  of(
    '`each command in commands(commands, inputs)`, the same',
    'run',
    `each command in commands(commands, inputs) { allow 0x08(address to, uint256 amount) where to == ${alice} }`,
  ),
]
