import { encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWrit } from '../../src/actions/checkWrit.js'
import * as calldata from '../../src/compiler/calldata.js'
import { encode } from '../../src/compiler/encode.js'
import { rootOf } from '../../src/compiler/root.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Call } from '../../src/policy/Operation.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { anvilProgram } from './harness/tools.js'
import { deployUniswap, mint, type Uniswap } from './harness/uniswap.js'

const ether = 10n ** 18n
const key = 5
const abi = parseAbi([
  'struct Params { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
  'function exactInputSingle(Params params) payable returns (uint256)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
])

// One story in order: each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined)(
  'a session on a real node, with the real EntryPoint and the real Uniswap',
  () => {
    let anvil: Anvil
    let uniswap: Uniswap
    let account: Account
    let module: Address
    let grant: Hex
    const session = () => ({ module, entityId: 1, grant, key })
    const balance = (token: Address): Promise<bigint> =>
      anvil.client().readContract({ address: token, abi, functionName: 'balanceOf', args: [account.address] })
    const approve = (): Call => ({
      to: uniswap.tokenA,
      value: 0n,
      data: encodeFunctionData({ abi, functionName: 'approve', args: [uniswap.router, 10n * ether] }),
    })
    const swap = (amountIn: bigint, recipient: Address = account.address): Call => ({
      to: uniswap.router,
      value: 0n,
      data: encodeFunctionData({
        abi,
        functionName: 'exactInputSingle',
        args: [
          {
            tokenIn: uniswap.tokenA,
            tokenOut: uniswap.tokenB,
            fee: 3000,
            recipient,
            deadline: 2n ** 40n,
            amountIn,
            amountOutMinimum: (amountIn * 9n + 9n) / 10n,
            sqrtPriceLimitX96: 0n,
          },
        ],
      }),
    })

    beforeAll(async () => {
      anvil = await Anvil.start()
      await deployEntryPointOn(anvil, '0.7')
      module = await deployModule(anvil)
      uniswap = await deployUniswap(anvil)
      account = await Account.deploy(anvil, 1)
      await mint(anvil, uniswap.tokenA, account.address, 100n * ether)
      const { timestamp } = await anvil.client().getBlock()
      const { policy, diagnostics } = checkWrit(
        `fees 0.1 ETH/day
      token AAA = ${uniswap.tokenA} decimals 18
      allow exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 deadline,
        uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params) on ${uniswap.router}
        where params.tokenIn == AAA and params.recipient == account
          and params.amountOutMinimum >= 90% of params.amountIn
        budget 10 AAA/day counting params.amountIn
      allow approve on AAA where spender == ${uniswap.router} budget 10 AAA/day`,
        {
          header: {
            account: account.address,
            key: anvil.funded(key).address.toLowerCase() as Address,
            chain: String(anvil.chainId),
            from: Number(timestamp),
            ttlSeconds: 7 * 86_400,
          },
        },
      )
      if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
      grant = encode(policy, { module, entityId: 1, tag: '0x000000000000' })
      await account.install(module, 1, grant)
    }, 60_000)

    afterAll(() => anvil.stop())

    test('the agent approves and swaps in one batch, and what it bought is the account’s', async () => {
      const rules = [1, 0]
      const sent = await account.send(session(), [approve(), swap(6n * ether)], rules)
      expect(sent).toEqual({ kind: 'included', success: true })
      expect(await balance(uniswap.tokenA)).toBe(94n * ether)
      expect(await balance(uniswap.tokenB)).toBeGreaterThan((6n * ether * 9n) / 10n)
    })

    test('a swap to somebody else is refused in validation', async () => {
      const thief: Address = '0x00000000000000000000000000000000000bad00'
      const sent = await account.send(session(), [swap(ether, thief)], [0])
      expect(sent).toEqual({ kind: 'refused', reason: 'AA23 reverted', error: 'ConditionFailed' })
    })

    test('a swap beyond the day’s budget is refused, the rest of it is not', async () => {
      const beyond = await account.send(session(), [swap(4n * ether + 1n)], [0])
      expect(beyond).toEqual({ kind: 'refused', reason: 'AA23 reverted', error: 'MeterExceeded' })
      expect(await account.send(session(), [swap(4n * ether)], [0])).toEqual({ kind: 'included', success: true })
      expect(await account.send(session(), [swap(1n)], [0])).toMatchObject({ error: 'MeterExceeded' })
    })

    test('a day later there is a new budget', async () => {
      const client = anvil.client()
      await client.increaseTime({ seconds: 86_400 })
      await client.mine({ blocks: 1 })
      expect(await account.send(session(), [approve(), swap(ether)], [1, 0])).toEqual({
        kind: 'included',
        success: true,
      })
    })

    test('revoked is revoked, and the same grant does not revive it', async () => {
      const call = (data: Hex): Hex => executeCalldata([{ to: module, value: 0n, data }])
      await account.asOwner(call(calldata.revoke(rootOf(grant))))
      expect(await account.send(session(), [swap(ether)], [0])).toMatchObject({ error: 'SessionNotActive' })
      await expect(account.asOwner(call(calldata.grant(grant)))).rejects.toThrow()
      expect(await account.send(session(), [swap(ether)], [0])).toMatchObject({ error: 'SessionNotActive' })
    })
  },
)
