import { readFileSync } from 'node:fs'
import { encodeFunctionData, parseAbi, size } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { checkWrit } from '../actions/checkWrit.js'
import * as calldata from '../compiler/calldata.js'
import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import { deviceText } from '../compiler/device/deviceText.js'
import { killText } from '../compiler/device/killText.js'
import { moduleAddress } from '../evm/moduleAddress.js'
import { printGrant } from '../evm/printGrant.js'
import { Stage } from '../evm/Stage.js'
import { placeTestToken, tokenBalance } from '../evm/testToken.js'
import { transactionGas } from '../evm/transactionGas.js'
import { handleOpsCalldata } from '../evm/handleOps.js'
import type { Hex } from '../policy/Hex.js'
import type { Call } from '../policy/Operation.js'
import type { Policy } from '../policy/Policy.js'
import { verify } from '../verify/index.js'
import { Agent } from './demoAgent.js'
import { openDemoDevice, type DemoDevice } from './demoDevice.js'
import { Narrator, type Print } from './demoNarrator.js'

/** The writ that the story is about: four people's salaries, and nothing else. */
const file = 'policies/payroll.writ'

/** The session key of the examples: a well-known key of test chains, worth nothing anywhere. */
const key = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')

/** Who made the account: it installs the module, and names the device as the owner whose texts count. */
const owner = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')

/** Operations that the gate decides here; `writ verify` runs 2,000. */
const cases = 300

const gas = { callGasLimit: 150_000n, verificationGasLimit: 150_000n, preVerificationGas: 50_000n }
const price = { maxFeePerGas: 1_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n }
const fees = { ...gas, ...price, paymasterAndData: '0x' } as const

/**
 * Tells the whole story of a session in an EVM of this process: compile, verify, sign, install, grant, use, misuse, revoke. Each operation
 * is decided by the evaluator before it is sent, and the chain must do as was said. 0 only if all went as told, else 1.
 */
export async function runDemo(options: { readonly print: Print; readonly json: boolean }): Promise<number> {
  const told = new Narrator(options)
  told.title('An AI agent pays salaries from a smart account, and can do nothing else.', [
    'All of it happens in this process: an EVM in memory, with the real EntryPoint 0.7.',
    'No node and no network; the owner has a Ledger in software, which protects nothing.',
  ])

  const { text, policy } = readWrit()
  told.chapter('writ', `The owner's words (${file})`)
  told.quote(text)

  const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const
  const grant = encode(policy, binding)
  const root = rootOf(grant)
  told.chapter('compile', 'Compiled to the bytes that the chain enforces')
  told.fact('grant', `${size(grant)} bytes`, { bytes: grant })
  told.fact('root', root)

  told.chapter('verify', 'Verified on this very policy, before anything is signed')
  const report = await verify(policy, binding, { cases, seed: 1 })
  told.expect(report.disagreement === undefined && report.cases >= cases, 'the gate did not pass')
  told.fact(
    'gate',
    `${report.cases} operations (${report.allowed} allowed, ${report.denied} denied): chain, evaluator and definition agree`,
  )

  const stage = await Stage.create({
    chainId: policy.chainId,
    account: policy.account,
    owner,
    time: policy.from + 3600,
    balance: 10n ** 18n,
  })
  const [usdc] = policy.tokens
  if (!usdc) throw new Error(`${file} names no token`)
  await placeTestToken(stage.evm, usdc, policy.account, 50_000n * 10n ** 6n)

  told.chapter('install', 'The owner installs the module once, and signs this session on a device')
  const device = await openDemoDevice()
  const install = { entityId: binding.entityId, firstOwner: device.address, textGrants: true }
  await ownerSends(stage, told, 'install', calldata.installValidation(binding.module, install))
  const granted = await deviceSigns(told, device, deviceText(policy, binding))
  const printed = await printGrant(grant)
  told.expect(printed.ok && printed.text === granted.text, 'the chain prints another text than the device shows')
  told.fact('printed', 'by the module itself, from the grant: the same text, byte for byte')
  await carried(stage, told, 'activate', calldata.activate(grant, granted.signature))

  const agent = new Agent(stage, told, policy, grant, key, fees)
  const transfer = (to: Hex, amount: bigint): Call => ({
    to: usdc.address,
    value: 0n,
    data: encodeFunctionData({ abi, functionName: 'transfer', args: [to, amount * 10n ** 6n] }),
  })
  told.chapter('use', 'The agent works')
  await agent.does('allow', 'pay Alice 3000 USDC', 'as the writ says', transfer(people.alice, 3000n))
  await agent.does('allow', 'pay Carol 4100 USDC', 'as the writ says', transfer(people.carol, 4100n))

  told.chapter('misuse', 'The agent is tricked, and sends what it should not')
  await agent.does('deny', 'pay Alice again', 'once in 30 days', transfer(people.alice, 3000n))
  await agent.does('deny', 'pay Mallory 3000 USDC', 'no rule names Mallory', transfer(people.mallory, 3000n))
  await agent.does('deny', 'let Mallory take all USDC', 'no rule is about approve', {
    to: usdc.address,
    value: 0n,
    data: encodeFunctionData({ abi, functionName: 'approve', args: [people.mallory, 2n ** 256n - 1n] }),
  })
  const moved = [people.alice, people.carol, people.mallory].map((who) => tokenBalance(stage.evm, usdc.address, who))
  told.expect(String(await Promise.all(moved)) === '3000000000,4100000000,0', 'the money is not where it should be')

  told.chapter('revoke', 'The owner ends every session of the account, on the device again')
  const kill = { kind: 'all', account: policy.account, chainId: policy.chainId, before: stage.evm.time } as const
  const ended = await deviceSigns(told, device, killText(kill))
  await carried(stage, told, 'revoke', calldata.endByText(kill, binding.entityId, ended.signature))
  agent.isRevoked()
  await agent.does(
    'deny',
    'pay Dave 3000 USDC',
    'allowed before, but the session is over',
    transfer(people.dave, 3000n),
  )
  return told.end()
}

const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
])

/** As the writ names them, and one whom it does not. */
const people = {
  alice: '0xa11ce00000000000000000000000000000000001',
  carol: '0xca401000000000000000000000000000000000a3',
  dave: '0xda7e000000000000000000000000000000000004',
  mallory: '0x3a110e1000000000000000000000000000000bad',
} as const

function readWrit(): { text: string; policy: Policy } {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const { policy, open } = checkWrit(text, { file })
  if (!policy || open.length > 0) throw new Error(`${file} is not a whole writ`)
  return { text, policy }
}

async function ownerSends(stage: Stage, told: Narrator, name: string, callData: Hex): Promise<void> {
  const op = await stage.signedByOwner({ callData, fees: { ...fees, callGasLimit: 1_000_000n } })
  const result = await stage.send(op)
  const done = result.kind === 'included' && result.success
  told.expect(done, `the owner's ${name} failed`)
  const { total } = transactionGas(handleOpsCalldata(op), result.transaction)
  told.fact(name, done ? `signed by the owner, ${told.number(total)} gas` : 'FAILED', { gas: String(total) })
}

/** The device shows the text, and its holder approves. */
async function deviceSigns(
  told: Narrator,
  device: DemoDevice,
  text: string,
): Promise<{ readonly text: string; readonly signature: Hex }> {
  const { signature, pages } = await device.sign(text)
  const lines = text.split('\n')
  told.quote(lines.length > 12 ? [...lines.slice(0, 6), '…', ...lines.slice(-1)].join('\n') : text)
  told.fact('sign', `read on the owner's device and signed there: ${pages.length} pages of a ${device.name}`, {
    signature,
  })
  return { text, signature }
}

/** Somebody who is neither the owner nor the agent brings what was signed to the chain, and pays for it. */
async function carried(stage: Stage, told: Narrator, name: string, data: Hex): Promise<void> {
  const outcome = await stage.evm.call({ from: people.mallory, to: moduleAddress(), data })
  told.expect(outcome.success, `what the owner signed was refused: ${name}`)
  const { total } = transactionGas(data, outcome)
  told.fact(name, outcome.success ? `carried by somebody else, ${told.number(total)} gas` : 'REFUSED', {
    gas: String(total),
  })
}
