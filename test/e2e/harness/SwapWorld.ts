import { encodeFunctionData, parseAbi } from 'viem'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import { encode } from '../../../src/compiler/encode.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { Call } from '../../../src/policy/Operation.js'
import { Account, type Session } from './Account.js'
import { Anvil } from './Anvil.js'
import { deployEntryPointOn, deployModule } from './deploy.js'
import { deployUniswap, mint, type Uniswap } from './uniswap.js'

const ether = 10n ** 18n

const abi = parseAbi([
  'struct Params { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
  'function exactInputSingle(Params params) payable returns (uint256)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
])

/** What a session may be given besides its rules for approving and swapping at most 10 of token A a day. */
export type SwapGrant = {
  readonly entityId?: number
  /** Of the node's funded accounts the one that is the session key. */
  readonly key?: number
  /** The fees line. */
  readonly fees?: string
  /** Whole tokens of A that may be swapped in a day. */
  readonly perDay?: number
  /** Hooks of other modules on the validation (HookConfig). */
  readonly hooks?: readonly Hex[]
  readonly ttlSeconds?: number
}

/** A node with both EntryPoints, the module, the real Uniswap v3 and an account that holds 100 of token A; sessions swap A for B. */
export class SwapWorld {
  readonly anvil: Anvil
  readonly module: Address
  readonly uniswap: Uniswap
  readonly account: Account

  private constructor(anvil: Anvil, module: Address, uniswap: Uniswap, account: Account) {
    this.anvil = anvil
    this.module = module
    this.uniswap = uniswap
    this.account = account
  }

  static async start(): Promise<SwapWorld> {
    const anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    await deployEntryPointOn(anvil, '0.8')
    const module = await deployModule(anvil)
    const uniswap = await deployUniswap(anvil)
    const account = await Account.deploy(anvil, 1)
    await mint(anvil, uniswap.tokenA, account.address, 100n * ether)
    return new SwapWorld(anvil, module, uniswap, account)
  }

  /** Installs the module under an entity id and grants: rule 0 swaps, rule 1 approves. */
  async grant(options: SwapGrant = {}): Promise<Session> {
    const { entityId = 1, key = 5, hooks = [] } = options
    const grant = await this.compile(options)
    await this.account.install(this.module, entityId, grant, hooks)
    return { module: this.module, entityId, grant, key }
  }

  /** The grant's bytes alone, from the last block's time on. */
  async compile({
    entityId = 1,
    key = 5,
    fees = 'fees 0.1 ETH/day',
    perDay = 10,
    ttlSeconds = 7 * 86_400,
  }: SwapGrant = {}): Promise<Hex> {
    const { tokenA, router } = this.uniswap
    const { timestamp } = await this.anvil.client().getBlock()
    const { policy, diagnostics } = checkWrit(
      `${fees}
      token AAA = ${tokenA} decimals 18
      allow exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 deadline,
        uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params) on ${router}
        where params.tokenIn == AAA and params.recipient == account
          and params.amountOutMinimum >= 90% of params.amountIn
        budget ${perDay} AAA/day counting params.amountIn
      allow approve on AAA where spender == ${router} budget ${perDay} AAA/day`,
      {
        header: {
          account: this.account.address,
          key: this.anvil.funded(key).address.toLowerCase() as Address,
          chain: String(this.anvil.chainId),
          from: Number(timestamp),
          ttlSeconds,
        },
      },
    )
    if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
    return encode(policy, { module: this.module, entityId, tag: '0x000000000000' })
  }

  /** What the account holds. */
  balance(token: Address): Promise<bigint> {
    return this.anvil
      .client()
      .readContract({ address: token, abi, functionName: 'balanceOf', args: [this.account.address] })
  }

  /** Lets the router take token A; rule 1. */
  approve(amount = 10n * ether): Call {
    const { tokenA, router } = this.uniswap
    return {
      to: tokenA,
      value: 0n,
      data: encodeFunctionData({ abi, functionName: 'approve', args: [router, amount] }),
    }
  }

  /** Swaps token A for token B in the account's favour, or somebody else's; rule 0. */
  swap(amountIn: bigint, recipient: Address = this.account.address): Call {
    const { tokenA, tokenB, router } = this.uniswap
    const params = {
      tokenIn: tokenA,
      tokenOut: tokenB,
      fee: 3000,
      recipient,
      deadline: 2n ** 40n,
      amountIn,
      amountOutMinimum: (amountIn * 9n + 9n) / 10n,
      sqrtPriceLimitX96: 0n,
    }
    return {
      to: router,
      value: 0n,
      data: encodeFunctionData({ abi, functionName: 'exactInputSingle', args: [params] }),
    }
  }

  async stop(): Promise<void> {
    await this.anvil.stop()
  }
}
