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
