import { concat, encodeFunctionData, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import * as bench from '../../bench/gasPolicies.js'
import { operationSize } from '../../src/account/session/carriedSize.js'
import { activation } from '../../src/compiler/activation.js'
import * as calldata from '../../src/compiler/calldata.js'
import { deviceText } from '../../src/compiler/device/deviceText.js'
import { encode } from '../../src/compiler/encode.js'
import { load, witness } from '../../src/evaluator/index.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import { entryPointAddress } from '../../src/evm/entryPoint.js'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import { Stage } from '../../src/evm/Stage.js'
import { userOpSignature } from '../../src/evm/testAccount.js'
import { activationRoute } from '../../src/verify/activationRoute.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Call } from '../../src/policy/Operation.js'
import type { Policy } from '../../src/policy/Policy.js'

const owner = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const key = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const

const counted = { counts: 'ETH', limit: 10n ** 18n } as const
const periods = [3_600, 7_200, 14_400, 28_800, 43_200, 172_800, 259_200, 345_600]
/** Nine budgets of ether on one rule. */
const metered: Policy = {
  ...bench.ether,
  meters: [
    ...bench.ether.meters,
    ...periods.map((seconds) => ({ ...counted, window: { kind: 'period', seconds } }) as const),
  ],
  rules: bench.ether.rules.map((rule) => {
    const [charge] = rule.effect === 'allow' ? rule.charges : []
    if (rule.effect !== 'allow' || charge?.kind !== 'meter') throw new Error('the rule has a budget')
    return { ...rule, charges: [charge, ...periods.map((_, index) => ({ ...charge, meter: index + 2 }))] }
  }),
}

/** The first operation of a session through the real EntryPoint, with a verification gas limit. */
const firstOperation = async (policy: Policy, calls: readonly Call[], rules: readonly number[]) => {
  const { account } = policy
  const time = policy.from + 3600
  const stage = await Stage.create({ chainId: policy.chainId, account, owner, time, balance: 10n ** 20n })
  const { evm } = stage
  const firstOwner = owner.address.toLowerCase() as Address
  const install = calldata.installValidation(binding.module, { entityId: 1, firstOwner, textGrants: true })
  await evm.call({ from: entryPointAddress, to: account, data: install })
  const pin = parseAbi(['function pin(address account, address token)'])
  for (const { address, decimals } of policy.tokens) {
    await evm.setCode(address, `0x60${Number(decimals).toString(16).padStart(2, '0')}60005260206000f3`)
    await evm.call({ to: binding.module, data: encodeFunctionData({ abi: pin, args: [account, address] }) })
  }
  const grant = encode(policy, binding)
  const signature = await owner.signMessage({ message: deviceText(policy, binding) })
  const carried = activation({ grant, signature })
  const proof = witness(load(grant), { time, rules: [...rules] })
  return async (verificationGasLimit: bigint) => {
    const before = evm.snapshot()
    const limits = { callGasLimit: 400_000n, verificationGasLimit, preVerificationGas: 60_000n }
    const fees = {
      ...limits,
      maxFeePerGas: 10n ** 9n,
      maxPriorityFeePerGas: 10n ** 9n,
      paymasterAndData: '0x',
    } as const
    const callData = executeCalldata(calls)
    const op = await stage.signedByAgent(key, { callData, fees }, proof)
    const signed = userOpSignature(concat([carried, `0x${op.signature.slice(4)}`]))
    const result = await stage.send({ ...op, signature: signed })
    evm.revert(before)
    return { result, bytes: operationSize({ callData }, signed) }
  }
}

describe('which way a signed text takes', () => {
  test.each<[string, Policy, readonly Call[], readonly number[]]>([
    ['a payment', bench.ether, [bench.send], [0]],
    ['an ERC-20 transfer', bench.erc20, [bench.transfer()], [0]],
    ['a swap', bench.swap, [bench.swapCall], [0]],
    ['a rolling budget', bench.rolling, [bench.transfer()], [0]],
    ['a list', bench.claims, [bench.claim(1)], [0]],
    ['a router’s commands', bench.routed, [bench.commands(1)], [0]],
    ['a multisend', bench.multisend, [bench.records(3)], [0]],
    ['many meters', metered, [bench.send], [0]],
    ['ten rules', bench.manyRules(10), [bench.transfer(4)], [4]],
  ])('%s: the bounds hold of a real first operation, and are no idle ones', async (_, policy, calls, rules) => {
    const { verificationGas, operationBytes, activationGas, toPin } = await activationRoute(policy, binding)
    const send = await firstOperation(policy, calls, rules)
    const { result, bytes } = await send(verificationGas)
    expect(result).toMatchObject({ kind: 'included' })
    expect(bytes).toBeLessThanOrEqual(operationBytes)
    expect(bytes + 1_500).toBeGreaterThan(operationBytes)
    // What it certainly takes does not do.
    expect((await send(activationGas)).result.kind).toBe('refused')
    let [fails, works] = [activationGas, verificationGas]
    while (works - fails > 1000n) {
      const middle = (works + fails) / 2n
      if ((await send(middle)).result.kind === 'included') works = middle
      else fails = middle
    }
    expect(works * 2n).toBeGreaterThan(verificationGas)
    expect(toPin).toEqual(policy.tokens)
  })

  test('a policy that no device shows is for the account itself', async () => {
    const rules = Array.from({ length: 60 }, (_, index) => ({ ...bench.ether.rules[0], target: bench.person(index) }))
    const route = await activationRoute({ ...bench.ether, rules } as Policy, binding)
    expect(route).toMatchObject({ route: 'account', verificationGas: 0n })
    expect(route.reasons[0]).toMatch(/lines/)
  })

  test('a small one goes with the first operation, and what bundlers do not take by `activate`', async () => {
    expect(await activationRoute(bench.ether, binding)).toMatchObject({ route: 'first operation', reasons: [] })
    const { verificationGas, operationBytes } = await activationRoute(bench.ether, binding)
    const least = { bytes: operationBytes, verificationGasBelow: verificationGas + 1n }
    expect((await activationRoute(bench.ether, binding, least)).route).toBe('first operation')
    const less = { bytes: operationBytes - 1, verificationGasBelow: verificationGas }
    const { route, reasons } = await activationRoute(bench.ether, binding, less)
    expect(route).toBe('activate')
    expect(reasons).toEqual([
      expect.stringMatching(/^up to [\d,]+ bytes, and bundlers take [\d,]+$/),
      expect.stringMatching(/^up to [\d,]+ verification gas, and bundlers take less than [\d,]+$/),
    ])
  })
})
