import { checkWrit } from '../../src/actions/checkWrit.js'
import { encode } from '../../src/compiler/encode.js'
import { leavesOf } from '../../src/compiler/leaves.js'
import { leafHashOf, proofOf } from '../../src/compiler/proof.js'
import { rootOf } from '../../src/compiler/root.js'
import type { Binding } from '../../src/policy/Binding.js'
import type { Hex } from '../../src/policy/Hex.js'
import { policyToJson } from './policyJson.js'

/** One policy with all that is derived from it, as policies/vectors/format.json holds it. */
export type FormatVector = {
  readonly description: string
  readonly writ: readonly string[]
  readonly policy: unknown
  readonly binding: Binding
  readonly grant: Hex
  readonly leaves: readonly Hex[]
  readonly leafHashes: readonly Hex[]
  /** For each leaf its siblings, from below. */
  readonly proofs: readonly (readonly Hex[])[]
  readonly root: Hex
}

const header = (...lines: readonly string[]): readonly string[] => [
  'writ 1',
  'account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c',
  'chain base',
  'key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  'from 2027-01-15 08:00:00',
  'until 2027-01-22 08:00:00',
  ...lines,
]
const USDC = 'token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6'
const WETH = 'token WETH = 0x4200000000000000000000000000000000000006 decimals 18'
const first: Binding = { module: '0xc0dec0dec0dec0dec0dec0dec0dec0dec0dec0de', entityId: 1, tag: '0x000000000000' }
const later: Binding = { ...first, entityId: 4_294_967_295, tag: '0xa1b2c3d4e5f6' }

const sources: readonly {
  readonly description: string
  readonly writ: readonly string[]
  readonly binding: Binding
}[] = [
  {
    description: 'a native transfer; fees and rule share one narrow meter',
    binding: first,
    writ: header('allow send on 0x1111111111111111111111111111111111111111 budget 1 ETH/day'),
  },
  {
    description:
      'token transfers: a list of addresses, a meter per period, a meter for ever, a limit per call, a limit of calls',
    binding: first,
    writ: header(
      'fees 0.01 ETH/day',
      USDC,
      'allow transfer on USDC',
      '  where to in [0x1111111111111111111111111111111111111111, 0x2222222222222222222222222222222222222222] and amount != 0',
      '  budget 100 USDC/day, 300 USDC total, 25 USDC/call',
      '  limit 20 calls/hour',
    ),
  },
  {
    description: 'a swap with a price between tokens, and an approval, on one shared meter; another entity and tag',
    binding: later,
    writ: header(
      'fees 0.002 ETH/day or sponsored by 0x3333333333333333333333333333333333333333 where op.maxFeePerGas <= 50 gwei and op.callGasLimit < 300000',
      USDC,
      WETH,
      'budget trading = 500 USDC/day',
      'allow exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params) on 0x2626664c2603336E57B271c5C0b26F421741e481',
      '  where params.recipient == account and params.tokenIn == USDC and params.tokenOut == WETH',
      '    and params.amountOutMinimum >= 98.5% of params.amountIn at 3000 USDC per WETH',
      '  budget trading',
      'allow approve on USDC',
      '  where spender == 0x2626664c2603336E57B271c5C0b26F421741e481',
      '  budget trading',
    ),
  },
  {
    description:
      'dynamic arguments: paths through arrays, tuples and static words inside; a bound on now; wide and narrow meters between',
    binding: first,
    writ: header(
      'fees sponsored by 0x3333333333333333333333333333333333333333',
      'token BIG = 0x4444444444444444444444444444444444444444 base units',
      'budget all = 400000000000000000000000000000 units BIG total',
      'budget some = 7 units BIG/300s',
      'limit often = 3 calls/12h',
      'allow route(bytes data, (uint64 deadline, (address to, int24[2] ticks)[] hops, address[] path) plan, uint128[3] amounts) on 0x5555555555555555555555555555555555555555',
      '  where plan.deadline <= now + 20m and plan.path[last] == BIG and plan.path[0] != plan.path[1]',
      '    and plan.hops[0].ticks[1] > plan.hops[last].ticks[0] and plan.hops[0].ticks[0] in [-5, 0, 300]',
      '    and amounts[0] + amounts[1] - amounts[2] <= 1000',
      '  limit often',
      '  budget all counting 50% of amounts[0]',
      '  budget some counting amounts[1] - amounts[2]',
      '  from 2027-01-16',
    ),
  },
  {
    description: 'denies of each kind, with and without times, folded into what they touch; five leaves',
    binding: first,
    writ: header(
      'fees unlimited where op.preVerificationGas <= 100000 or session.key != account',
      USDC,
      WETH,
      'allow vote(uint256 id, int8 support, bool final) on 0x6666666666666666666666666666666666666666',
      '  where (id, support) in [(1, -1), (1, 1), (256, 0)] and not (final and id > 7)',
      'allow vote(uint256 id, int8 support, bool final) on 0x7777777777777777777777777777777777777777 hours 09:00-17:30 UTC mon-fri',
      'allow transfer on [USDC, WETH] budget unlimited USDC, unlimited WETH',
      'allow send on WETH budget 0.5 ETH/call',
      'deny any on WETH where call.value > 0.1 ETH hours 00:00-06:00 UTC',
      'deny send on WETH until 2027-01-17',
      'deny transfer on USDC where to == 0x1111111111111111111111111111111111111111 or to == account',
      'deny vote(uint256 id, int8 support, bool final) on [0x6666666666666666666666666666666666666666, 0x7777777777777777777777777777777777777777]',
      '  where support < -1 from 2027-01-20 12:00:00 hours 12:00-24:00 UTC sat, sun',
      'deny any on 0x8888888888888888888888888888888888888888',
    ),
  },
  {
    description:
      'lists: every and any, lengths, sums, elements that are tuples, lists and static arrays, heads and tails',
    binding: first,
    writ: header(
      'fees unlimited',
      USDC,
      'allow pay(address[] recipients, (address to, uint256 amount, bytes4 kind)[] payments, uint256[2][3] pairs, (uint64[] ids, int16[3][] steps, bytes[] notes) plan) on 0x5555555555555555555555555555555555555555',
      '  where every to in recipients (to in [0x1111111111111111111111111111111111111111, USDC]) and len(recipients) == len(payments)',
      '    and any p in payments (p.to == account and p.kind != 0x01020304 and p.amount < 5)',
      '    and every pair in pairs (pair[0] <= pair[1] and any x in pair (x != 0))',
      '    and every s in plan.steps (every t in s (t > -3 and t <= s[2]) or s[0] == 7)',
      '    and (len(plan.notes) < 3 or every n in plan.notes (len(n) <= 32))',
      '    and sum(payments.amount) + sum(plan.ids) <= 1000000',
      '  budget 100 USDC/day counting sum(payments.amount)',
      'deny pay(address[] recipients, (address to, uint256 amount, bytes4 kind)[] payments, uint256[2][3] pairs, (uint64[] ids, int16[3][] steps, bytes[] notes) plan) on 0x5555555555555555555555555555555555555555',
      '  where any to in recipients (to == 0x2222222222222222222222222222222222222222)',
    ),
  },
  {
    description: 'byte strings: slices from both ends, packed elements, masks, texts, prefixes, lengths',
    binding: later,
    writ: header(
      'fees unlimited',
      WETH,
      'allow act(bytes path, string url, uint256 flags, bytes32 id, bytes data) on 0x5555555555555555555555555555555555555555',
      '  where path[0:20] == WETH and path[-20:] == account and path[-23:-20] in [0x0001f4, 0x000bb8]',
      '    and every hop in slices(path, 20, 3) (hop != 0x2222222222222222222222222222222222222222)',
      '    and any fee in slices(path[20:-20], 3, 20) (fee & 0xffff00 == 0x000100)',
      '    and len(slices(path, 20, 3)) <= 4 and len(path) > 42',
      '    and url starts with "https://example.org/\\"\\xe2" and not url[8:] == "x" and url != ""',
      '    and flags & 0xf0 == 0x10 and id & 0xff00000000000000000000000000000000000000000000000000000000000000 != 0x0100000000000000000000000000000000000000000000000000000000000000',
      '    and (data starts with 0xa9059cbb or data == path[4:-4]) and not data starts with path[0:2]',
    ),
  },
  {
    description: 'calls in a list, and records of a multisend in one of them; denies of every place around fold in',
    binding: first,
    writ: header(
      'fees unlimited',
      USDC,
      'allow multicall(bytes[] data) on 0x5555555555555555555555555555555555555555',
      '  where len(calls(data)) <= 5',
      '  each call in calls(data) {',
      '    allow collect(uint256 id, address to) where to == account limit 3 calls/day',
      '    allow run(bytes transactions)',
      '      each call in multisend(transactions) {',
      '        allow transfer(address to, uint256 amount) on USDC budget 50 USDC/day hours 09:00-17:00 UTC',
      '        allow send on 0x6666666666666666666666666666666666666666 budget 0.1 ETH/call',
      '        deny transfer(address to, uint256 amount) on USDC where to == 0x2222222222222222222222222222222222222222',
      '      }',
      '    deny collect(uint256 id, address to) where id == 0',
      '  }',
      '  limit 10 calls/day',
      'allow collect(uint256 id, address to) on 0x5555555555555555555555555555555555555555 limit 5 calls total',
      'deny any on 0x5555555555555555555555555555555555555555 hours 00:00-01:00 UTC sun',
      'deny transfer(address to, uint256 amount) on USDC where amount > 40000000',
    ),
  },
  {
    description: 'commands of a router, each with its input, and a plan of commands among them',
    binding: first,
    writ: header(
      'fees unlimited',
      WETH,
      'allow execute(bytes commands, bytes[] inputs, uint256 deadline) on 0x5555555555555555555555555555555555555555',
      '  where deadline <= now + 20m',
      '  budget 1 ETH/day',
      '  each command in commands(commands, inputs) {',
      '    allow 0x0b(address recipient, uint256 amount) where recipient == 0x0000000000000000000000000000000000000002',
      '    allow 0x00(address recipient, uint256 amountIn, uint256 amountOutMin, bytes path, bool payerIsUser)',
      '      where recipient == account and path[0:20] == WETH and not payerIsUser limit 4 calls/day',
      '    allow 0x21(bytes commands, bytes[] inputs)',
      '      each command in commands(commands, inputs) {',
      '        allow 0x0b(address recipient, uint256 amount) where amount < 7',
      '      }',
      '    deny 0x0b(address recipient, uint256 amount) where amount == 0',
      '  }',
    ),
  },
  {
    description: 'rolling meters of a limit of calls, of a token and of the fees, narrow and wide ones between',
    binding: later,
    writ: header(
      'fees 0.01 ETH/day rolling',
      USDC,
      'token BIG = 0x4444444444444444444444444444444444444444 base units',
      'allow transfer on USDC budget 100 USDC/day rolling, 300 USDC total limit 20 calls/hour rolling',
      'allow transfer on BIG budget 400000000000000000000000000000 units BIG/week, 5000 units BIG/304s rolling limit 3 calls/12h',
    ),
  },
]

/** The vectors as the code makes them now. */
export const makeFormatVectors = (): readonly FormatVector[] =>
  sources.map(({ description, writ, binding }) => {
    const { policy, diagnostics } = checkWrit(`${writ.join('\n')}\n`)
    if (policy === undefined) throw new Error(`${description}: ${diagnostics[0]?.message}`)
    const grant = encode(policy, binding)
    const leaves = leavesOf(grant)
    const leafHashes = leaves.map(leafHashOf)
    const proofs = leafHashes.map((_, index) => proofOf(leafHashes, index))
    return {
      description,
      writ,
      policy: policyToJson(policy),
      binding,
      grant,
      leaves,
      leafHashes,
      proofs,
      root: rootOf(grant),
    }
  })

/** Where the vectors stand. A wanted change of the format is written there with `npx tsx test/compiler/writeFormatVectors.ts`. */
export const formatVectorsFile = new URL('../../policies/vectors/format.json', import.meta.url)
