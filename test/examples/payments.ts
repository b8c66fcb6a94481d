import type { Address } from '../../src/policy/Hex.js'
import { USDC, approve, call, ether, mallory, send, transfer, usdc, type Steps } from './step.js'

const alice: Address = '0xa11ce00000000000000000000000000000000001'
const bob: Address = '0xb0b0000000000000000000000000000000000002'
const dave: Address = '0xda7e000000000000000000000000000000000004'
const supplier: Address = '0x00000000000000000000000000000000000a9e01'
const disperse: Address = '0xd152f549545093347a162dce210e7293f1452150'
const one: Address = '0x1111111111111111111111111111111111111111'
const two: Address = '0x2222222222222222222222222222222222222222'
const disperseToken = 'function disperseToken(address token, address[] recipients, uint256[] values) external'

const pay = (to: Address, amount: string) => call(USDC, transfer, [to, usdc(amount)])
const share = (token: Address, people: readonly Address[], amounts: readonly string[]) =>
  call(disperse, disperseToken, [token, people, amounts.map(usdc)])

/** Examples that pay people. */
export const payments: Steps = {
  payroll: [
    { does: 'pay Alice and Dave their salaries in one operation', calls: [pay(alice, '3000'), pay(dave, '3000')] },
    { does: 'pay Alice twice in a month', calls: [pay(alice, '3000')], because: 'meter-exceeded' },
    { does: 'pay Bob the salary of Alice', calls: [pay(bob, '3000')], because: 'condition-failed' },
    { does: 'pay a stranger', calls: [pay(mallory, '2500.5')], because: 'condition-failed' },
    {
      does: 'pay Bob, with a stranger behind him',
      calls: [pay(bob, '2500.5'), pay(mallory, '1')],
      because: 'condition-failed',
    },
    { does: 'let a stranger spend the rest', calls: [call(USDC, approve, [mallory, usdc('1')])], because: 'no-rule' },
    { does: 'pay Alice again after a month', calls: [pay(alice, '3000')], at: '2026-12-23 10:00' },
  ],
  'pocket-money': [
    { does: 'give Alice 0.3 ether', calls: [send(alice, ether('0.3'))] },
    {
      does: 'give Alice a wei more than 0.3 ether',
      calls: [send(alice, ether('0.3') + 1n)],
      because: 'per-call-exceeded',
    },
    { does: 'give Bob anything on the first day', calls: [send(bob, 1n)], because: 'rule-not-yet-valid' },
    { does: 'give a stranger a wei', calls: [send(mallory, 1n)], because: 'no-rule' },
    {
      does: 'call Alice, in place of giving her ether',
      calls: [{ ...send(alice, 1n), data: '0xdeadbeef' }],
      because: 'no-rule',
    },
    {
      does: 'split a whole ether',
      calls: Array.from({ length: 4 }, () => send(alice, ether('0.25'))),
      because: 'meter-exceeded',
    },
    { does: 'give Bob 0.3 ether on the second day', calls: [send(bob, ether('0.3'))], at: '2026-11-23 14:00' },
  ],
  'office-hours': [
    { does: 'pay the supplier 900 USDC in office hours', calls: [pay(supplier, '900')] },
    { does: 'pay anyone else 200 USDC', calls: [pay(one, '200')] },
    { does: 'pay anyone else 201 USDC', calls: [pay(one, '201')], because: 'condition-failed' },
    {
      does: 'pay the supplier in the evening',
      calls: [pay(supplier, '1')],
      at: '2026-11-23 17:00',
      because: 'outside-hours',
    },
    {
      does: 'pay the supplier on a Saturday',
      calls: [pay(supplier, '1')],
      at: '2026-11-28 10:00',
      because: 'outside-hours',
    },
    {
      does: 'pay the blocked address',
      calls: [pay('0xbad0000000000000000000000000000000000bad', '1')],
      because: 'denied-by-rule',
    },
    { does: 'burn USDC by paying its own contract', calls: [pay(USDC, '1')], because: 'denied-by-rule' },
  ],
  disperse: [
    { does: 'let Disperse take 100 USDC', calls: [call(USDC, approve, [disperse, usdc('100')])] },
    { does: 'pay two contributors at once', calls: [share(USDC, [one, two], ['50', '20.5'])] },
    {
      does: 'hide a stranger among contributors',
      calls: [share(USDC, [one, mallory], ['50', '1'])],
      because: 'condition-failed',
    },
    { does: 'pay one of them 51 USDC', calls: [share(USDC, [one, two], ['1', '51'])], because: 'condition-failed' },
    { does: 'name more people than amounts', calls: [share(USDC, [one, two], ['1'])], because: 'condition-failed' },
    { does: 'pay in another token', calls: [share(mallory, [one], ['1'])], because: 'condition-failed' },
    {
      does: 'pay more than 400 USDC by many calls in a day',
      calls: Array.from({ length: 7 }, () => share(USDC, [one], ['50'])),
      because: 'meter-exceeded',
    },
    {
      does: 'let a stranger take USDC',
      calls: [call(USDC, approve, [mallory, usdc('1')])],
      because: 'condition-failed',
    },
  ],
}
