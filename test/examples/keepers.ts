import { stringToHex } from 'viem'
import type { Address, Hex } from '../../src/policy/Hex.js'
import type { Call } from '../../src/policy/Operation.js'
import { call, mallory, paidBy, records, send, sponsor, type Steps } from './step.js'

const keeper: Address = '0x00000000000000000000000000000000000feed5'
const multiSend: Address = '0x40a2accbd92bca938b02010e17a5b8929b49130d'
const vaults: Address = '0x00000000000000000000000000000000000ab1e5'
const paused: Address = '0x00000000000000000000000000000000000ba5ed'
const vault: Address = '0x0000000000000000000000000000000000000a01'
const resolver: Address = '0xc6d566a56a1aff6508b41f6c90ff131615583bcd'
const ourName: Hex = `0x${'e7'.repeat(32)}`
const soon = BigInt(Date.parse('2026-11-22T14:20:00Z') / 1000)

const poke = 'function poke(bytes32 feed) external'
const pokeBefore = 'function pokeBefore(bytes32 feed, uint256 deadline) external'
const multiSendCall = 'function multiSend(bytes memory transactions) public payable'
const harvest = 'function harvest(address vault) external'
const rebalance = 'function rebalance(uint256 pool, uint256 flags) external'
const setText = 'function setText(bytes32 node, string calldata key, string calldata value) external'
const setContenthash = 'function setContenthash(bytes32 node, bytes calldata hash) external'
const setAddr = 'function setAddr(bytes32 node, address a) external'
const multicall = 'function multicall(bytes[] calldata data) external returns (bytes[] memory results)'

const feed = (name: string): Hex => stringToHex(name, { size: 32 })
const together = (calls: readonly Call[], operation = 0) => call(multiSend, multiSendCall, [records(calls, operation)])
const harvestOf = (of: Address) => call(vaults, harvest, [of])
const rebalanceBy = (flags: bigint) => call(vaults, rebalance, [3n, flags])
const text = (key: string, value: string, node = ourName) => call(resolver, setText, [node, key, value])
const ipfs: Hex = `0xe3010170${'ab'.repeat(34)}`

/** Examples that keep something going and hold no money. */
export const keepers: Steps = {
  'sponsored-bot': [
    { does: 'poke a feed', calls: [call(keeper, poke, [feed('ETH/USD')])] },
    {
      does: 'poke a feed before a deadline, paid by the sponsor',
      calls: [call(keeper, pokeBefore, [feed('ETH/USD'), soon])],
      fees: paidBy(sponsor),
    },
    { does: 'poke another feed', calls: [call(keeper, poke, [feed('DOGE/USD')])], because: 'condition-failed' },
    {
      does: 'be paid by an unknown sponsor',
      calls: [call(keeper, poke, [feed('BTC/USD')])],
      fees: paidBy(mallory),
      because: 'paymaster-not-allowed',
    },
    {
      does: 'burn gas',
      calls: [call(keeper, poke, [feed('BTC/USD')])],
      fees: { callGasLimit: 300_001n },
      because: 'fee-condition-failed',
    },
    {
      does: 'poke more than five times an hour',
      calls: Array.from({ length: 4 }, () => call(keeper, poke, [feed('BTC/USD')])),
      because: 'meter-exceeded',
    },
    { does: 'give the ether of the account away', calls: [send(mallory, 1n)], because: 'no-rule' },
  ],
  'keeper-batch': [
    {
      does: 'harvest and rebalance in one multisend',
      calls: [together([harvestOf(vault), rebalanceBy(0x05n)])],
      fees: paidBy(sponsor),
    },
    {
      does: 'harvest the paused vault behind another',
      calls: [together([harvestOf(vault), harvestOf(paused)])],
      fees: paidBy(sponsor),
      because: 'nested-call-denied',
    },
    {
      does: 'hand control to other code by a delegate call',
      calls: [together([harvestOf(vault)], 1)],
      fees: paidBy(sponsor),
      because: 'condition-failed',
    },
    {
      does: 'slip a payment into the multisend',
      calls: [together([harvestOf(vault), send(mallory, 1n)])],
      fees: paidBy(sponsor),
      because: 'nested-call-denied',
    },
    {
      does: 'set a flag above the fourth',
      calls: [together([rebalanceBy(0x11n)])],
      fees: paidBy(sponsor),
      because: 'nested-call-denied',
    },
    {
      does: 'leave the lowest flag out',
      calls: [together([rebalanceBy(0x04n)])],
      fees: paidBy(sponsor),
      because: 'nested-call-denied',
    },
    {
      does: 'call a vault outside the multisend',
      calls: [harvestOf(vault)],
      fees: paidBy(sponsor),
      because: 'no-rule',
    },
    {
      does: 'rebalance at night',
      calls: [together([rebalanceBy(0x05n)])],
      at: '2026-11-23 03:00',
      fees: paidBy(sponsor),
      because: 'nested-call-denied',
    },
    { does: 'let the account pay for gas', calls: [together([harvestOf(vault)])], because: 'paymaster-not-allowed' },
  ],
  'name-records': [
    {
      does: 'set the address of a picture and describe the name',
      calls: [text('avatar', 'https://example.org/a.png'), text('description', 'Ünser Name')],
    },
    {
      does: 'publish a page, and take it down again',
      calls: [call(resolver, setContenthash, [ourName, ipfs]), call(resolver, setContenthash, [ourName, '0x'])],
    },
    {
      does: 'point the picture to a script',
      calls: [text('avatar', 'javascript:alert(1)')],
      because: 'condition-failed',
    },
    {
      does: 'set a record that begins like an allowed one',
      calls: [text('url.evil', 'https://example.org')],
      because: 'condition-failed',
    },
    {
      does: 'write into another name',
      calls: [text('url', 'https://example.org', `0x${'11'.repeat(32)}`)],
      because: 'condition-failed',
    },
    {
      does: 'publish a page of another kind',
      calls: [call(resolver, setContenthash, [ourName, '0xe40101'])],
      because: 'condition-failed',
    },
    {
      does: 'write a text of more than 200 bytes',
      calls: [text('description', 'ü'.repeat(101))],
      because: 'condition-failed',
    },
    {
      does: 'point the name to another owner',
      calls: [call(resolver, setAddr, [ourName, mallory])],
      because: 'no-rule',
    },
    {
      does: 'reach the same by a multicall',
      calls: [call(resolver, multicall, [[text('url', 'https://example.org').data]])],
      because: 'no-rule',
    },
    {
      does: 'send ether along',
      calls: [{ ...text('url', 'https://example.org'), value: 1n }],
      because: 'value-not-allowed',
    },
  ],
}
