import { pad } from 'viem'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { USDC, WETH, account, approve, call, ether, mallory, paidBy, sponsor, usdc, type Steps } from './step.js'

const pool: Address = '0xa238dd80c259a72e81d7e4664a9801593f98d1c5'
const messenger: Address = '0x1682ae6375c4e4a97e4b583bc394c861a46d8962'
const rewards: Address = '0xf9cc4f0d883f1a1eb2c253bdb46c254ca51e1f44'
const incentives: Address = '0x4e65fe4dba92790696d040ac24aa414708f5c0ab'
const stETH: Address = '0xae7ab96520de3a18e5e111b5eaab095312d7fe84'
const wstETH: Address = '0x7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0'
const nobody: Address = '0x0000000000000000000000000000000000000000'

const supply = 'function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external'
const withdraw = 'function withdraw(address asset, uint256 amount, address to) external returns (uint256)'
const borrow =
  'function borrow(address asset, uint256 amount, uint256 interestRateMode, uint16 referralCode, address onBehalfOf) external'
const depositForBurn =
  'function depositForBurn(uint256 amount, uint32 destinationDomain, bytes32 mintRecipient, address burnToken) external returns (uint64 _nonce)'
const claimAllRewards =
  'function claimAllRewards(address[] calldata assets, address to) external returns (address[] memory rewardsList, uint256[] memory claimedAmounts)'
const submit = 'function submit(address _referral) external payable returns (uint256)'
const wrap = 'function wrap(uint256 _stETHAmount) external returns (uint256)'

const everything = 2n ** 256n - 1n
const bridge = (amount: string, domain: number, recipient: Hex, token = USDC) =>
  call(messenger, depositForBurn, [usdc(amount), domain, pad(recipient), token])
const claim = (assets: readonly Address[], to: Address) => call(rewards, claimAllRewards, [assets, to])
const stake = (amount: string, referral = nobody) => call(stETH, submit, [referral], ether(amount))

/** Examples that save, stake, bridge and collect. */
export const lending: Steps = {
  savings: [
    {
      does: 'approve and supply 5000 USDC in one operation',
      calls: [call(USDC, approve, [pool, usdc('5000')]), call(pool, supply, [USDC, usdc('5000'), account, 0])],
    },
    { does: 'take everything back', calls: [call(pool, withdraw, [USDC, everything, account])] },
    {
      does: 'supply for somebody else',
      calls: [call(pool, supply, [USDC, 1n, mallory, 0])],
      because: 'condition-failed',
    },
    {
      does: 'withdraw to somebody else',
      calls: [call(pool, withdraw, [WETH, 1n, mallory])],
      because: 'condition-failed',
    },
    { does: 'borrow against the savings', calls: [call(pool, borrow, [USDC, 1n, 2n, 0, account])], because: 'no-rule' },
    {
      does: 'supply more than 10,000 USDC a week',
      calls: [call(pool, supply, [USDC, usdc('5001'), account, 0])],
      because: 'meter-exceeded',
    },
    { does: 'approve a stranger', calls: [call(WETH, approve, [mallory, 1n])], because: 'condition-failed' },
  ],
  bridge: [
    { does: 'move 1500 USDC to its own account on Arbitrum', calls: [bridge('1500', 3, account)] },
    { does: 'move USDC to somebody else', calls: [bridge('1', 3, mallory)], because: 'condition-failed' },
    {
      does: 'move USDC to a chain that the owner did not name',
      calls: [bridge('1', 5, account)],
      because: 'condition-failed',
    },
    { does: 'burn another token', calls: [bridge('1', 0, account, WETH)], because: 'condition-failed' },
    { does: 'move more than 2000 USDC a day', calls: [bridge('501', 0, account)], because: 'meter-exceeded' },
  ],
  'rewards-claimer': [
    { does: 'collect rewards into the account', calls: [claim([incentives], account)], fees: paidBy(sponsor) },
    {
      does: 'collect rewards into another account',
      calls: [claim([incentives], mallory)],
      fees: paidBy(sponsor),
      because: 'condition-failed',
    },
    {
      does: 'collect with no asset named',
      calls: [claim([], account)],
      fees: paidBy(sponsor),
      because: 'condition-failed',
    },
    { does: 'let the account pay for gas', calls: [claim([incentives], account)], because: 'paymaster-not-allowed' },
    {
      does: 'bring a sponsor of its own',
      calls: [claim([incentives], account)],
      fees: paidBy(mallory),
      because: 'paymaster-not-allowed',
    },
    {
      does: 'collect more than four times a day',
      calls: Array.from({ length: 4 }, () => claim([incentives], account)),
      fees: paidBy(sponsor),
      because: 'meter-exceeded',
    },
  ],
  staking: [
    { does: 'stake 5 ether', calls: [stake('5')] },
    {
      does: 'approve and wrap what came out',
      calls: [call(stETH, approve, [wstETH, ether('5')]), call(wstETH, wrap, [ether('5')])],
    },
    { does: 'stake for the bonus of a stranger', calls: [stake('1', mallory)], because: 'condition-failed' },
    { does: 'stake more than 5 ether at once', calls: [stake('5.000000000000000001')], because: 'condition-failed' },
    { does: 'stake more than 8 ether a week', calls: [stake('3.1')], because: 'meter-exceeded' },
    { does: 'approve a stranger', calls: [call(stETH, approve, [mallory, 1n])], because: 'condition-failed' },
    {
      does: 'pay a high price for gas',
      calls: [stake('1')],
      fees: { callGasLimit: 100_000n, verificationGasLimit: 200_000n, maxFeePerGas: 60_000_000_001n },
      because: 'fee-condition-failed',
    },
  ],
}
