/**
 * Gas of a session's operations beside the numbers to reach: `npm run bench:gas`. Δ is the session's operation minus the owner's own
 * operation with the same calls on the same account: both through the real EntryPoint 0.7, one-operation handleOps, whole transactions with 21,000
 * and calldata at 4 and 16, each of them cold, the third in its window, no paymaster. It measures; it is no test.
 */
import { size } from 'viem'
import type { TransactionGas } from '../src/evm/transactionGas.js'
import type { Call } from '../src/policy/Operation.js'
import type { Policy } from '../src/policy/Policy.js'
import { firstOperationOf } from './FirstOperationBench.js'
import { GasBench, lifeOf } from './GasBench.js'
import { textGasOf, type TextGas } from './TextBench.js'
import {
  claim,
  claims,
  commands,
  erc20,
  ether,
  manyRules,
  multisend,
  records,
  rolling,
  routed,
  send,
  swap,
  swapCall,
  transfer,
} from './gasPolicies.js'

/** Where calldata would cost more by its floor (EIP-7623) than what was executed, the row says so. */
const underFloor: string[] = []

const print = (what: string, value: bigint | number, target?: number, more = ''): void => {
  const number = value.toLocaleString('en-US').padStart(9)
  const goal = target === undefined ? '' : `<= ${target.toLocaleString('en-US')}`
  const verdict =
    target === undefined ? '' : value <= target ? 'met' : `${((100 * Number(value)) / target - 100).toFixed(0)}% above`
  console.log(`${what.padEnd(52)}${number}   ${goal.padEnd(12)}${verdict.padEnd(12)}${more}`)
}

const noted = (what: string, gas: TransactionGas): bigint => {
  if (gas.floor > gas.total) underFloor.push(what)
  return gas.total
}

type Delta = { readonly owner: bigint; readonly session: bigint; readonly delta: bigint }

const measure = async (
  what: string,
  bench: GasBench,
  calls: readonly Call[],
  rules: readonly number[],
): Promise<Delta> => {
  const own = noted(what, await bench.asOwner(calls))
  const session = noted(what, await bench.asSession(calls, rules))
  return { owner: own, session, delta: session - own }
}

const both = ({ owner, session }: Delta): string =>
  `owner ${owner.toLocaleString('en-US')}, session ${session.toLocaleString('en-US')}`

console.log(`${'Δ of an operation, gas'.padEnd(52)}${'measured'.padStart(9)}   target`)

const one = await GasBench.open(erc20)
const sent = await measure('ETH transfer', await GasBench.open(ether), [send], [0])
print('ETH transfer: fees, daily budget, expiry, kill word', sent.delta, 15_000, both(sent))
const single = await measure('ERC-20 transfer', one, [transfer()], [0])
print('ERC-20 transfer: the same and the recipient', single.delta, 16_500, both(single))
const swapped = await measure('swap', await GasBench.open(swap), [swapCall], [0])
print('swap: three conditions, a shared budget', swapped.delta, 19_000, both(swapped))
const five = await measure('batch', one, [0, 0, 0, 0, 0].map(transfer), [0, 0, 0, 0, 0])
print('five ERC-20 transfers in a batch, a further call', (five.delta - single.delta) / 4n, 5_000, both(five))

console.log('\nthe rest of the language')
const plainly = async (what: string, policy: Policy, call: Call): Promise<bigint> => {
  const found = await measure(what, await GasBench.open(policy), [call], [0])
  print(what, found.delta, undefined, both(found))
  return found.delta
}
await plainly('ERC-20 transfer, a rolling budget', rolling, transfer())
const claimed = await plainly('every token of a list of one', claims, claim(1))
print('a further token', ((await measure('claim', await GasBench.open(claims), [claim(5)], [0])).delta - claimed) / 4n)
const swapping = await plainly('Universal Router, one command', routed, commands(1))
const three = await measure('commands', await GasBench.open(routed), [commands(3)], [0])
print('a further command', (three.delta - swapping) / 2n)
const carried = await plainly('multisend, one ERC-20 transfer', multisend, records(1))
const more = await measure('multisend', await GasBench.open(multisend), [records(3)], [0])
print('a further transfer in it', (more.delta - carried) / 2n)

console.log('\nmore rules, above one rule')
const ten = await measure('10 rules', await GasBench.open(manyRules(10)), [transfer(4)], [4])
print('10 rules', ten.delta - single.delta, 2_500)
const many = await measure('10,000 rules', await GasBench.open(manyRules(10_000), true), [transfer(4)], [4])
print('10,000 rules (the word of the session placed)', many.delta - single.delta, 12_000)

console.log("\nbytes of an operation's witness, beside the key's signature")
print('one rule, two conditions', size((await GasBench.open(twoConditions())).witness([0])), 180)

console.log(
  "\nthe owner's text carried by the first operation, above a session that the account has granted, tokens pinned",
)
for (const [what, policy, call, rule, target] of [
  ['one rule, ETH', ether, send, 0, 75_000],
  ['one rule, ERC-20', erc20, transfer(), 0, 75_000],
  ['three rules', manyRules(3), transfer(1), 1, undefined],
  ['ten rules', manyRules(10), transfer(4), 4, undefined],
] as const) {
  const { executed, transaction } = await firstOperationOf(policy, call, rule)
  print(what, executed, target, `the whole transaction ${transaction.toLocaleString('en-US')} more`)
}

console.log("\nthe owner's own transactions to the account, gas")
const life = await lifeOf(erc20)
print('install the module', noted('install', life.install), 165_000)
print('grant one rule (not by text: by the account)', noted('grant', life.grant), 75_000)
print('grant ten rules', noted('grant of ten', (await lifeOf(manyRules(10))).grant), 145_000)
print('end every session, the first time', noted('end', life.revokeAll), 40_000)
print('end every session, a later time', noted('end again', life.revokeAgain), 40_000)

console.log(
  "\nby the owner's text: a stranger's transaction to the module, tokens pinned before, beside the account's own grant",
)
const counts = [1, 3, 10] as const
const byText: TextGas[] = []
for (const count of counts) {
  const gas = await textGasOf(manyRules(count))
  const { characters, bytes, printer, reader } = gas
  byText.push(gas)
  const what = count === 1 ? 'activate, one rule' : `activate, ${count} rules`
  const account = noted('grant', (await lifeOf(manyRules(count))).grant)
  const shown = `text ${characters} characters, grant ${bytes} bytes, grant by the account ${account.toLocaleString('en-US')}`
  print(what, noted(what, gas.activate), { 1: 75_000, 10: 145_000 }[count as number], shown)
  print('  printing', printer, 31 * characters, `${(Number(printer) / characters).toFixed(1)} a character of the text`)
  print('  reading', reader, undefined, `${(Number(reader) / bytes).toFixed(1)} a byte of the grant`)
}
const [ending] = byText
if (ending !== undefined) {
  print("pin a token's decimals", noted('pin', ending.pin))
  print('end every session by text', noted('killByText', ending.killByText), 40_000)
  print("renounce by the key's signature", noted('renounce', ending.renounce))
}

if (underFloor.length > 0)
  console.log(`\nSince Prague the floor of EIP-7623 is paid instead for: ${underFloor.join(', ')}.`)

function twoConditions() {
  const [rule] = erc20.rules
  if (rule?.effect !== 'allow') throw new Error('the policy has one rule, which allows')
  const [first] = rule.where
  if (!first) throw new Error('the rule has one condition')
  const amount = rule.charges[0]?.amount
  const limit = { kind: 'constant', constant: { kind: 'number', value: 50_000_000n } } as const
  if (!amount) throw new Error('the rule charges an amount')
  const right = [{ negative: false, scales: [], factors: [limit] }] as const
  return {
    ...erc20,
    rules: [{ ...rule, where: [first, { kind: 'compare', operator: '<=', left: amount, right } as const] }],
  }
}
