import { concat, encodeFunctionData, hexToBigInt, numberToHex, parseAbi, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as bench from '../../../bench/gasPolicies.js'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import * as calldata from '../../../src/compiler/calldata.js'
import { activation as activationOf } from '../../../src/compiler/activation.js'
import { deviceTextOf } from '../../../src/compiler/device/deviceText.js'
import { encode } from '../../../src/compiler/encode.js'
import { rootOf } from '../../../src/compiler/root.js'
import { executeCalldata } from '../../../src/evm/accountCalldata.js'
import { slotOf } from '../../../src/evm/sessionStorage.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { Call } from '../../../src/policy/Operation.js'
import type { Policy } from '../../../src/policy/Policy.js'
import { compiled } from '../../contracts/harness/compiled.js'
import { deferredDigest, deferredSignature } from '../../contracts/harness/deferred.js'
import { hookConfig } from '../../contracts/harness/hooks.js'
import { Account, type Session, type Shape } from '../harness/Account.js'
import { Anvil } from '../harness/Anvil.js'
import { deploy, deployEntryPointOn, deployModule } from '../harness/deploy.js'
import { deployPaymaster, paidBy, sponsor } from '../harness/paymaster.js'
import { anvilProgram } from '../harness/tools.js'
import { send as transact } from '../harness/uniswap.js'
import { traceValidation } from './traceValidation.js'

/** The key of the benchmark's policies is the node's funded account number 1. */
const key = 1
const owner = 2
const alice = bench.person(0)
const pay: Call = { to: alice, value: 1_000n, data: '0x' }
const factoryAbi = parseAbi([
  'function createSemiModularAccount(address owner, uint256 salt) returns (address)',
  'function getAddressSemiModular(address owner, uint256 salt) view returns (address)',
  'function addStake(address entryPoint, uint32 unstakeDelaySeconds) payable',
])

const pinAbi = parseAbi(['function pin(address account, address token)'])

const multicall = `token USDC = ${bench.usdc} decimals 6
allow multicall(bytes[] data) on ${bench.router}
  where len(calls(data)) in 1..3
  each call in calls(data) {
    allow exactInput((bytes path, address recipient, uint256 amountIn, uint256 amountOutMinimum) params)
      where params.recipient == account and params.path[0:20] == USDC
        and every token in slices(params.path, 20, 3) (token in [USDC, ${bench.weth}])
      budget 500 USDC/day rolling counting params.amountIn
  }`
const routerAbi = parseAbi([
  'struct Params { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }',
  'function exactInput(Params params)',
  'function multicall(bytes[] data)',
])
const path = concat([bench.usdc, '0x0001f4', bench.weth])
const params = { path, recipient: bench.account, amountIn: 1_000_000n, amountOutMinimum: 0n }
const exactInput = encodeFunctionData({ abi: routerAbi, functionName: 'exactInput', args: [params] })
const nested: Call = {
  to: bench.router,
  value: 0n,
  data: encodeFunctionData({ abi: routerAbi, functionName: 'multicall', args: [[exactInput, exactInput]] }),
}

function policyOf(rules: string, account = bench.account, fees = 'fees 0.1 ETH/day'): Policy {
  const header = `writ 1\naccount ${account}\nchain base\nkey 0x70997970C51812dc3A010C7d01b50e0d17dc79C8\nfrom 2026-11-22 13:00:00\nttl 7d\n`
  const { policy, open, diagnostics } = checkWrit(`${header}${fees}\n${rules}`)
  if (!policy || open.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return policy
}

describe.skipIf(anvilProgram() === undefined)('nothing that ERC-7562 forbids is done by the validation of', () => {
  let anvil: Anvil
  let entryPoint: Address
  let module: Address
  let account: Account
  let hooks: Address
  let entityId = 0

  beforeAll(async () => {
    for (const name of ['TestFactory', 'TestHooks', 'TestPaymaster'] as const) compiled(name)
    anvil = await Anvil.start()
    entryPoint = await deployEntryPointOn(anvil, '0.7')
    await deployEntryPointOn(anvil, '0.8')
    module = await deployModule(anvil)
    hooks = await deploy(anvil, compiled('TestHooks'))
    account = await Account.place(anvil, bench.account, owner)
  }, 240_000)
  afterAll(() => anvil.stop())

  /** Grants a policy under an entity id of its own; `place`: writes its word instead, where no transaction could carry it. */
  const grant = async (policy: Policy, { place = false, hooksOn = [] as Hex[] } = {}): Promise<Session> => {
    const id = ++entityId
    const bytes = encode(policy, { module, entityId: id, tag: '0x000000000000' })
    if (place) {
      const install = calldata.installValidation(module, { entityId: id, firstOwner: account.owner, textGrants: true })
      await account.asOwner(install)
      const index = slotOf({ account: account.address, root: rootOf(bytes) }, 0)
      const value: Hex = `0x4${zeroHash.slice(3)}`
      await anvil.client().setStorageAt({ address: module, index, value })
    } else await account.install(module, id, bytes, hooksOn)
    return { module, entityId: id, grant: bytes, key }
  }

  /** Installs the module, pins what the policy states, and has the owner sign its text. */
  const signedText = async (policy: Policy): Promise<readonly [Session, Hex]> => {
    const id = ++entityId
    const grant = encode(policy, { module, entityId: id, tag: '0x000000000000' })
    await account.asOwner(
      calldata.installValidation(module, { entityId: id, firstOwner: account.owner, textGrants: true }),
    )
    for (const { address, decimals } of policy.tokens) {
      // Answers every call with its decimals, and looks at a word of its own before, as tokens behind proxies do: nobody may ask it now.
      const bytecode = concat(['0x5f545060', numberToHex(Number(decimals), { size: 1 }), '0x5f5260205ff3'])
      await anvil.client().setCode({ address, bytecode })
      const args = [account.address, address] as const
      await transact(anvil, module, encodeFunctionData({ abi: pinAbi, functionName: 'pin', args }))
    }
    const device = deviceTextOf(grant)
    if (!device.ok) throw new Error(device.reason)
    const signature = await anvil.funded(owner).signMessage({ message: device.text })
    return [{ module, entityId: id, grant, key }, activationOf({ grant, signature })]
  }

  /** Traces the operation, and then includes it: what is traced is a validation that passes. */
  const clean = async (session: Session, calls: readonly Call[], rules: readonly number[], shape: Shape = {}) => {
    const op = await account.sign(session, calls, rules, shape)
    const at = shape.entryPoint === '0.8' ? '0x4337084d9e255ff0702461cf8895ce9e3b5ff108' : entryPoint
    const found = await traceValidation(anvil, op, at)
    const sent = await account.bundle(op, shape.entryPoint)
    expect(sent).toMatchObject({ kind: 'included' })
    return found
  }

  test.each<[string, () => Policy, readonly Call[], readonly number[]]>([
    ['a payment of ether, with fees counted', () => bench.ether, [bench.send], [0]],
    ['an ERC-20 transfer', () => bench.erc20, [bench.transfer()], [0]],
    ['a batch of five', () => bench.erc20, [0, 0, 0, 0, 0].map(bench.transfer), [0, 0, 0, 0, 0]],
    ['a swap with a shared budget', () => bench.swap, [bench.swapCall], [0]],
    ['a batch by two rules', () => bench.swap, [bench.swapCall, bench.transfer()], [0, 1]],
    ['a rolling budget', () => bench.rolling, [bench.transfer()], [0]],
    ['a list of five', () => bench.claims, [bench.claim(5)], [0]],
    ['three commands in one call', () => bench.routed, [bench.commands(3)], [0]],
    ['two swaps nested in a multicall', () => policyOf(multicall), [nested], [0]],
    ['three calls in a multisend', () => bench.multisend, [bench.records(3)], [0]],
    ['one of a hundred rules', () => bench.manyRules(100), [bench.transfer(77)], [77]],
    [
      'several meters of many windows on one rule',
      () =>
        policyOf(
          `allow send on ${alice}\n budget 1 ETH/day, 2 ETH/week, 5 ETH total, 0.5 ETH/day rolling, 1 ETH/call\n limit 10 calls/hour, 100 calls total`,
        ),
      [pay, pay],
      [0, 0],
    ],
    [
      'hours, a start and an end of a rule, and a denial',
      () =>
        policyOf(
          `token USDC = ${bench.usdc} decimals 6
allow send on ${alice} hours 09:00-23:00 UTC mon-sun from 2026-11-22 13:00:00 until 2026-11-28 budget 1 ETH/day
deny transfer on USDC where amount > 5 USDC
allow transfer on USDC where to == ${alice} budget unlimited USDC`,
        ),
      [pay, bench.transfer()],
      [0, 2],
    ],
  ])('%s', async (_, policy, calls, rules) => {
    const session = await grant(policy())
    expect(await clean(session, calls, rules)).toEqual([])
    // Warm meters take other ways than new ones.
    expect(await clean(session, calls, rules)).toEqual([])
  })

  test.each<[string, Policy, readonly Call[], readonly number[]]>([
    ['without a token', bench.ether, [bench.send], [0]],
    ['with a token whose decimals are pinned', bench.erc20, [bench.transfer()], [0]],
    ['with two rules and two tokens', bench.swap, [bench.swapCall, bench.transfer()], [0, 1]],
  ])('the operation that puts its own session into force, %s', async (_, policy, calls, rules) => {
    const [session, activation] = await signedText(policy)
    const shape = { activation, verificationGasLimit: 499_999n }
    expect(await clean(session, calls, rules, shape)).toEqual([])
    // Then it is skipped.
    expect(await clean(session, calls, rules, shape)).toEqual([])
  })

  test('one of a thousand rules', async () => {
    const session = await grant(bench.manyRules(1_000), { place: true })
    expect(await clean(session, [bench.transfer(777)], [777])).toEqual([])
  })

  test('a new window, after a day', async () => {
    const session = await grant(bench.erc20)
    expect(await clean(session, [bench.transfer()], [0])).toEqual([])
    await anvil.client().increaseTime({ seconds: 86_400 })
    await anvil.client().mine({ blocks: 1 })
    expect(await clean(session, [bench.transfer()], [0])).toEqual([])
  })

  test('an operation with a staked paymaster; an unstaked one that reads its own words is named', async () => {
    const staked = await deployPaymaster(anvil)
    const unstaked = await deployPaymaster(anvil, { stake: false })
    for (const paymaster of [staked, unstaked]) {
      await sponsor(anvil, paymaster, account.address)
      const session = await grant(
        policyOf(`allow send on ${alice} budget 1 ETH/day`, bench.account, `fees sponsored by ${paymaster}`),
      )
      const found = await clean(session, [pay], [0], { paymasterAndData: paidBy(paymaster) })
      if (paymaster === staked) expect(found).toEqual([])
      else expect(found).toEqual([expect.objectContaining({ rule: 'STO-031', entity: 'paymaster', code: unstaked })])
    }
  })

  test('an operation through hooks of another module, with the prefix of executeUserOp', async () => {
    const hooksOn = [hookConfig(7, 'validation', '0x', hooks), hookConfig(8, 'around', '0x', hooks)]
    const session = await grant(bench.ether, { hooksOn })
    expect(await clean(session, [bench.send], [0], { prefixed: true, hooks: [{ index: 0, data: '0xabcd' }] })).toEqual(
      [],
    )
  })

  test('an operation through EntryPoint 0.8', async () => {
    const session = await grant(bench.swap)
    expect(await clean(session, [bench.swapCall, bench.transfer()], [0, 1], { entryPoint: '0.8' })).toEqual([])
  })

  test('an operation of the owner, which grants', async () => {
    const bytes = encode(bench.ether, { module, entityId, tag: '0x000000000000' })
    const op = await account.signAsOwner(executeCalldata([{ to: module, value: 0n, data: calldata.grant(bytes) }]))
    expect(await traceValidation(anvil, op, entryPoint)).toEqual([])
  })

  describe('an account’s first operation, which deploys it', () => {
    let factory: Address
    let counterfactual: Account
    let initCode: Hex
    const salt = 7n

    beforeAll(async () => {
      factory = await deploy(anvil, compiled('TestFactory'))
      const args = [anvil.funded(owner).address, salt] as const
      const address = await anvil
        .client()
        .readContract({ address: factory, abi: factoryAbi, functionName: 'getAddressSemiModular', args })
      counterfactual = Account.at(anvil, address.toLowerCase() as Address, owner)
      await anvil.client().setBalance({ address, value: 10n ** 18n })
      initCode = concat([
        factory,
        encodeFunctionData({ abi: factoryAbi, functionName: 'createSemiModularAccount', args }),
      ])
    }, 120_000)

    /** The owner's first operation, which installs the module before it is validated by a session. */
    const installing = async () => {
      const policy = policyOf(`allow send on ${alice} budget 1 ETH/day`, counterfactual.address)
      const session = {
        module,
        entityId: 1,
        grant: encode(policy, { module, entityId: 1, tag: '0x000000000000' }),
        key,
      }
      const install = { entityId: 1, firstOwner: counterfactual.owner, textGrants: true, grant: session.grant }
      const call = calldata.installValidation(module, install)
      // The witness of the session is signed with the nonce of a deferred action.
      const plain = await counterfactual.sign(session, [pay], [0], {
        deferred: true,
        initCode,
        verificationGasLimit: 4_500_000n,
      })
      const action = { entityId: 0, call }
      const hash = deferredDigest(counterfactual.address, anvil.chainId, plain.nonce, action)
      const signed = await anvil.funded(owner).sign({ hash })
      return { ...plain, signature: deferredSignature(action, concat(['0x00', signed]), plain.signature) }
    }
    // This account's whole code is deployed, which real factories do not; that takes more gas than bundlers give.
    const beyondLimit = (found: Awaited<ReturnType<typeof traceValidation>>) =>
      found.filter(({ rule }) => rule !== 'LIM-060')

    test('by an unstaked factory, if it touches the account alone', async () => {
      const op = await counterfactual.signAsOwner(executeCalldata([pay]), {
        initCode,
        verificationGasLimit: 4_000_000n,
      })
      expect(beyondLimit(await traceValidation(anvil, op, entryPoint))).toEqual([])
    })

    test('by an unstaked factory it may not use the module’s words: that is named', async () => {
      const rules = beyondLimit(await traceValidation(anvil, await installing(), entryPoint)).map(({ rule, code }) => ({
        rule,
        code,
      }))
      expect(rules).toContainEqual({ rule: 'STO-022', code: module })
    })

    test('by a staked factory it may, a deferred install and the session’s operation at once', async () => {
      const staking = encodeFunctionData({ abi: factoryAbi, functionName: 'addStake', args: [entryPoint, 86_400] })
      await transact(anvil, factory, staking, 10n ** 18n)
      const op = await installing()
      expect(beyondLimit(await traceValidation(anvil, op, entryPoint))).toEqual([])
      expect(await counterfactual.bundle(op)).toEqual({ kind: 'included', success: true })
      expect(hexToBigInt((await anvil.client().getCode({ address: counterfactual.address })) ?? '0x0')).not.toBe(0n)
    })
  })
})
